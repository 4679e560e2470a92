"""What a side attached to a project by mistake it takes back itself, until acceptance is asked for."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.models import Document
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.models import Milestone, Project
from tests.factories import officer
from tests.programmes.running import OFFICER, finished, member_of, reported, running_project, stone_of, with_record

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def given_by_the_bureau(record: Project | Milestone) -> Document:
    return upload_document(
        actor=OFFICER, entity=record, file=io.BytesIO(b"%PDF-1.7 contract"), name="合同.pdf", no_secrets=True,
        visibility="internal",
    )  # fmt: skip


def test_each_side_takes_back_its_own_and_no_others() -> None:
    project = running_project()
    team, theirs, ours = member_of(project.leader), with_record(project), given_by_the_bureau(project)
    assert allows(team, "withdraw", theirs)
    assert not allows(team, "withdraw", ours)
    assert allows(OFFICER, "withdraw", ours)
    assert not allows(OFFICER, "withdraw", theirs)


def test_nothing_is_taken_back_once_acceptance_is_asked_for() -> None:
    project = running_project()
    document = with_record(project)
    finished(project)
    assert not allows(member_of(project.leader), "withdraw", document)


def test_what_proves_a_milestone_stays_once_it_is_reported() -> None:
    project = running_project()
    stone, team = stone_of(project, 1), member_of(project.leader)
    document = upload_document(
        actor=team, entity=stone, file=io.BytesIO(b"%PDF-1.7 test"), name="检测.pdf", no_secrets=True,
        visibility="internal",
    )  # fmt: skip
    assert allows(team, "withdraw", document)
    reported(project, 1)
    assert not allows(team, "withdraw", document)


def test_the_page_offers_it_to_who_uploaded_alone(signed_in: SignIn) -> None:
    project = running_project()
    document = with_record(project)
    team = signed_in(actor_of(Account.objects.get(pk=project.chief)))
    here, address = (
        reverse("portal:project", args=(project.pk,)),
        reverse("portal:withdraw-document", args=(document.pk,)),
    )
    assert address in team.get(here).content.decode()
    assert address not in signed_in(officer()).get(here).content.decode()
    team = signed_in(actor_of(Account.objects.get(pk=project.chief)))
    assert team.post(address, {"reason": "传错了文件"}).headers["Location"].endswith(here)
    document.refresh_from_db()
    assert document.withdrawn_at is not None
