"""Where a request comes from: an address that the caller cannot make up."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings


def client_address(meta: Mapping[str, Any]) -> str:
    """The visitor's address from a WSGI environment.

    ``X-Forwarded-For`` is written by whoever likes; only as many of its last entries as there are declared proxies
    (``RONGTONG_PROXIES``) were written by them. A request that came past the proxies is known by its peer.
    """
    peer = str(meta.get("REMOTE_ADDR") or "")
    proxies: int = settings.ENVIRONMENT.proxies
    forwarded = [entry.strip() for entry in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if entry.strip()]
    if not proxies or len(forwarded) < proxies:
        return peer
    return _parsed(forwarded[-proxies]) or peer


def neighbourhood(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _parsed(written: str) -> str:
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        return ""
