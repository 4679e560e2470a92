"""Documents of records: the list and the upload, withdrawing, and downloading by a signed link."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.documents import links, queries, serving
from rongtong.domain.foundation.documents.actions import upload_document, withdraw_document
from rongtong.domain.foundation.documents.belonging import entity_of
from rongtong.domain.foundation.documents.declaration import FIELD
from rongtong.domain.foundation.models import Document
from rongtong.domain.registry.models import Resource
from rongtong.portal.attached import attached
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, file_in, or_404, page, uuid_or_404
from rongtong.portal.next_pages import page_of
from rongtong.portal.views.resources import record_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: Request, kind: str, identifier: UUID) -> HttpResponse:
    """The documents of a record; a POST adds one. htmx gets the part alone."""
    record = record_or_404(request, identifier, kind)
    if request.method != "POST":
        return _shown(request, record, Attempt())
    with Attempt() as attempt:
        document = _uploaded(request, record)
        return done(request, _("已添加附件“%(name)s”。") % {"name": document.name}, _address(record))
    return _shown(request, record, attempt)


@require_POST
def withdraw(request: Request, identifier: UUID) -> HttpResponse:
    """Take a document back, with a reason."""
    document = _document_or_404(request, identifier)
    withdraw_document(actor=request.actor, document=document, reason=request.POST.get("reason", ""))
    record = entity_of(document)
    address = _address(record) if isinstance(record, Resource) else page_of(record._meta.label_lower, str(record.pk))
    return done(request, _("已撤回附件“%(name)s”。") % {"name": document.name}, address)


@require_safe
def fetch(request: Request, identifier: UUID) -> HttpResponse:
    """On to a link that is good for this account, for some minutes."""
    document = _document_or_404(request, identifier)
    token, _until = links.signed(request.actor, document.pk)
    return HttpResponseRedirect(f"{reverse('portal:document-content', args=(document.pk,))}?link={token}")


@require_safe
def content(request: Request, identifier: UUID) -> HttpResponseBase:
    """The content, for who holds a good link."""
    link, part = request.GET.get("link", ""), request.headers.get("Range", "")
    return or_404(serving.download, request.actor, identifier, link, part)


def _uploaded(request: Request, record: Resource) -> Document:
    (file, name), replaces = file_in(request), request.POST.get("replaces", "")
    return upload_document(
        actor=request.actor,
        entity=record,
        file=file,
        name=name,
        no_secrets=FIELD in request.POST,
        visibility=request.POST.get("visibility", ""),
        replaces=_document_or_404(request, uuid_or_404(replaces)) if replaces else None,
    )


def _shown(request: Request, record: Resource, attempt: Attempt) -> HttpResponse:
    context = attached(request.actor, record) | {"refusal": attempt.message}
    if attempt.refused:
        context["chosen_class"] = request.POST.get("visibility", "")
    part = request.htmx and not request.htmx.boosted
    return page(request, "documents/part" if part else "documents/page", context, status=attempt.status)


def _document_or_404(request: Request, identifier: UUID) -> Document:
    return or_404(queries.readable, request.actor, identifier)


def _address(record: Resource) -> str:
    return reverse("portal:record", args=(record.kind, record.pk))
