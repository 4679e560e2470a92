"""An objection for who filed it without an account and holds its secret link: how it stands, evidence, taking it back.

The secret comes in the query of the link, which no log keeps, and leaves the address at once: its digest stays in the
session for half an hour. Whatever else somebody comes with, a wrong secret or none, is a page that does not exist.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents import links, serving
from rongtong.domain.foundation.documents.actions import withdraw_document
from rongtong.domain.foundation.documents.checks import accepted
from rongtong.domain.foundation.documents.media import ACCEPT
from rongtong.domain.foundation.documents.queries import documents_of, listed
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.foundation.models import Document
from rongtong.domain.programmes.actions import objections as actions
from rongtong.domain.programmes.documents import EVIDENCE
from rongtong.domain.programmes.models import Objection
from rongtong.domain.programmes.queries import deciding
from rongtong.domain.programmes.secret_links import digest_of, holding
from rongtong.domain.programmes.states import OBJECTION
from rongtong.portal.attached import Attached
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, or_404, page, seen_state, unreferred
from rongtong.portal.links import absolute
from rongtong.portal.views.challenge.evidence import attach_all

HELD = "held_objection"
HELD_SECONDS = 1800


def receipt(request: Request, objection: Objection, secret: str) -> HttpResponse:
    """The answer to a filing: number and secret link, shown this once, and which files were not taken."""
    _hold(request, secret)
    context = {
        "objection": objection,
        "number": deciding.receipt_number(objection),
        "address": absolute(request, f"{reverse('portal:objection-receipt')}?{urlencode({'key': secret})}"),
        "left": attach_all(request, holding(request.actor, digest_of(secret)), objection),
    }
    return unreferred(page(request, "challenge/objection_receipt", context))


@require_safe
def link(request: Request) -> HttpResponse:
    """The secret link is opened."""
    secret = request.GET.get("key", "")
    _held(holding(request.actor, digest_of(secret)))
    _hold(request, secret)
    return unreferred(HttpResponseRedirect(reverse("portal:held-objection")))


@require_safe
def detail(request: Request) -> HttpResponse:
    """How the objection stands and what was answered."""
    actor = _holder(request)
    return _page(request, actor, _held(actor))


@require_POST
def attach(request: Request) -> HttpResponse:
    """Add evidence while the objection is open."""
    actor = _holder(request)
    objection = _held(actor)
    if not request.FILES.getlist("evidence"):
        return _page(request, actor, objection, _("请先选择一个文件。"))
    refused = attach_all(request, actor, objection)
    if refused:
        return _page(request, actor, objection, _("这些附件没有收下：%(names)s") % {"names": "；".join(refused)})
    return unreferred(done(request, _("附件已添加。"), reverse("portal:held-objection")))


@require_safe
def fetch_evidence(request: Request, identifier: UUID) -> HttpResponse:
    """On to an address from which who holds the link has a document of it, for some minutes."""
    actor = _holder(request)
    token, _until = links.signed(actor, _evidence(actor, identifier).pk)
    address = reverse("portal:held-evidence-content", args=(identifier,))
    return unreferred(HttpResponseRedirect(f"{address}?link={token}"))


@require_safe
def evidence_content(request: Request, identifier: UUID) -> HttpResponseBase:
    """The content of a document, for who holds both links."""
    actor = _holder(request)
    document = _evidence(actor, identifier)
    return serving.download(actor, document.pk, request.GET.get("link", ""), request.headers.get("Range", ""))


@require_POST
def withdraw_evidence(request: Request, identifier: UUID) -> HttpResponse:
    """Take a document back while the objection is open, with a reason."""
    actor = _holder(request)
    document = _evidence(actor, identifier)
    with Attempt(Invalid, AccessDenied) as attempt:
        withdraw_document(actor=actor, document=document, reason=request.POST.get("reason", ""))
        said = _("已撤回附件“%(name)s”。") % {"name": document.name}
        return unreferred(done(request, said, reverse("portal:held-objection")))
    return _page(request, actor, _held(actor), attempt.message)


@require_POST
def take_back(request: Request) -> HttpResponse:
    """Take the objection back while it is not answered."""
    actor = _holder(request)
    objection = _held(actor)
    with Attempt(IllegalTransition) as attempt:
        actions.take_back_objection(actor=actor, objection=objection, seen_state=seen_state(request))
        return unreferred(done(request, _("异议已撤回。"), reverse("portal:held-objection")))
    return _page(request, actor, _held(actor), attempt.message)


@require_POST
def leave(request: Request) -> HttpResponse:
    """Close the page on a computer that others use: the link is asked for again."""
    request.session.pop(HELD, None)
    return HttpResponseRedirect(reverse("portal:notices"))


def _page(request: Request, actor: Actor, objection: Objection, refusal: str = "") -> HttpResponse:
    request.path = reverse("portal:held-objection")  # its forms lead back there, not to what only takes a form
    audit.shown(actor, "page", [(objection, ["state", "ground", "finding"], "持有提出异议时给出的链接")])
    context = {
        "objection": objection,
        "notice": objection.notice,
        "number": deciding.receipt_number(objection),
        "state": OBJECTION.state(objection.state),
        "evidence": [Attached(each) for each in listed(actor, objection, "page")],
        "open": objection.state in deciding.OPEN_OBJECTION,
        "may_attach": bool(allows(actor, "attach", objection)),
        "refusal": refusal,
        "accept": ACCEPT,
        "accepted": accepted(),
        "most": EVIDENCE.files,
        "limit_mb": settings.ENVIRONMENT.document_limit_mb,
    }
    return unreferred(page(request, "challenge/objection_held", context, status=422 if refusal else 200))


def _hold(request: Request, secret: str) -> None:
    request.session[HELD] = [digest_of(secret), clock.now().timestamp() + HELD_SECONDS]


def _holder(request: Request) -> Actor:
    digest, until = request.session.get(HELD, ["", 0])
    if clock.now().timestamp() > until:
        raise Http404
    return holding(request.actor, digest)


def _evidence(actor: Actor, identifier: UUID) -> Document:
    """A document of the objection that is held; what else its holder may have is no part of this page."""
    return or_404(documents_of(actor, _held(actor)).get, pk=identifier)


def _held(actor: Actor) -> Objection:
    return or_404(deciding.by_link, actor)
