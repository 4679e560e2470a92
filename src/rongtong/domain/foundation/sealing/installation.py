"""The keys of the installation itself: one to sign with, one to keep the hour's parts under.

The signing key stands in the data folder, apart from the database: who can only write to the database cannot forge a
receipt, an officer's key or the terms of a box.
"""

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.encoding import force_bytes

from rongtong.domain.foundation.kept import kept_secret
from rongtong.domain.foundation.sealing.encoding import decoded, encoded
from rongtong.domain.foundation.sealing.suites import Suite, Unreadable

FILE = "receipt_key"


def sign(message: bytes) -> str:
    """The installation's Ed25519 signature (RFC 8032) of ``message``, in base64."""
    return encoded(_private().sign(message))


def signed_here(message: bytes, signature: str) -> bool:
    """Whether this installation signed ``message``."""
    try:
        _public().verify(decoded(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint() -> str:
    """What names the signing key: the first 32 hex digits of its public half's SHA-256."""
    return hashlib.sha256(_public().public_bytes_raw()).hexdigest()[:32]


def public_key() -> str:
    """The public half in base64, for whoever checks receipts elsewhere."""
    return encoded(_public().public_bytes_raw())


def keep(suite: Suite, secret: bytes, context: bytes) -> bytes:
    """``secret`` under the platform's key, which follows from the secret key of the installation."""
    return suite.wrap(_platform_key(suite, settings.SECRET_KEY), secret, context)


def take(suite: Suite, kept: bytes, context: bytes) -> bytes:
    """What :func:`keep` kept, also under an earlier secret key that is still listed. Raises Unreadable."""
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return suite.unwrap(_platform_key(suite, secret_key), kept, context)
        except Unreadable:
            continue
    raise Unreadable


def _platform_key(suite: Suite, secret_key: str | bytes) -> bytes:
    return suite.derive(hmac.digest(force_bytes(secret_key), b"rongtong/sealing", "sha256"), b"rongtong/platform key/1")


def _private() -> Ed25519PrivateKey:
    seed = kept_secret(settings.HOME / FILE, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public() -> Ed25519PublicKey:
    return _private().public_key()
