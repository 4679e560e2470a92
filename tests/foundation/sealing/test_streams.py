"""Chunks that were cut off, reordered, swapped or changed do not pass; big files pass in small memory."""

import io
import os
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongtong.domain.foundation.sealing.contents import Part, check_parts, part_data, write_parts
from rongtong.domain.foundation.sealing.streams import CHUNK, MAGIC, PREFIX, TAG, SealingWriter, unsealed
from rongtong.domain.foundation.sealing.suites import Unreadable, suite

KEY, CONTEXT = os.urandom(32), b"of the test"
HEAD = len(MAGIC) + PREFIX
WHOLE = CHUNK + TAG


def sealed(*writes: bytes) -> bytes:
    sink = io.BytesIO()
    writer = SealingWriter(suite(), KEY, CONTEXT, sink.write)
    for data in writes:
        writer.write(data)
    writer.close()
    return sink.getvalue()


def opened(ciphertext: bytes, context: bytes = CONTEXT, key: bytes = KEY) -> bytes:
    return b"".join(unsealed(suite(), key, context, io.BytesIO(ciphertext)))


@given(st.lists(st.integers(0, 3 * CHUNK), max_size=4))
def test_what_was_sealed_comes_back_padded_with_zeros(sizes: list[int]) -> None:
    content = b"".join(bytes([number + 1]) * size for number, size in enumerate(sizes))
    found = opened(sealed(content))
    assert found.startswith(content) and not found[len(content) :].strip(b"\0")
    assert len(found) % CHUNK == 0 and len(found) - len(content) <= CHUNK


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_every_cut_is_noticed(size: int) -> None:
    ciphertext = sealed(b"x" * size)
    for end in {0, 1, HEAD - 1, HEAD, len(ciphertext) - 1, len(ciphertext) - WHOLE}:
        with pytest.raises(Unreadable):
            opened(ciphertext[:end])


def test_reordered_repeated_and_foreign_chunks_are_noticed() -> None:
    ciphertext, other = sealed(b"a" * CHUNK, b"b" * CHUNK, b"c"), sealed(b"z" * 2 * CHUNK, b"z")
    head, chunks = ciphertext[:HEAD], [ciphertext[HEAD + n * WHOLE : HEAD + (n + 1) * WHOLE] for n in range(3)]
    foreign = other[HEAD : HEAD + WHOLE]
    orders = [[1, 0, 2], [0, 0, 2], [0, 2], [0, 1, 2, 2], [2]]
    for order in orders:
        with pytest.raises(Unreadable):
            opened(head + b"".join(chunks[n] for n in order))
    with pytest.raises(Unreadable):
        opened(head + chunks[0] + foreign + chunks[2])


@given(st.integers(0, HEAD + WHOLE - 1))
def test_every_changed_byte_is_noticed(place: int) -> None:
    changed = bytearray(sealed(b"content"))
    changed[place] ^= 0x40
    with pytest.raises(Unreadable):
        opened(bytes(changed))


def test_another_key_or_context_opens_nothing() -> None:
    ciphertext = sealed(b"content")
    with pytest.raises(Unreadable):
        opened(ciphertext, context=b"another")
    with pytest.raises(Unreadable):
        opened(ciphertext, key=os.urandom(32))


def written(parts: list[Part]) -> tuple[bytes, str]:
    sink = io.BytesIO()
    commitment = write_parts(SealingWriter(suite(), KEY, CONTEXT, sink.write), suite(), parts)
    return sink.getvalue(), commitment


@given(st.lists(st.lists(st.binary(max_size=3000), max_size=3), max_size=4))
def test_parts_come_back_as_they_were(contents: list[list[bytes]]) -> None:
    ciphertext, commitment = written([Part(f"{n}.bin", "x/y", chunks) for n, chunks in enumerate(contents)])

    def chunks() -> object:
        return unsealed(suite(), KEY, CONTEXT, io.BytesIO(ciphertext))

    checked = check_parts(suite(), chunks())  # type: ignore[arg-type]
    assert checked.commitment == commitment
    assert [part.size for part in checked.parts] == [sum(map(len, pieces)) for pieces in contents]
    for place, pieces in enumerate(contents):
        assert b"".join(part_data(chunks(), place)) == b"".join(pieces)  # type: ignore[arg-type]


def test_a_plain_stream_without_its_end_is_noticed() -> None:
    with pytest.raises(Unreadable):
        check_parts(suite(), [b"P\0\0\0\x05"])


BIG = """
    import os, resource, uuid
    from pathlib import Path
    os.environ["DJANGO_SETTINGS_MODULE"] = "rongtong.site.settings"
    import django; django.setup()
    from rongtong.domain.foundation.sealing.contents import Part, check_parts, write_parts
    from rongtong.domain.foundation.sealing.streams import SealingWriter, unsealed
    from rongtong.domain.foundation.sealing.suites import suite
    key, path = os.urandom(32), Path(os.environ["RONGTONG_HOME"]) / "big"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    big = Part("a", "b", (b"x" * 65536 for _ in range(1600)))
    with path.open("wb") as file:
        write_parts(SealingWriter(suite(), key, b"", file.write), suite(), [big])
    with path.open("rb") as file:
        assert check_parts(suite(), unsealed(suite(), key, b"", file)).parts[0].size == 1600 * 65536
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_hundred_megabytes_pass_through_a_few(tmp_path: object) -> None:
    environment = {**os.environ, "RONGTONG_HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(BIG)], capture_output=True, text=True, env=environment, check=True
    )
    assert int(run.stdout) < 12
