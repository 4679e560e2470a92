"""What is uploaded, on its way: held in memory, or in a temporary file that is never on the disk in the clear.

Servers put request bodies that are too big for the memory into temporary files. What is to be sealed, or is otherwise
confidential, would then lie on the disk before any code of ours sees it; here it lies encrypted with a key that exists
only in this process.
"""

import io
import os
import shutil
import tempfile
from typing import IO, Any, cast

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from rongtong.domain.foundation.documents.in_memory import MemoryFile

BLOCK = 16
MOST_HELD = 32 << 20
"""Bytes of one request that are held in memory; as many requests as there are threads may hold so much at once."""


class Keystream:
    """AES-256 in counter mode, from any place: the same operation encrypts and decrypts.

    To begin costs more than to turn some kilobytes, so it goes on where it stands and begins only where one has moved.
    """

    def __init__(self, key: AES256, nonce: bytes) -> None:
        self._key, self._nonce = key, nonce
        self._stream, self._at = self._begun(0), 0

    def turned(self, at: int, data: Any) -> bytes:
        """``data`` as it stands at the place ``at``, encrypted or decrypted."""
        if at != self._at:
            self._stream = self._begun(at)
        self._at = at + len(data)
        return self._stream.update(data)

    def _begun(self, at: int) -> CipherContext:
        block, within = divmod(at, BLOCK)
        stream = Cipher(self._key, CTR(self._nonce + block.to_bytes(8, "big"))).encryptor()
        stream.update(bytes(within))
        return stream


class SpoolFile(io.RawIOBase):
    """An unnamed file, appended to and read anywhere; AES-256 in counter mode, so that any place can be read.

    What was written is not overwritten: in counter mode that would show both versions to who has both ciphertexts.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # closed with this object
        key, nonce = AES256(os.urandom(32)), os.urandom(8)
        self._reading, self._writing = Keystream(key, nonce), Keystream(key, nonce)
        self._at = self._size = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            return self.readall()
        data = self._reading.turned(self._at, os.pread(self._file.fileno(), size, self._at))
        self._at += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: Any) -> int:
        if self._at != self._size:
            raise io.UnsupportedOperation("a spooled file is only appended to")
        turned = memoryview(self._writing.turned(self._at, data))
        while turned:  # an unbuffered file may take less than it is given
            written = os.pwrite(self._file.fileno(), turned, self._at)
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


class SpoolUploadHandler(FileUploadHandler):
    """Takes the place of Django's temporary files: same behaviour, nothing in the clear on the disk.

    The first files of a request are held in memory, which spares them two ways through the cipher and a copy; what
    does not fit into :data:`MOST_HELD` any more is spooled, with what it had begun to hold.
    """

    held = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._put_into(MemoryFile())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if isinstance(self.file.file, MemoryFile):
            self.held += len(raw_data)
            if self.held > MOST_HELD:
                self._spool(start)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()

    def _put_into(self, place: MemoryFile | SpoolFile) -> None:
        content = cast(IO[bytes], place)
        self.file = UploadedFile(content, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def _spool(self, size: int) -> None:
        """Let the ``size`` bytes of the present file that lie in memory go on in a spooled one; others stay."""
        spool = SpoolFile()
        with self.file as begun:
            begun.seek(0)
            shutil.copyfileobj(begun, spool, self.chunk_size)
        self._put_into(spool)
