"""English pages speak English: every sentence is translated, and no code reaches a reader in either language."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client
from django.urls import reverse

import rongtong
from tests.factories import AchievementFactory, PartyFactory, ResourceFactory, member, officer

PACKAGE = Path(rongtong.__file__).parent
MARKERS = ("_", "gettext", "ngettext")
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
OPEN = ("home", "help", "sign-in", "resources", "figures", "describe", "export", "search")
FOR_MEMBERS = ("workbench", "my-demands", "my-leads", "import")
NAMES = {"name": "Kiln Works", "name_en": "Kiln Works"}
EXAMPLES = ("中文", "切换为中文", "是", "否", "宜", "热导率", "抗冲击韧性", "万元")


def visible(body: str) -> str:
    """What a reader can see or hear of a page: text, and the attributes that are read out."""
    body = re.sub(r"<(script|style|datalist).*?</\1>", "", body, flags=re.S)
    spoken = " ".join(re.findall(r'(?:title|placeholder|aria-label|alt|hx-confirm)="([^"]*)"', body))
    return unescape(re.sub(r"<[^>]+>", " ", body)) + " " + unescape(spoken)


def chinese_in(body: str) -> set[str]:
    return {found for found in CHINESE.findall(visible(body)) if found not in EXAMPLES}


def entries() -> list[tuple[str, str]]:
    """(Chinese, English) of the catalogue."""
    pattern = r'^msgid "(.+)"\n(?:msgid_plural ".*"\n)?msgstr(?:\[0\])? "(.*)"$'
    return re.findall(pattern, CATALOGUE.read_text(encoding="utf-8"), re.M)


def test_every_sentence_has_its_english() -> None:
    assert len(entries()) > 400
    assert [source for source, english in entries() if not english] == []


def sentences_of_code() -> Iterator[str]:
    """Every constant sentence that the code hands to gettext."""
    for path in (PACKAGE / folder for folder in ("portal", "domain", "api")):
        for source in path.rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
                    yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant))


def sentences_of_templates() -> Iterator[str]:
    """Every plain sentence of the templates (those with variables are left to the catalogue's own tools)."""
    for source in (PACKAGE / "portal" / "templates").rglob("*.html"):
        yield from (
            found[1] for found in re.findall(r"""(?:translate |_\()(["'])(.+?)\1""", source.read_text(encoding="utf-8"))
        )


def test_no_sentence_of_code_or_templates_is_missing_from_the_catalogue() -> None:
    known = {source for source, _english in entries()}
    told = {json.dumps(text, ensure_ascii=False)[1:-1] for text in (*sentences_of_code(), *sentences_of_templates())}
    assert told - known == set()


def test_placeholders_survive_translation() -> None:
    holder = re.compile(r"%\(\w+\)s")
    assert [s for s, e in entries() if set(holder.findall(s)) != set(holder.findall(e))] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPEN)
def test_no_chinese_is_left_on_an_english_page(name: str, index: ModuleType, settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    body = Client(headers={"Accept-Language": "en"}).get(reverse(f"portal:{name}")).content.decode()
    left = chinese_in(body)
    if name == "help":  # the sources of the taxonomies are names of Chinese documents
        left = chinese_in(body[: body.index('id="sources"')])
    assert left == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_no_chinese_is_left_for_those_who_sign_in(
    name: str, signed_in: Callable[..., Client], index: ModuleType, settings: object
) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    actor = member(PartyFactory(**NAMES))
    body = signed_in(actor, "en").get(reverse(f"portal:{name}")).content.decode()
    assert chinese_in(body.replace(actor.name, "")) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["demand", "achievement", "facility", "policy"])
def test_no_chinese_is_left_in_forms_and_lists(kind: str, signed_in: Callable[..., Client], settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    actor = officer()
    for name in ("list", "create"):
        body = signed_in(actor, "en").get(reverse(f"portal:{name}", args=(kind,))).content.decode()
        # divisions have no English names
        body = re.sub(r'<select name="region".*?</select>|杭州市', "", body, flags=re.S)
        assert chinese_in(body.replace(actor.name, "")) == set()


@pytest.mark.django_db
def test_a_match_in_english_says_everything_but_the_records_in_english(index: ModuleType, settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    words = "The ash discharge of the lime kiln jams at high temperature and has to be cleaned by hand."
    AchievementFactory(
        title="Automatic ash discharge for lime kilns", values={"problem": words}, owner=PartyFactory(**NAMES)
    )
    index.drain()
    demand = ResourceFactory(title="Lime kiln ash", values={"problem": words}, owner=PartyFactory(**NAMES))
    client = Client(headers={"Accept-Language": "en"})
    for name in ("match", "report"):
        assert chinese_in(client.get(reverse(f"portal:{name}", args=(demand.pk,))).content.decode()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_code_reaches_a_reader(language: str, signed_in: Callable[..., Client], index: ModuleType) -> None:
    demand = ResourceFactory(values={"problem": "石灰窑出灰系统高温卡料。", "wanted": ["joint"], "region": "330106"})
    client = signed_in(member(demand.owner), language)
    for address in (
        reverse("portal:record", args=("demand", demand.pk)),
        reverse("portal:match", args=(demand.pk,)),
        reverse("portal:list", args=("demand",)),
    ):
        said = visible(client.get(address).content.decode())
        assert not re.search(r"\b(joint|not_stated|demand_interested|published|330106|registry\.\w+)\b", said)
