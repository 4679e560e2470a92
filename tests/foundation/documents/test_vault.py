"""Content is kept whole or not at all, whatever happens to the process, the disk, or two who send the same."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents import vault
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.errors import DomainError, Invalid
from rongtong.domain.foundation.models import Document
from rongtong.domain.registry.models import Resource
from tests.factories import ResourceFactory, member
from tests.foundation.documents import files

NOTHING = set[str]()


def receive(content: bytes) -> vault.Received:
    with vault.receiving(io.BytesIO(content)) as received:
        vault.keep(received)
        return received


def test_content_lies_under_its_hash_in_a_folder_of_two_letters(home: Path) -> None:
    received = receive(b"abc")
    assert received.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (home / "files/documents/ba" / received.sha256).read_bytes() == b"abc"
    assert not list(vault._incoming().iterdir())


def test_many_who_send_the_same_at_once_keep_one_file(home: Path) -> None:
    vault._incoming()
    together = threading.Barrier(8)
    faults: list[Exception] = []

    def send() -> None:
        together.wait()
        try:
            receive(b"the same" * 100_000)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test tells it
            faults.append(error)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [path.stat().st_size for path in vault._contents()] == [800_000]


def test_a_sweep_takes_what_is_old_and_unclaimed_and_nothing_else(home: Path) -> None:
    kept, gone = receive(b"kept").sha256, receive(b"gone").sha256
    unfinished = vault._incoming() / "x.part"
    unfinished.write_bytes(b"half")
    assert vault.sweep(lambda hashes: NOTHING) == 0
    later = time.time() + vault.UNCLAIMED_SECONDS + 60
    assert vault.sweep(lambda hashes: {kept}, now=later) == 2
    assert (vault.path_of(kept).exists(), vault.path_of(gone).exists(), unfinished.exists()) == (True, False, False)


def test_content_that_is_sent_again_is_not_swept_from_under_its_sender(home: Path) -> None:
    received = receive(b"abc")
    os.utime(vault.path_of(received.sha256), (1, 1))
    receive(b"abc")
    assert vault.sweep(lambda hashes: NOTHING) == 0


CHILD = """
import os, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "rongtong.site.settings"
import django
django.setup()
from rongtong.domain.foundation.documents import vault
"""


def child(home: Path, body: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"RONGTONG_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    code = CHILD + textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_process_killed_while_it_receives_leaves_nothing_in_place(home: Path) -> None:
    process = child(
        home,
        """
        class Slow:
            def read(self, size):
                print("reading", flush=True)
                return b"x" * 65536
        with vault.receiving(Slow()) as received:
            vault.keep(received)
        """,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert list(vault._contents()) == []
    assert len(list(vault._incoming().iterdir())) == 1
    assert vault.sweep(lambda hashes: NOTHING, now=time.time() + vault.UNFINISHED_SECONDS + 60) == 1
    assert list(vault._incoming().iterdir()) == []


@pytest.mark.parametrize("most", [0, 4096])
def test_a_full_disk_leaves_nothing_half_and_says_so(home: Path, most: int) -> None:
    """The kernel's own limit on the size of a file stands in for a disk with that much room."""
    process = child(
        home,
        f"""
        import io, resource
        from rongtong.domain.foundation.errors import DomainError
        vault._incoming()
        resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
        try:
            with vault.receiving(io.BytesIO(b"x" * 100_000)) as received:
                vault.keep(received)
        except DomainError as error:
            sys.stdout.buffer.write(error.message.encode())
        """,
    )
    told, fault = process.communicate()
    assert "存储空间不足" in told.decode(), fault.decode()
    assert [path for path in vault.root().rglob("*") if path.is_file()] == []


def test_too_large_a_stream_is_not_read_to_its_end(home: Path, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"document_limit_mb": 1})

    class Endless(io.RawIOBase):
        blocks = 0

        def read(self, size: int = -1) -> bytes:
            self.blocks += 1
            return bytes(size)

    stream = Endless()
    with pytest.raises(Invalid, match="1 MB"), vault.receiving(stream):  # type: ignore[arg-type]
        pass
    assert stream.blocks == 2


def test_a_fault_of_another_sort_is_not_called_a_full_disk(home: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "input/output error")

    with pytest.raises(OSError, match="input/output"), vault.receiving(Broken()):
        pass
    assert not issubclass(OSError, DomainError)
    assert list(vault._incoming().iterdir()) == []


def attach(actor: Actor, record: Resource, content: bytes) -> Document:
    return upload_document(actor=actor, entity=record, file=io.BytesIO(content), name="图纸.pdf", no_secrets=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the in-memory database of the tests has one writer")
@pytest.mark.django_db(transaction=True)
def test_the_same_upload_twice_at_the_same_time_is_one_document() -> None:
    record = ResourceFactory()
    owner = member(record.owner)
    together = threading.Barrier(2)

    def send() -> None:
        together.wait()
        try:
            attach(owner, record, files.pdf(b"% twice"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Document.objects.count() == 1


def test_a_process_killed_before_its_row_stands_leaves_no_row_without_content(home: Path) -> None:
    """Content is in place before the row is written, so a row never points to nothing."""
    process = child(
        home,
        """
        import io, signal
        from django.core.management import call_command
        from rongtong.domain.foundation import audit
        from rongtong.domain.foundation.documents.actions import upload_document
        call_command("migrate", verbosity=0)
        from tests.factories import ResourceFactory, member
        record = ResourceFactory()
        owner = member(record.owner)
        audit.record_many = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
        upload_document(actor=owner, entity=record, file=io.BytesIO(b"%PDF-1.7 x"), name="a.pdf", no_secrets=True)
        """,
    )
    fault = process.communicate()[1]
    assert process.returncode == -signal.SIGKILL, fault.decode()
    [content] = vault._contents()
    assert content.read_bytes() == b"%PDF-1.7 x"
    after = child(
        home,
        """
        from rongtong.domain.foundation.documents.actions import tidy
        from rongtong.domain.foundation.models import Document
        os.utime(next(vault._contents()), (1, 1))
        print(Document.objects.count(), tidy(), list(vault._contents()))
        """,
    )
    assert after.communicate()[0] == b"0 2 []\n"  # the content, and the name it was written under
