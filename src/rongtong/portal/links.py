"""Addresses that go out of the house."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rongtong.domain.parties.signing.invitations import ToAddress


def to_address(request: HttpRequest) -> ToAddress:
    """From a one-time link's secret to the whole address; by the operator's setting, else by how the portal is reached.

    The secret stands in the query, which neither Django nor the server writes to the log.
    """
    base = absolute(request, reverse("portal:link"))
    return lambda secret: f"{base}?{urlencode({'key': secret})}"


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of ``path``, by the operator's setting, else by how the portal is reached."""
    return str(settings.ENVIRONMENT.address or request.build_absolute_uri("/")).rstrip("/") + path
