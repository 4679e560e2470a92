"""Objections for who filed them and for who answers them."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.documents.checks import accepted
from rongtong.domain.foundation.documents.media import ACCEPT
from rongtong.domain.foundation.documents.queries import listed
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.programmes.actions import objections as actions
from rongtong.domain.programmes.models import Objection
from rongtong.domain.programmes.queries import deciding
from rongtong.domain.programmes.states import OBJECTION
from rongtong.portal.attached import Attached
from rongtong.portal.challenging import steps_open
from rongtong.portal.history import acts_of
from rongtong.portal.http import Request, done, found_or_404, page, paged, seen_state, step_in
from rongtong.portal.views.challenge.evidence import attach_all


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """The objections that the reader may read: what is to be answered by its day, or what was."""
    open_ = request.GET.get("over") != "1"
    rows = paged(request, deciding.objections(request.actor, open_=open_))
    waiting, late = deciding.counts_of_objections(request.actor)
    context = {
        "page": rows,
        "total": rows.paginator.count,
        "rows": [(each, OBJECTION.state(each.state), _is_late(each)) for each in rows],
        "open": open_,
        "waiting": waiting,
        "late": late,
    }
    return page(request, "challenge/objections", context)


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """What is objected, with what evidence, and what was answered."""
    objection = _objection_or_404(request, identifier)
    ground = allows(request.actor, "view", objection).ground
    audit.shown(request.actor, "page", [(objection, ["name", "contact", "ground"], ground.zh if ground else "")])
    own = objection.account == request.actor.account
    answering = steps_open(OBJECTION, request.actor, objection, actions.ANSWERS)
    context = {
        "objection": objection,
        "notice": objection.notice,
        "topic": objection.notice.topic,
        "state": OBJECTION.state(objection.state),
        "number": deciding.receipt_number(objection),
        "late": _is_late(objection),
        "evidence": [Attached(each) for each in listed(request.actor, objection, "page")],
        "answering": answering,
        "may_take_back": own and objection.state in deciding.OPEN_OBJECTION,
        "may_attach": bool(allows(request.actor, "attach", objection)),
        "accept": ACCEPT,
        "accepted": accepted(),
        "limit_mb": settings.ENVIRONMENT.document_limit_mb,
        "overturns": objection.notice.topic.state == "noticed" and objection.notice.state != "overturned",
        "history": acts_of(objection.pk),
    }
    return page(request, "challenge/objection", context)


@login_required
@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Admit, dismiss, uphold or reject."""
    objection = _objection_or_404(request, identifier)
    moved = actions.advance_objection(actor=request.actor, objection=objection, **step_in(request))
    said = _("异议现在是“%(state)s”。") % {"state": OBJECTION.state(moved.state).label}
    return done(request, said, _address(moved))


@login_required
@require_POST
def take_back(request: Request, identifier: UUID) -> HttpResponse:
    """Take one's own objection back."""
    objection = _objection_or_404(request, identifier)
    moved = actions.take_back_objection(actor=request.actor, objection=objection, seen_state=seen_state(request))
    return done(request, _("异议已撤回。"), _address(moved))


@login_required
@require_POST
def attach(request: Request, identifier: UUID) -> HttpResponse:
    """Add evidence to one's own objection while it is open."""
    objection = _objection_or_404(request, identifier)
    if not request.FILES.getlist("evidence"):
        raise Invalid(_("请先选择一个文件。"))
    refused = attach_all(request, request.actor, objection)
    if refused:
        raise Invalid(_("这些附件没有收下：%(names)s") % {"names": "；".join(refused)})
    return done(request, _("附件已添加。"), _address(objection))


def _is_late(objection: Objection) -> bool:
    return objection.state in deciding.OPEN_OBJECTION and objection.due is not None and objection.due < clock.today()


def _objection_or_404(request: Request, identifier: UUID) -> Objection:
    found = Objection.objects.select_related("notice__topic__programme", "notice__decision", "submission__applicant")
    return found_or_404(request, "view", found, identifier)


def _address(objection: Objection) -> str:
    return reverse("portal:objection", args=(objection.pk,))
