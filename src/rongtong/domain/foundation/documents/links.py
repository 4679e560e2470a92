"""Addresses to download from: signed for one account and one document, good for some minutes.

Who comes by a secret link has one for that link: its digest is part of the key and does not stand in the address.

A link that was copied, forwarded or found in a log opens nothing: not for another account, not later, not for another
document. Access is asked again when it is used, so that what was taken back in the meantime stays closed.
"""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actions import note_refusal
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied

_SALT = "rongtong.documents.download"
_WANTED = "foundation.download_document"


def signed(actor: Actor, document: UUID) -> tuple[str, dt.datetime]:
    """A token with which ``actor`` may download ``document``, and until when."""
    until = timezone.now() + lifetime()
    return signing.dumps([document.hex, actor.account], salt=_salt(actor)), until


def lifetime() -> dt.timedelta:
    """How long a link is good."""
    return dt.timedelta(minutes=settings.ENVIRONMENT.download_minutes)


def require_good(actor: Actor, document: UUID, token: str) -> None:
    """Raise AccessDenied, and leave the event, unless ``token`` was made for this account and document just now."""
    fault = _fault(actor, document, token)
    if fault:
        denied = AccessDenied(fault, "link", ("foundation.document", document))
        note_refusal(actor, _WANTED, denied)
        raise denied


def _fault(actor: Actor, document: UUID, token: str) -> str:
    try:
        of_document, of_account = signing.loads(token, salt=_salt(actor), max_age=lifetime())
    except signing.SignatureExpired:
        return _("这个下载链接已经过期。请回到记录页面重新点“下载”。")
    except (signing.BadSignature, ValueError, TypeError):
        return _("这个下载链接不完整或被改动过。请回到记录页面重新点“下载”。")
    if of_document != document.hex:
        return _("这个下载链接不是给这份附件的。请回到记录页面重新点“下载”。")
    if of_account != actor.account:
        return _("这个下载链接是给另一个账号的，不能转用。请用自己的账号登录，从记录页面下载。")
    return ""


def _salt(actor: Actor) -> str:
    return f"{_SALT}.{actor.link}" if actor.link else _SALT
