"""The region's unified identity provider: OpenID Connect Core 1.0, authorisation code with PKCE (RFC 7636).

What comes back is believed only when state and nonce are those of this browser, and the ID token is signed by a key of
the issuer, for us, and of now. Needs the extra ``oidc`` (Authlib).
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.parties.signing.identities import Identity

TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
SCOPE = "openid profile"
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
"""Signatures with the provider's own key; never "none", never one that whoever knows our secret could make."""
TWO_FACTORS = frozenset({"mfa", "otp"})
"""Methods (RFC 8176) after which no code of ours is asked for as well."""


class NotProven(DomainError):
    """The provider's answer does not show who this is; nobody was signed in."""


class Unreachable(DomainError):
    """The provider does not answer, or not as its standard says."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what its session must remember until it comes back."""

    address: str
    memory: dict[str, str]


def is_configured() -> bool:
    """Whether the region has a unified identity provider."""
    return bool(settings.ENVIRONMENT.oidc_issuer and settings.ENVIRONMENT.oidc_client_id)


def begin(back: str) -> Begun:
    """Start signing in; the provider will send the browser to ``back``. Raises Unreachable."""
    memory = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")} | {"back": back}
    client = _client(back)
    with _answers():
        address, _state = client.create_authorization_url(
            _metadata()["authorization_endpoint"],
            state=memory["state"],
            nonce=memory["nonce"],
            code_verifier=memory["verifier"],
        )
    return Begun(address, memory)


def finish(memory: dict[str, str], query: str) -> tuple[Identity, str]:
    """Who came back, from what :func:`begin` remembered and the query they came with; and the ID token.

    Raises NotProven, Unreachable.
    """
    given = {name: values[0] for name, values in parse_qs(query).items()}
    if not memory or not constant_time_compare(given.get("state", ""), memory["state"]):
        raise NotProven(_("登录没有完成：这次返回与本浏览器发起的登录对不上。请从登录页重新开始。"))
    if "code" not in given:
        raise NotProven(_("统一身份认证没有确认您的身份，可能是您取消了登录。"))
    client = _client(memory["back"])
    with _answers():
        token = client.fetch_token(
            _metadata()["token_endpoint"],
            code=given["code"],
            code_verifier=memory["verifier"],
            grant_type="authorization_code",
        )
        raw = str(token.get("id_token", ""))
        return _identity(_verified(raw, memory["nonce"], token.get("access_token"))), raw


def farewell(id_token: str, back: str) -> str:
    """Where to end the session at the provider too (RP-Initiated Logout 1.0); "" when it does not offer that."""
    try:
        with _answers():
            endpoint = _metadata().get("end_session_endpoint", "")
    except Unreachable:
        return ""
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "client_id": _environment().oidc_client_id}
    return f"{endpoint}?{urlencode(asked)}" if endpoint and id_token else ""


def origin() -> str:
    """The provider's scheme and host, to which forms may lead; "" when there is none."""
    if not is_configured():
        return ""
    parts = urlsplit(str(_environment().oidc_issuer))
    return f"{parts.scheme}://{parts.netloc}"


def forget() -> None:
    """Read the provider's description and keys anew when they are next needed."""
    _described.cache_clear()
    _keys.cache_clear()


def _identity(claims: Any) -> Identity:
    subject = str(claims.get(_environment().oidc_claim) or "")
    if not subject:
        raise NotProven(_("统一身份认证没有给出您的身份标识，请联系管理部门。"))
    methods = set(claims.get("amr") or ())
    name = str(claims.get("name") or "")[:100]
    return Identity(str(claims["iss"]).rstrip("/"), subject[:255], name, two_factors=bool(methods & TWO_FACTORS))


def _verified(raw: str, nonce: str, access_token: str | None) -> Any:
    """The claims of an ID token, checked (OpenID Connect Core §3.1.3.7)."""
    metadata, client_id = _metadata(), _environment().oidc_client_id
    token = _decoded(raw)
    claims = import_module("authlib.oidc.core").CodeIDToken(
        token.claims,
        token.header,
        {"iss": {"essential": True, "value": metadata["issuer"]}, "aud": {"essential": True, "value": client_id}},
        {"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    claims.validate(now=int(timezone.now().timestamp()), leeway=LEEWAY_SECONDS)
    return claims


def _decoded(raw: str) -> Any:
    """The token with its signature checked; a key that is not known yet is looked up once more."""
    jwt, errors = import_module("joserfc.jwt"), import_module("joserfc.errors")
    offered = _metadata().get("id_token_signing_alg_values_supported", ["RS256"])
    algorithms = sorted(ALGORITHMS & set(offered))
    try:
        return jwt.decode(raw, _keys(_metadata()["jwks_uri"]), algorithms=algorithms)
    except (errors.BadSignatureError, errors.InvalidKeyIdError, ValueError):
        _keys.cache_clear()
        return jwt.decode(raw, _keys(_metadata()["jwks_uri"]), algorithms=algorithms)


def _metadata() -> dict[str, Any]:
    issuer = str(_environment().oidc_issuer).rstrip("/")
    described = _described(issuer)
    if str(described.get("issuer", "")).rstrip("/") != issuer:
        _described.cache_clear()
        raise Unreachable(_("统一身份认证的说明与设置的签发者不符，请联系管理部门。"))
    return described


@lru_cache(maxsize=2)
def _described(issuer: str) -> dict[str, Any]:
    described: dict[str, Any] = _fetched(f"{issuer}/.well-known/openid-configuration")
    return described


@lru_cache(maxsize=2)
def _keys(address: str) -> Any:
    return import_module("joserfc.jwk").KeySet.import_key_set(_fetched(address))


def _fetched(address: str) -> Any:
    with _client("") as client:
        answer = client.get(address, withhold_token=True, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    return answer.json()


def _client(back: str) -> Any:
    environment = _environment()
    try:
        client = import_module("authlib.integrations.requests_client")
    except ImportError:
        raise Unreachable(_("没有安装统一身份认证所需的组件（Authlib），请联系管理部门。")) from None
    return client.OAuth2Session(
        environment.oidc_client_id,
        environment.oidc_client_secret or None,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if environment.oidc_client_secret else "none",
        default_timeout=TIMEOUT_SECONDS,
    )


def _environment() -> Any:
    return settings.ENVIRONMENT


@contextmanager
def _answers() -> Iterator[None]:
    """Turns what the libraries raise into what a person can read."""
    refused = (import_module("joserfc.errors").JoseError, import_module("authlib.common.errors").AuthlibBaseError)
    try:
        yield
    except refused as error:
        raise NotProven(_("统一身份认证的答复没有通过核对，没有登录。请从登录页重新开始。")) from error
    except (OSError, ValueError, KeyError) as error:
        raise Unreachable(_("现在连不上统一身份认证。请稍后再试，或用账号密码登录。")) from error
