"""Algorithms behind one small interface; the suite's name stands beside everything it made.

Another suite (SM2, SM3, SM4 as GB/T 39786-2021 asks of some operators) is another class here with the same methods;
boxes and keys made with the older one stay readable.
"""

import os
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from rongtong.domain.foundation.sealing.encoding import decoded, encoded

KEY_BYTES = 32
NONCE_BYTES = 12
SCRYPT_N = 2**17
"""Cost of a guess at a passphrase: 128 MB and some tenths of a second (with r = 8)."""


class Unreadable(Exception):
    """A ciphertext does not open: another key, another context, or it was changed. Which of these cannot be told."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and its public one."""

    private: bytes
    public: bytes


class ChunkCipher(Protocol):
    """Authenticated encryption of the pieces of a stream."""

    def encrypt(self, nonce: bytes, data: bytes | memoryview, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class Suite(Protocol):
    """What sealing asks of algorithms. Every ``context`` must be given again to open what was made under it."""

    name: str
    hash_name: str

    def new_pair(self) -> Pair: ...

    def seal(self, public: bytes, secret: bytes, context: bytes) -> bytes: ...

    def unseal(self, private: bytes, sealed: bytes, context: bytes) -> bytes: ...

    def wrap(self, key: bytes, secret: bytes, context: bytes) -> bytes: ...

    def unwrap(self, key: bytes, wrapped: bytes, context: bytes) -> bytes: ...

    def derive(self, material: bytes, context: bytes) -> bytes: ...

    def lock(self, passphrase: str, secret: bytes, context: bytes) -> dict[str, Any]: ...

    def unlock(self, passphrase: str, locked: dict[str, Any], context: bytes) -> bytes: ...

    def chunk_cipher(self, key: bytes) -> ChunkCipher: ...


class X25519Suite:
    """HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), AES-256-GCM, HKDF-SHA256, scrypt (RFC 7914)."""

    name = "x25519-sha256-aes256gcm"
    hash_name = "sha256"
    _hpke = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

    def new_pair(self) -> Pair:
        private = X25519PrivateKey.generate()
        return Pair(private.private_bytes_raw(), private.public_key().public_bytes_raw())

    def seal(self, public: bytes, secret: bytes, context: bytes) -> bytes:
        return self._hpke.encrypt(secret, X25519PublicKey.from_public_bytes(public), context)

    def unseal(self, private: bytes, sealed: bytes, context: bytes) -> bytes:
        try:
            return self._hpke.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), context)
        except (InvalidTag, ValueError):
            raise Unreadable from None

    def wrap(self, key: bytes, secret: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, secret, context)

    def unwrap(self, key: bytes, wrapped: bytes, context: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise Unreadable from None

    def derive(self, material: bytes, context: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=context).derive(material)

    def lock(self, passphrase: str, secret: bytes, context: bytes) -> dict[str, Any]:
        costs = {"salt": encoded(os.urandom(16)), "n": SCRYPT_N, "r": 8, "p": 1}
        return costs | {"wrapped": encoded(self.wrap(_stretched(passphrase, costs), secret, context))}

    def unlock(self, passphrase: str, locked: dict[str, Any], context: bytes) -> bytes:
        return self.unwrap(_stretched(passphrase, locked), decoded(locked["wrapped"]), context)

    def chunk_cipher(self, key: bytes) -> ChunkCipher:
        return AESGCM(key)


def _stretched(passphrase: str, costs: dict[str, Any]) -> bytes:
    kdf = Scrypt(decoded(costs["salt"]), length=KEY_BYTES, n=costs["n"], r=costs["r"], p=costs["p"])
    return kdf.derive(passphrase.encode())


SUITES: dict[str, Suite] = {X25519Suite.name: X25519Suite()}
DEFAULT = X25519Suite.name


def suite(name: str = DEFAULT) -> Suite:
    """The suite of this name, which stands beside what it made."""
    return SUITES[name]
