"""Sealed boxes for people: an officer's key, the opening by two, its protocol, receipts and their verification."""

from typing import Any, TypedDict
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import DomainError, Invalid
from rongtong.domain.foundation.models import BoxCustodian, Envelope, OpeningProtocol, SealedBox, SealKey
from rongtong.domain.foundation.sealing import actions, clock, locks, openings, protocols, queries, receipts
from rongtong.domain.foundation.sealing.receipts import MOST_BYTES, Standing
from rongtong.domain.foundation.sealing.states import BOX, ENVELOPE
from rongtong.domain.foundation.transitions import State
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.seats import seats
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, found_or_404, page, uuid_or_404

RESULTS = {
    "opened": Words("已开启，校验无误", "Opened, every check passed"),
    "damaged": Words("密文损坏，无法开启", "The ciphertext is damaged and does not open"),
    "altered": Words("登记信息被改动过", "What was registered has been altered"),
    "missing": Words("曾登记投递，现已缺失", "Was registered as handed in and is missing"),
    "withdrawn": Words("投递单位已撤回，未开启", "Withdrawn by its submitter, not opened"),
    "replaced": Words("已被新版本替换，未开启", "Replaced by a newer version, not opened"),
}
TONES = {"opened": "success", "damaged": "danger", "altered": "danger", "missing": "danger"}
CHECKS = {
    "receipt": Words("回执签名", "Signature of the receipt"),
    "ciphertext": Words("密文散列", "Hash of the ciphertext"),
    "content": Words("内容承诺", "Commitment to the content"),
    "state": Words("撤回或替换的签名", "Signature of the withdrawal or replacement"),
    "present": Words("登记在案", "Present in the register"),
}


@sensitive_post_parameters("passphrase", "again", "wanted", "wanted_again")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seal_key(request: Request) -> HttpResponse:
    """An officer's key: enrol it, change its passphrase, revoke it; and the boxes that wait for it."""
    require(request.actor, "create", SealKey(account=request.actor.account or 0))
    attempt = Attempt(DomainError)
    if request.method == "POST":
        with attempt:
            messages.success(request, _settle(request))
            return HttpResponseRedirect(reverse("portal:seal-key"))
    now = timezone.now()
    boxes = [(box, _state(box), box.opens_at <= now) for box in queries.boxes_to_open(request.actor)]
    context = {"failed": attempt.message, "key": queries.own_key(request.actor), "boxes": boxes}
    return page(request, "sealing/seal_key", context, status=attempt.status)


@sensitive_post_parameters("passphrase", "witness_passphrase")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_box(request: Request, identifier: UUID) -> HttpResponse:
    """The ceremony: what must hold before, two passphrases, and on to the protocol."""
    box = found_or_404(request, "open", SealedBox.objects.all(), identifier)
    if box.state == "opened":
        return HttpResponseRedirect(reverse("portal:opening-protocol", args=(box.pk,)))
    attempt = Attempt(DomainError)
    if request.method == "POST":
        with attempt:
            actions.open_box(actor=request.actor, box=box, **both_officers(request, box))
            return HttpResponseRedirect(reverse("portal:opening-protocol", args=(box.pk,)))
    return page(request, "sealing/open", ceremony(request, box, attempt.message), status=attempt.status)


@login_required
@require_safe
def protocol(request: Request, identifier: UUID) -> HttpResponse:
    """What was done and found at an opening, to be printed and signed by hand."""
    kept = OpeningProtocol.objects.select_related("box")
    found = kept.filter(box=identifier).first()
    written = found_or_404(request, "view", kept, found.pk if found else identifier)
    ground = allows(request.actor, "view", written).ground
    audit.shown(request.actor, "page", [(written, ["officers", "results"], ground.zh if ground else "")])
    context = {
        "protocol": written,
        "box": written.box,
        "holds": protocols.holds(written),
        "names": [who["name"] for who in written.officers],
        "results": [_row(entry) for entry in written.results],
        "count": sum(entry["result"] == "opened" for entry in written.results),
    }
    return page(request, "sealing/protocol", context)


@login_required
@require_safe
def receipt(request: Request, identifier: UUID) -> HttpResponse:
    """The receipt of one's own envelope, and how it stands."""
    envelope = _own_envelope(request, identifier)
    context = {"envelope": envelope, "box": envelope.box, "state": ENVELOPE.state(envelope.state)}
    return page(request, "sealing/receipt", context)


