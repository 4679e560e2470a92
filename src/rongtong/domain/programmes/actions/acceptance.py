"""Acceptance and after: what users sign when they tried the result, and what became of it in the years that follow."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.holding import held
from rongtong.domain.programmes.judging import cleaned, reached_problems
from rongtong.domain.programmes.models import FollowUp, MarketTest, Project

STAGES: dict[str, Words] = {
    "idle": Words("尚未应用", "Not in use yet"),
    "trial": Words("试用", "On trial"),
    "pilot": Words("中试", "Pilot"),
    "use": Words("已应用", "In use"),
    "production": Words("批量生产", "In production"),
    "licensed": Words("已许可或转让", "Licensed or sold"),
    "ended": Words("已停止", "Given up"),
}
FOLLOWED = ("accepted", "archived")
LONGEST = 4000


@action("programmes.sign_market_test")
def sign_market_test(
    *,
    actor: Actor,
    project: Project,
    conditions: str,
    passed: bool,
    reached: Sequence[Mapping[str, Any]] = (),
    opinion: str = "",
) -> MarketTest:
    """An examiner signs what it found when it used the result: under which ``conditions``, what was reached, whether
    it holds. One for each user; one that said no signs anew when acceptance is asked for again.

    Raises Invalid with every problem, IllegalTransition outside acceptance, AccessDenied for who is no examiner.
    """
    locked = held(project)
    test = MarketTest(
        project=locked,
        party_id=cast(UUID, actor.party),  # who acts for none is refused below
        conditions=conditions.strip(),
        passed=passed,
        opinion=opinion.strip(),
        reached=cleaned(locked.topic.metrics, reached),
        signed_by=actor.name,
    )
    require(actor, "sign", test)
    _raise(_test_problems(locked, test))
    if locked.state != "acceptance":
        raise IllegalTransition(_("项目申请验收之后，使用方才能签署应用验证。"))
    known = locked.market_tests.filter(party_id=test.party_id).first()
    if known is not None and (known.passed or known.signed_at >= locked.state_since):
        raise IllegalTransition(_("贵单位已经签署过。"))
    if known is not None:
        test.id, before = known.id, {"passed": known.passed, "opinion": known.opinion, "conditions": known.conditions}
    else:
        before = {}
    test.save(force_insert=known is None, force_update=known is not None)
    audit.record(actor, "programmes.sign_market_test", test, passed=passed, before=before)
    return test


@action("programmes.report_follow_up")
def report_follow_up(
    *, actor: Actor, project: Project, year: int, stage: str, sales: int = 0, text: str = ""
) -> FollowUp:
    """What became of an accepted result in ``year``: the stage of its use, ``sales`` in fen, what stands in its way."""
    locked = held(project)
    told = FollowUp(project=locked, year=year, stage=stage, sales=sales, text=text.strip(), reported_by=actor.name)
    require(actor, "report", told)
    if locked.state not in FOLLOWED or locked.accepted_on is None:
        raise IllegalTransition(_("验收之后才填报转化情况。"))
    problems = [] if stage in STAGES else [Problem("stage", _("请选择转化阶段。"))]
    if sales < 0:
        problems.append(Problem("sales", _("金额不能小于零。")))
    if not locked.accepted_on.year <= year <= clock.today().year:
        problems.append(Problem("year", _("年度应在验收之后、今年之前（含今年）。")))
    if len(told.text) > LONGEST:
        problems.append(Problem("text", _("最多 %(most)s 字。") % {"most": LONGEST}))
    _raise(problems)
    if locked.follow_ups.filter(year=year).exists():
        raise IllegalTransition(_("这一年的转化情况已经填报。"))
    told.save(force_insert=True)
    audit.record(actor, "programmes.report_follow_up", told, year=year, stage=stage, sales=sales)
    return told


def _test_problems(project: Project, test: MarketTest) -> list[Problem]:
    found = []
    if not 0 < len(test.conditions) <= LONGEST:
        found.append(Problem("conditions", _("请写明在什么条件下试用、用了多久。")))
    if not test.passed and not test.opinion:
        found.append(Problem("opinion", _("没有通过的，请写明原因。")))
    return [*found, *reached_problems(project.topic.metrics, test.reached, complete=False)]


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
