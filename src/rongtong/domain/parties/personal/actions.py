"""Asking for one's data, having it erased, and the human decision behind a machine's judgement."""

from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.parties.conferring import check_left, current, lock
from rongtong.domain.parties.models import Account, Party, PersonalRequest, RoleGrant
from rongtong.domain.parties.models.personal import REQUESTS
from rongtong.domain.parties.personal.parts import parts
from rongtong.domain.parties.personal.queries import person_of
from rongtong.domain.parties.states import REQUEST


@action("parties.ask_personal")
def ask_personal(*, actor: Actor, kind: str, text: str = "", about: str = "") -> PersonalRequest:
    """Ask for something about one's own data (``kind`` in REQUESTS); an open request of the same kind is answered.

    Raises Invalid, AccessDenied when nobody in person is signed in.
    """
    if kind not in REQUESTS:
        raise Invalid(_("没有这类请求。"))
    if kind != "erasure" and not text.strip():
        raise Invalid(_("请写明要更正或说明什么。"), [Problem("text", _("请写明要更正或说明什么。"))])
    person = _required_person(actor)
    Party.objects.select_for_update().get(pk=person.pk)
    asked = PersonalRequest(
        person=person, account=actor.account or 0, kind=kind, text=text.strip()[:2000], about=about[:120]
    )
    require(actor, "ask", asked)
    known = PersonalRequest.objects.filter(person=person, kind=kind, about=asked.about, state="asked").first()
    if known is None:
        asked.save(force_insert=True)
    audit.record(actor, "parties.ask_personal", known or asked, kind=kind, again=known is not None)
    return known or asked


@action("parties.take_back_personal")
def take_back_personal(*, actor: Actor, request: PersonalRequest) -> PersonalRequest:
    """Take a request back that has not been answered."""
    return advance(REQUEST, request, "take_back", actor=actor)


@action("parties.answer_personal")
def answer_personal(*, actor: Actor, request: PersonalRequest, event: str, answer: str) -> PersonalRequest:
    """Fulfil or refuse a request, with the answer that the person reads; fulfilling an erasure erases."""
    moved = advance(REQUEST, request, event, actor=actor, reason=answer)
    moved.answer, moved.answered_by = answer.strip()[:2000], actor.name
    moved.save(update_fields=["answer", "answered_by"])
    if moved.kind == "erasure" and event == "fulfil":
        _erase(actor, moved.person)
    return moved


@action("parties.hand_out_personal")
def hand_out_personal(*, actor: Actor) -> dict[str, Any]:
    """Everything held of the person who asks, part by part, as JSON: the copy they may have of it."""
    person = _required_person(actor)
    accounts = list(Account.objects.filter(person=person))
    audit.record(actor, "parties.hand_out_personal", person)
    return {
        "person": str(person.pk),
        "parts": [
            {"part": part.key, "label": str(part.label), "rows": part.gather(person, accounts)} for part in parts()
        ],
    }


def _erase(actor: Actor, person: Party) -> None:
    """Redact every part that is not kept by law. The shell stays, so that what was done with it stays true.

    A role that must be held is handed over first. The apps that know the person by name and number go before the
    profile in which these stand.
    """
    grants = lock(list(current(RoleGrant.objects.filter(account__person=person))))
    check_left(grants)
    counts = {part.key: part.erase(actor, person) for part in reversed(parts()) if part.erase}
    audit.record(actor, "parties.erase_person", person, counts=counts)


def _required_person(actor: Actor) -> Party:
    person = person_of(actor)
    if person is None:
        raise AccessDenied(_("这个账号没有对应的个人，不能办理个人信息请求。"))
    return person