@login_required
@require_safe
def receipt_file(request: Request, identifier: UUID) -> HttpResponse:
    """The receipt as a file to keep."""
    envelope = _own_envelope(request, identifier)
    answer = JsonResponse(receipts.receipt(envelope), json_dumps_params={"indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{envelope.pk}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Whether a receipt is one of this platform's, word for word. Anyone may ask; the register is not."""
    if request.method != "POST":
        return page(request, "sealing/verify", {})
    written = _written(request)
    verdict = receipts.verify_receipt(written)
    context = {
        "standing": verdict.standing,
        "says": verdict.says,
        "sealed_at": parse_datetime(verdict.says["sealed_at"]) if verdict.standing == Standing.VALID else None,
        "pasted": written.decode(errors="replace"),
    }
    return page(request, "sealing/verify", context)


def _settle(request: Request) -> str:
    """Do what the form on the page of the key asks for; what to say of it."""
    given, key = request.POST, queries.own_key(request.actor)
    if given.get("step") == "enrol":
        _same(given.get("passphrase", ""), given.get("again", ""))
        actions.enrol_seal_key(actor=request.actor, passphrase=given.get("passphrase", ""))
        return _("开箱密钥已登记。请记住口令，它不能找回。")
    if key is None:
        raise Invalid(_("您还没有开箱密钥。"))
    if given.get("step") == "revoke":
        actions.revoke_seal_key(actor=request.actor, key=key, reason=given.get("reason", ""))
        return _("开箱密钥已停用。")
    _same(given.get("wanted", ""), given.get("wanted_again", ""))
    actions.change_passphrase(
        actor=request.actor, key=key, passphrase=given.get("passphrase", ""), wanted=given.get("wanted", "")
    )
    return _("口令已更换。")


def _same(first: str, again: str) -> None:
    if first != again:
        raise Invalid(_("两次输入的口令不一致。"))


class Officers(TypedDict):
    """What two officers give to open a box together."""

    passphrase: str
    witness: Actor
    witness_passphrase: str


def both_officers(request: Request, box: SealedBox) -> Officers:
    """What the form of an opening says. Raises Invalid where it names no second officer."""
    given = request.POST
    return {
        "passphrase": given.get("passphrase", ""),
        "witness": _witness_of(box, uuid_or_404(given.get("witness", ""))),
        "witness_passphrase": given.get("witness_passphrase", ""),
    }


def _witness_of(box: SealedBox, custodian: UUID) -> Actor:
    """The second officer, in the seat in which they are one."""
    chosen = BoxCustodian.objects.filter(box=box, pk=custodian).first()
    account = Account.objects.filter(pk=chosen.account).first() if chosen else None
    if account is None:
        raise Invalid(_("请选择另一位开箱人。"))
    held = seats(account) if account.is_active else []
    seat = next((seat for seat in held if Role.OFFICER in seat.roles), None)
    return seat.actor(account) if seat else Actor(name=account.display_name, account=account.pk)


def ceremony(request: Request, box: SealedBox, failed: str) -> dict[str, Any]:
    """What the page of an opening shows: what must hold before, and who may be the second officer."""
    custodians = list(queries.usable_custodians(box))
    others = [each for each in custodians if each.account != request.actor.account]
    checklist = [
        (clock.has_come(box.closes_at), _("已过截止时间，不再收件")),
        (clock.has_come(box.opens_at), _("已到开启时间")),
        (locks.genuine(box), _("设置与建立时一致，签名有效")),
        (len(others) < len(custodians), _("您的开箱密钥可用")),
        (bool(others), _("另有至少一位开箱人的密钥可用")),
    ]
    objection = openings.objection(box) if clock.has_come(box.opens_at) else None
    if objection:
        checklist.append((False, objection))
    return {
        "box": box,
        "state": _state(box),
        "checklist": checklist,
        "ready": all(holds for holds, _said in checklist) and not BOX.state(box.state).end,
        "others": others,
        "chosen": request.POST.get("witness", ""),
        "failed": failed,
        "now": timezone.now(),
    }


def _state(box: SealedBox) -> State:
    """How a box stands by the clock; the worker marks it a little later."""
    over = box.state == "open" and box.closes_at <= timezone.now()
    return BOX.state("closed" if over else box.state)


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    checks = [(CHECKS[name], holds) for name, holds in entry["checks"].items()]
    return entry | {
        "said": RESULTS[entry["result"]],
        "tone": TONES.get(entry["result"], ""),
        "checks": checks,
        "at": parse_datetime(entry["sealed_at"]),
    }


def _own_envelope(request: Request, identifier: UUID) -> Envelope:
    own = Envelope.objects.select_related("box").filter(party=request.actor.party or UUID(int=0))
    return found_or_404(request, "view", own, identifier)


def _written(request: Request) -> bytes:
    file = request.FILES.get("file")
    if file is not None:
        return bytes(file.read(MOST_BYTES + 1))
    return request.POST.get("receipt", "").encode()[: MOST_BYTES + 1]
