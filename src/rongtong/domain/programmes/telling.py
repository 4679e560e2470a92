"""Which step of a challenge tells whom what.

Before the opening of a topic's box nobody is told of a submission but its applicant; what reviewers do is told to nobody
who could learn from it which of them did it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from rongtong.domain.foundation.words import Words
from rongtong.domain.mailbox.models import Message
from rongtong.domain.mailbox.telling import (
    About,
    Recipient,
    Saying,
    announce,
    call_nameless,
    officers_of,
    people_of,
    person,
)
from rongtong.domain.programmes.models import Change, Milestone, Obligation, Project, Seat, Submission, Topic
from rongtong.domain.programmes.queries.waiting import root_of, tellable
from rongtong.domain.programmes.states import UNSEALED

Audience = Callable[[Any], Iterable[Recipient]]


def about(record: Any) -> About:
    """The topic under which a record stands, by its title; whether that title may be told outside."""
    return About(str(root_of(record)), tellable(record), _detail(record))


def _detail(record: Any) -> str:
    """What tells one record of a topic from another, for those who are told of it at all."""
    if isinstance(record, Milestone):
        return record.title
    if isinstance(record, Obligation):
        return record.milestone.title if record.milestone else ""
    return ""


def _applicant(submission: Submission) -> list[Recipient]:
    return people_of(submission.applicant_id)


def _applicants(record: Any) -> list[Recipient]:
    """Those whose submissions were opened: of the others only the applicant knows that there is one."""
    topic = root_of(record)
    opened = Submission.objects.filter(topic_id=topic.pk, state__in=UNSEALED)
    return people_of(*opened.values_list("applicant_id", flat=True).distinct())


def _bidders(topic: Topic) -> list[Recipient]:
    """Whoever has begun a submission, sealed it or took it back: each is told alone, nobody learns of another."""
    begun = Submission.objects.filter(topic=topic, state__in=("draft", "sealed", "withdrawn"))
    return people_of(*begun.values_list("applicant_id", flat=True))


def _matched(topic: Topic) -> list[Recipient]:
    """Who was told that the topic may suit them."""
    told = Message.objects.filter(key="topic.matched", kind=topic._meta.label_lower, entity=str(topic.pk))
    return [Recipient(account, seat) for account, seat in told.values_list("account_id", "seat")]


def _setter(record: Any) -> list[Recipient]:
    topic = root_of(record)
    return people_of(topic.setter_id) if isinstance(topic, Topic) else []


def _officers(record: Any) -> list[Recipient]:
    return officers_of(root_of(record).region)


def _project(record: Any) -> Project:
    return record if isinstance(record, Project) else record.project


def _team(record: Any) -> list[Recipient]:
    return people_of(_project(record).leader_id)


def _setter_of_money(change: Change) -> list[Recipient]:
    """The setter, where the change is one of the total: its money may be part of it."""
    return people_of(change.project.setter) if change.kind == "budget" else []


def _sides_of_change(change: Change) -> list[Recipient]:
    return [*_team(change), *_setter_of_money(change)]


def _examiners(record: Any) -> list[Recipient]:
    return people_of(*_project(record).topic.examiners.values_list("party_id", flat=True))


def _keeper(record: Any) -> list[Recipient]:
    return person(_project(record).finance_keeper)


def _sitting(seat: Seat) -> list[Recipient]:
    return person(seat.account)


def _panel(round_: Any) -> list[Recipient]:
    return person(*round_.seats.filter(state="accepted").values_list("account", flat=True))


def _objector(objection: Any) -> list[Recipient]:
    return person(objection.account)


def _payer(obligation: Obligation) -> list[Recipient]:
    return people_of(obligation.payer_id) if obligation.purse == "setter" else _officers(obligation)


def _payee(obligation: Obligation) -> list[Recipient]:
    return people_of(obligation.payee_id)


def _all(*audiences: Audience) -> Audience:
    return lambda record: [each for audience in audiences for each in audience(record)]


def _says(zh: str, en: str, audience: Audience, *, receipt: bool = False) -> Saying:
    return Saying(Words(zh, en), audience, about, receipt)


call_nameless("programmes.", Words("一条榜题", "a topic"))
announce(
    {
        "topic.submit": _says("{title}提交论证，等待处理", "{title} was submitted to argument", _officers),
        "topic.return": _says("{title}被退回修改", "{title} was returned to you", _setter),
        "topic.approve": _says("{title}已通过论证", "{title} was approved", _setter),
        "topic.publish": _says("{title}已发榜", "{title} was published", _setter),
        "topic.matched": _says("{title}可能适合您，可以揭榜", "{title} may suit you: you can answer it", lambda topic: []),
        "topic.open": _says("{title}开始受理揭榜", "{title} now takes submissions", _setter),
        "topic.close": _says("{title}已截止，请按时启封", "{title} is closed: open the box in time", _officers),
        "topic.postpone": _says("{title}的截止时间已延后，原因见榜题页", "The deadline of {title} was postponed; its page says why", _all(_bidders, _matched, _setter, _officers)),
        "topic.unseal": _says("{title}已启封", "The box of {title} was opened", _setter),
        "topic.reissue": _says("{title}未能继续，重新发榜", "{title} is reissued", _setter),
        "topic.cancel": _says("{title}已取消", "{title} was cancelled", _setter),
        "topic.rank": _says("{title}评审完成", "The review of {title} is complete", _setter),
        "topic.award": _says("{title}已立项", "{title} was awarded", _setter),
        "submission.seal": _says("您对{title}的揭榜申请已封存，回执可在申请页下载", "Your submission to {title} is sealed; its page holds the receipt", _applicant, receipt=True),
        "submission.withdraw": _says("您对{title}的揭榜申请已撤回", "Your submission to {title} was withdrawn", _applicant, receipt=True),
        "submission.lapse": _says("您对{title}的草稿逾期未提交，已失效", "Your draft for {title} was not submitted in time", _applicant),
        "submission.return_unopened": _says("您对{title}的揭榜申请未启封退回", "Your submission to {title} was returned unopened", _applicant),
        "submission.unseal": _says("您对{title}的揭榜申请已启封，进入形式审查", "Your submission to {title} was opened and is being checked", _applicant),
        "submission.pass_form": _says("您对{title}的揭榜申请通过形式审查", "Your submission to {title} is formally in order", _applicant),
        "submission.reject_form": _says("您对{title}的揭榜申请未通过形式审查，理由见申请页", "Your submission to {title} was formally rejected; its page says why", _applicant),
        "submission.propose": _says("您对{title}的揭榜申请拟立项，公示后确定", "Your submission to {title} is proposed, subject to the notice", _applicant),
        "submission.reserve": _says("您对{title}的揭榜申请列为候补", "Your submission to {title} is in reserve", _applicant),
        "submission.pass_over": _says("您对{title}的揭榜申请未入选，理由见申请页", "Your submission to {title} was not chosen; its page says why", _applicant),
        "submission.award": _says("您对{title}的揭榜申请已立项", "Your submission to {title} was awarded", _applicant),
        "submission.decline": _says("{title}未予立项，评审意见可在申请页查看", "{title} was not awarded to you; the opinions can be read", _applicant),
        "submission.step_up": _says("您对{title}的揭榜申请递补立项", "Your submission to {title} steps up and is awarded", _applicant),
        "seat.invite": _says("邀请您评审{title}，请答复", "You are invited to review {title}: please answer", _sitting),
        "seat.replace": _says("您不再参加{title}的评审", "You no longer review {title}", _sitting),
        "round.open": _says("{title}开始评审，请在期限内签署意见", "The review of {title} has begun: sign in time", _panel),
        "notice.overturn": _says("{title}的公示已撤销", "The notice on {title} was overturned", _all(_setter, _applicants)),
        "topic.notice": _says("{title}的结果开始公示", "The result of {title} is under public notice", _all(_setter, _applicants)),
        "objection.file": _says("{title}的公示收到异议，请在期限内办理", "An objection to {title} was raised: answer in time", _officers),
        "objection.admit": _says("您对{title}的异议已受理", "Your objection to {title} was admitted", _objector),
        "objection.dismiss": _says("您对{title}的异议不予受理，理由见异议页", "Your objection to {title} is inadmissible; its page says why", _objector),
        "objection.uphold": _says("您对{title}的异议成立", "Your objection to {title} was upheld", _objector),
        "objection.reject": _says("您对{title}的异议不成立，理由见异议页", "Your objection to {title} was rejected; its page says why", _objector),
        "project.contract": _says("{title}的项目已签约", "The project of {title} is contracted", _all(_team, _setter)),
        "project.start": _says("{title}的项目已启动", "The project of {title} was started", _all(_team, _setter)),
        "project.suspend": _says("{title}的项目已暂停", "The project of {title} was suspended", _all(_team, _setter)),
        "project.resume": _says("{title}的项目已恢复", "The project of {title} was resumed", _all(_team, _setter)),
        "project.eliminate": _says("{title}的项目在赛马中淘汰，成果仍归您", "Your project of {title} leaves the race; its results stay yours", _team),
        "project.ask_acceptance": _says("{title}的项目申请验收", "A project of {title} asks for acceptance", _all(_officers, _setter, _examiners)),
        "project.accept": _says("{title}的项目通过验收", "The project of {title} was accepted", _all(_team, _setter)),
        "project.accept_on_conditions": _says("{title}的项目须限期整改", "The project of {title} has conditions to meet", _all(_team, _setter)),
        "project.fail": _says("{title}的项目未成功，可提交尽职材料", "The project of {title} failed; diligence can be shown", _all(_team, _setter)),
        "project.exempt": _says("{title}的项目认定尽职免责", "The project of {title} is exempt as diligent", _all(_team, _setter)),
        "project.breach": _says("{title}的项目认定违约", "The project of {title} was found in breach", _all(_team, _setter)),
        "project.terminate": _says("{title}的项目已终止", "The project of {title} was terminated", _all(_team, _setter)),
        "milestone.fall_due": _says("{title}有里程碑到期，请提交进展", "A milestone of {title} is due: report on it", _team),
        "milestone.report": _says("{title}有里程碑待查验", "A milestone of {title} waits to be examined", _officers),
        "milestone.pass": _says("{title}的里程碑查验通过", "A milestone of {title} was passed", _all(_team, _setter)),
        "milestone.rework": _says("{title}的里程碑须补正", "A milestone of {title} is to be reworked", _team),
        "milestone.fail": _says("{title}的里程碑未通过", "A milestone of {title} failed", _all(_team, _setter)),
        "change.approve": _says("{title}的项目变更已批准", "A change of {title} was approved", _sides_of_change),
        "change.refuse": _says("{title}的项目变更未批准", "A change of {title} was refused", _team),
        "change.ask": _says("{title}的项目申请变更", "A project of {title} asks for a change", _all(_officers, _setter_of_money)),
        "obligation.arise": _says("{title}有一笔款项应付", "A payment of {title} became due", _all(_payer, _payee)),
        "obligation.pay": _says("{title}的一笔款项已登记付款，请核对到账", "A payment of {title} was recorded: check that it came in", _all(_payee, _keeper)),
        "obligation.cancel": _says("{title}的一笔应付款已取消", "A payment of {title} was cancelled", _all(_payer, _payee)),
    }
)  # fmt: skip
