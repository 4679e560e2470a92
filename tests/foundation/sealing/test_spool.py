"""What a server has to put on the disk on the way is never there in the clear."""

import io
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadhandler import load_handler
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from waitress.buffers import OverflowableBuffer

from rongtong.cli import serve
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


def test_a_big_upload_is_spooled_encrypted() -> None:
    request = RequestFactory().post("/", {"file": io.BytesIO(CONTENT)})
    request.upload_handlers = [load_handler(name, request) for name in settings.FILE_UPLOAD_HANDLERS]
    upload = request.FILES["file"]
    assert isinstance(upload.file, SpoolFile)
    assert b"".join(upload.chunks()) == CONTENT
    assert CONTENT[:24] not in on_disk(upload.file)


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
