"""A temporary file that is never on the disk in the clear.

Servers put request bodies that are too big for the memory into temporary files. What is to be sealed, or is otherwise
confidential, would then lie on the disk before any code of ours sees it; here it lies encrypted with a key that exists
only in this process.
"""

import io
import os
import tempfile
from typing import IO, Any, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

BLOCK = 16


class SpoolFile(io.RawIOBase):
    """An unnamed file, appended to and read anywhere; AES-256 in counter mode, so that any place can be read.

    What was written is not overwritten: in counter mode that would show both versions to who has both ciphertexts.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # closed with this object
        self._key, self._nonce = AES256(os.urandom(32)), os.urandom(8)
        self._at = self._size = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._at)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = self._turned(data)
        self._at += len(data)
        return len(data)

    def write(self, data: Any) -> int:
        if self._at != self._size:
            raise io.UnsupportedOperation("a spooled file is only appended to")
        self._file.seek(self._at)
        turned = memoryview(self._turned(bytes(data)))
        while turned:  # an unbuffered file may take less than it is given
            written = self._file.write(turned)
            turned, self._at = turned[written:], self._at + written
            self._size = self._at
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _turned(self, data: bytes) -> bytes:
        """``data`` at the present place, encrypted or decrypted: the same operation."""
        block, within = divmod(self._at, BLOCK)
        stream = Cipher(self._key, CTR(self._nonce + block.to_bytes(8, "big"))).encryptor()
        stream.update(bytes(within))
        return stream.update(data)


class SpoolUploadHandler(FileUploadHandler):
    """Takes the place of Django's temporary files: same behaviour, nothing in the clear on the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        spool = cast(IO[bytes], SpoolFile())
        self.file = UploadedFile(spool, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
