"""A file from upload to the register, as its bringer sees it."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rongtong.domain.registry.exchange import jobs
from rongtong.domain.registry.models import ImportJob, Resource
from tests.factories import member

pytestmark = pytest.mark.django_db
GOOD = "外部编号,成果名称,解决的问题,心得\nA-1,自动出灰装置,石灰窑出灰卡料，人工清理危险，需要自动出灰。,好\n"
BAD = "外部编号,成果名称,解决的问题,自评技术成熟度\nA-1,自动出灰装置,出灰卡料,十二\n"


def upload(client: Client, text: str, **more: str) -> ImportJob:
    file = SimpleUploadedFile("成果.csv", text.encode("gb18030"))
    said = {"kind": "achievement", "file": file, "no_secrets": "on", **more}
    answer = client.post(reverse("portal:import"), said)
    assert answer.status_code == 302, answer.content.decode()
    return ImportJob.objects.get()


@pytest.fixture
def client(signed_in: Callable[..., Client]) -> Client:
    return signed_in(member())


def step(client: Client, job: ImportJob, name: str, **said: str) -> None:
    client.post(reverse("portal:import-step", args=(job.pk, name)), said)


def test_a_file_is_checked_confirmed_and_written(client: Client) -> None:
    job = upload(client, GOOD)
    jobs.run_pending()
    body = client.get(reverse("portal:import-job", args=(job.pk,))).content.decode()
    assert "确认写入" in body and "自动出灰装置" in body
    step(client, job, "confirm")
    jobs.run_pending()
    assert Resource.objects.get().title == "自动出灰装置"
    assert "已导入" in client.get(reverse("portal:import-job", args=(job.pk,))).content.decode()


def test_every_problem_is_listed_by_row_and_column(client: Client) -> None:
    job = upload(client, BAD)
    jobs.run_pending()
    page = client.get(reverse("portal:import-job", args=(job.pk,)))
    assert [(row["row"], row["label"]) for row in page.context["problems"]] == [(2, "自评技术成熟度")]
    report = client.get(reverse("portal:import-report", args=(job.pk,)))
    assert "十二" in b"".join(report.streaming_content).decode("utf-8-sig")
    assert not Resource.objects.exists()


def test_a_mapping_is_remembered_for_the_next_file(client: Client) -> None:
    job = upload(client, GOOD)
    headers = list(job.columns)
    said = {f"column-{number}": key for number, key in enumerate(job.columns.values())}
    step(client, job, "map", **said | {f"column-{headers.index('心得')}": "principle"})
    ImportJob.objects.all().delete()
    assert upload(client, GOOD).columns["心得"] == "principle"


def test_two_columns_for_one_field_are_refused_with_the_reason(client: Client) -> None:
    job = upload(client, GOOD)
    answer = client.post(
        reverse("portal:import-step", args=(job.pk, "map")),
        {f"column-{number}": "title" for number in range(len(job.columns))},
        follow=True,
    )
    assert "只能保留一列" in answer.content.decode()


def test_without_the_declaration_nothing_is_taken(client: Client) -> None:
    file = SimpleUploadedFile("成果.csv", GOOD.encode())
    answer = client.post(reverse("portal:import"), {"kind": "achievement", "file": file})
    assert answer.status_code == 422
    assert "不涉及国家秘密" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_file_can_be_given_up(client: Client) -> None:
    job = upload(client, GOOD)
    step(client, job, "cancel")
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_file_is_nobody_elses_business(client: Client, signed_in: Callable[..., Client]) -> None:
    job = upload(client, GOOD)
    other = signed_in(member())
    assert other.get(reverse("portal:import-job", args=(job.pk,))).status_code == 404
    assert "成果.csv" not in other.get(reverse("portal:import")).content.decode()


def test_while_it_runs_the_page_asks_again(client: Client) -> None:
    job = upload(client, GOOD)
    part = client.get(reverse("portal:import-job", args=(job.pk,)), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1500ms"' in part and "<html" not in part
