"""Where a request comes from: an address that the caller cannot make up."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

_WITH_PORT = re.compile(r"^(?:\[(?P<six>[^\]]+)\]|(?P<four>[\d.]+))(?::\d+)?$")


def address_of(meta: Mapping[str, Any]) -> str:
    """The visitor's address from a WSGI environment, past as many proxies as the operator declared."""
    remote, forwarded = str(meta.get("REMOTE_ADDR") or ""), str(meta.get("HTTP_X_FORWARDED_FOR") or "")
    return client_address(remote, forwarded, settings.ENVIRONMENT.proxies)


def client_address(remote: str, forwarded: str, proxies: int) -> str:
    """The address behind a connection from ``remote`` that carries ``forwarded`` (X-Forwarded-For).

    That header is written by whoever likes; only its last ``proxies`` entries were written by ours. A request that came
    past the proxies, or whose entry is no address, is known by its peer.
    """
    peer = _parsed(remote) or remote
    entries = [entry.strip() for entry in forwarded.split(",") if entry.strip()]
    if not proxies or len(entries) < proxies:
        return peer
    return _parsed(entries[-proxies]) or peer


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
    """The address in ``written`` in its usual form, without a port; "" when there is none."""
    form = _WITH_PORT.match(written)
    try:
        parsed = ipaddress.ip_address((form["six"] or form["four"]) if form else written)
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
