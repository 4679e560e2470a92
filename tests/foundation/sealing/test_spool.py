"""What a server has to put on the disk on the way is never there in the clear."""

import io
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import load_handler
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from waitress.buffers import OverflowableBuffer

from rongtong.cli import serve
from rongtong.domain.foundation.documents.in_memory import MemoryFile, lying_in_memory
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.sealing import spool
from rongtong.domain.foundation.sealing.spool import SpoolFile

CONTENT = "核心参数：五百度，三兆帕。".encode() * 300_000


@given(st.lists(st.binary(max_size=100), max_size=20), st.data())
def test_it_reads_anywhere_like_any_file(writes: list[bytes], data: st.DataObject) -> None:
    plain = b"".join(writes)
    with SpoolFile() as file:
        for piece in writes:
            file.seek(0, io.SEEK_END)
            file.write(piece)
        for _ in range(5):
            start = data.draw(st.integers(0, len(plain)))
            size = data.draw(st.integers(0, 50))
            file.seek(start)
            assert file.read(size) == plain[start : start + size]
            assert file.tell() == min(start + size, len(plain))


def test_nothing_that_was_written_is_written_over() -> None:
    with SpoolFile() as file:
        file.write(b"first")
        file.seek(0)
        with pytest.raises(io.UnsupportedOperation):
            file.write(b"other")


def on_disk(file: SpoolFile) -> bytes:
    return Path(f"/proc/self/fd/{file._file.fileno()}").read_bytes()


def test_what_lies_on_the_disk_is_not_what_was_written() -> None:
    with SpoolFile() as file:
        file.write(CONTENT)
        stored = on_disk(file)
        assert len(stored) == len(CONTENT)
        assert CONTENT[:24] not in stored


def uploaded(*contents: bytes) -> "list[UploadedFile[bytes]]":
    """Files as a view is given them, sent in one request."""
    request = RequestFactory().post("/", {"file": [io.BytesIO(content) for content in contents]})
    request.upload_handlers = [load_handler(name, request) for name in settings.FILE_UPLOAD_HANDLERS]
    return request.FILES.getlist("file")


def test_an_upload_that_is_held_in_memory_has_no_file_on_any_disk() -> None:
    (upload,) = uploaded(CONTENT)
    assert isinstance(upload.file, MemoryFile)
    assert str(upload.file.path.readlink()).startswith("/memfd:")
    assert b"".join(upload.chunks()) == CONTENT
    assert upload.size == len(CONTENT)


@pytest.mark.parametrize("held", [0, 1, 1 << 16, len(CONTENT) - 1])
def test_a_big_upload_is_spooled_encrypted(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_HELD", held)
    (upload,) = uploaded(CONTENT)
    assert isinstance(upload.file, SpoolFile)
    assert b"".join(upload.chunks()) == CONTENT
    assert CONTENT[:24] not in on_disk(upload.file)


def test_the_files_of_a_request_share_what_is_held_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_HELD", 2 * len(CONTENT) - 1)
    files = uploaded(CONTENT, CONTENT, b"small")
    assert [isinstance(each.file, MemoryFile) for each in files] == [True, False, False]
    assert [isinstance(each.file, SpoolFile) for each in files] == [False, True, True]
    assert [each.read() for each in files] == [CONTENT, CONTENT, b"small"]
    assert [each.size for each in files] == [len(CONTENT), len(CONTENT), 5]


def test_an_upload_that_breaks_off_leaves_nothing_open() -> None:
    handler = spool.SpoolUploadHandler()
    handler.new_file("file", "a.pdf", "application/pdf", None)
    handler.receive_data_chunk(CONTENT, 0)
    handler.upload_interrupted()
    assert handler.file.closed


def test_a_file_in_memory_is_looked_into_where_it_lies() -> None:
    with MemoryFile() as held:
        held.write(CONTENT)
        with lying_in_memory(cast(BinaryIO, held)) as path:
            assert path == held.path
            assert path.read_bytes() == CONTENT
        assert not held.closed


def test_a_file_in_memory_has_the_limit_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = settings.ENVIRONMENT.model_copy(update={"document_limit_mb": 1})
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    with MemoryFile() as held:
        held.write(CONTENT)
        with pytest.raises(Invalid, match="1 MB"), lying_in_memory(cast(BinaryIO, held)):
            pytest.fail("it was looked into")


def test_no_other_upload_handler_writes_to_the_disk() -> None:
    assert not any("TemporaryFile" in name for name in settings.FILE_UPLOAD_HANDLERS)


def test_the_web_server_spools_a_big_body_encrypted() -> None:
    serve.spool_encrypted()
    buffer = OverflowableBuffer(1000)
    for start in range(0, len(CONTENT), 8192):
        buffer.append(CONTENT[start : start + 8192])
    file = buffer.getfile()
    assert isinstance(file, SpoolFile)
    assert file.read(len(CONTENT)) == CONTENT
    assert CONTENT[:24] not in on_disk(file)
    buffer.close()


def test_temporary_files_are_nameless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with SpoolFile() as file:
        file.write(b"content")
        assert list(tmp_path.iterdir()) == []
