"""Keys that follow from the installation's secret: digests nobody can compute without it, and small secrets at rest."""

import base64
import hashlib
import hmac
import os
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SCHEME = "aes256gcm:"
NONCE_BYTES = 12


class Unreadable(Exception):
    """What is stored was encrypted under another secret, or was changed."""


def keyed_digest(purpose: str, *parts: object) -> str:
    """64 hex digits that only this installation can compute; for keys of rows about what people typed."""
    return keyed_digests(purpose, *parts)[0]


def keyed_digests(purpose: str, *parts: object) -> list[str]:
    """The digest, and those under former secrets, by which something older may be stored."""
    text = "\0".join(map(str, parts)).encode()
    return [hmac.new(_key(purpose, secret), text, hashlib.sha256).hexdigest() for secret in _secrets()]


def encrypt(purpose: str, secret: str, *, bound_to: object) -> str:
    """``secret`` under a key of its own for ``purpose``; it opens only beside what it is ``bound_to`` (a row's key)."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(purpose, settings.SECRET_KEY)).encrypt(nonce, secret.encode(), str(bound_to).encode())
    return SCHEME + base64.b64encode(nonce + sealed).decode()


def decrypt(purpose: str, stored: str, *, bound_to: object) -> str:
    """What :func:`encrypt` was given; Unreadable when neither the present secret nor a former one opens it."""
    raw = base64.b64decode(stored.removeprefix(SCHEME))
    nonce, sealed, beside = raw[:NONCE_BYTES], raw[NONCE_BYTES:], str(bound_to).encode()
    for secret in _secrets():
        with suppress(InvalidTag):
            return AESGCM(_key(purpose, secret)).decrypt(nonce, sealed, beside).decode()
    raise Unreadable(purpose)


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _key(purpose: str, secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"rongtong.signing", info=purpose.encode())
    return derived.derive(secret.encode())
