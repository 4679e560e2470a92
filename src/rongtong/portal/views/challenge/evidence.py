"""The evidence files that come with a form."""

from typing import BinaryIO, cast

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.documents.declaration import FIELD
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.programmes.models import Objection
from rongtong.portal.http import Request


def attach_all(request: Request, actor: Actor, objection: Objection) -> list[str]:
    """Take in the files of the request as evidence of ``actor``; answers what was refused, each with why."""
    refused = []
    for file in request.FILES.getlist("evidence"):
        try:
            upload_document(
                actor=actor,
                entity=objection,
                file=cast(BinaryIO, file.file),
                name=file.name or "",
                no_secrets=FIELD in request.POST,
                visibility=Visibility.INTERNAL,
            )
        except DomainError as refusal:
            refused.append(f"{file.name}（{refusal.message}）")
    return refused
