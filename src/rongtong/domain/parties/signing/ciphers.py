"""Keys that follow from the installation's secret: digests nobody can compute without it, and small secrets at rest."""

import base64
import hashlib
import hmac
import os

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
    text = "\0".join(map(str, parts))
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def encrypt(purpose: str, secret: str, *, bound_to: object) -> str:
    """``secret`` under a key of its own for ``purpose``; it opens only beside what it is ``bound_to`` (a row's key)."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(purpose)).encrypt(nonce, secret.encode(), str(bound_to).encode())
    return SCHEME + base64.b64encode(nonce + sealed).decode()


def decrypt(purpose: str, stored: str, *, bound_to: object) -> str:
    """What :func:`encrypt` was given; Unreadable when the installation's secret is another now."""
    raw = base64.b64decode(stored.removeprefix(SCHEME))
    try:
        opened = AESGCM(_key(purpose)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], str(bound_to).encode())
    except InvalidTag:
        raise Unreadable(purpose) from None
    return opened.decode()


def _key(purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"rongtong.signing", info=purpose.encode())
    return derived.derive(settings.SECRET_KEY.encode())
