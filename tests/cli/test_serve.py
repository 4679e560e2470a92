"""``rongtong serve`` from an empty folder: it answers, has its worker beside it, and ends cleanly with it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rongtong.site.heartbeat import last_beat

pytestmark = pytest.mark.slow
PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(home: Path, port: int) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"RONGTONG_HOME": str(home), "RONGTONG_ENCODER": "none", "RONGTONG_SAMPLE": "0"}
    command = [sys.executable, "-m", "rongtong.cli.main", "serve", "--prepare", "--bind", f"127.0.0.1:{port}"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        body: bytes = answer.read()
        return body


def until(condition: Any) -> Any:
    """What ``condition`` answers as soon as that is something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if found := condition():
                return found
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    raise TimeoutError("the portal did not get so far")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["subprocess.Popen[str]", str, Path]]:
    home, port = tmp_path_factory.mktemp("home"), free_port()
    process = started(home, port)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: read(f"{address}/api/v1/health"))
        yield process, address, home
    finally:
        process.kill()
        process.communicate()


def test_it_answers_with_pages_styles_and_the_api(portal: Any) -> None:
    _process, address, _home = portal
    page = read(f"{address}/").decode()
    style = next(part.split('"')[0] for part in page.split('href="')[1:] if ".css" in part)
    assert read(f"{address}{style}")
    assert json.loads(read(f"{address}/api/v1/health"))["records"] == 0


@pytest.mark.parametrize(
    "path", ["/", "/challenges/", "/challenges/topics.csv", "/nowhere", "/api/v1/health", "/me/data/"]
)
def test_an_answer_without_a_body_leaves_the_connection_to_the_next(portal: Any, path: str) -> None:
    _process, address, _home = portal
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.request("HEAD", path)
    first = connection.getresponse()
    assert first.read() == b""
    connection.request("GET", "/api/v1/health")
    assert json.loads(connection.getresponse().read())["records"] == 0
    connection.close()


def test_who_sends_nothing_keeps_nobody_waiting(portal: Any) -> None:
    _process, address, _home = portal
    where = address.removeprefix("http://").split(":")
    with contextlib.ExitStack() as idle:
        for _ in range(150):
            idle.enter_context(socket.create_connection((where[0], int(where[1])), timeout=30))
        assert json.loads(read(f"{address}/api/v1/health"))["records"] == 0


def test_its_worker_shows_a_sign_of_life(portal: Any) -> None:
    _process, _address, home = portal
    assert until(lambda: last_beat(home)).alive


def test_a_second_one_is_refused_before_it_touches_anything(portal: Any, tmp_path: Path) -> None:
    _process, address, _home = portal
    second = started(tmp_path, int(address.rpartition(":")[2]))
    _out, err = second.communicate(timeout=PATIENCE)
    assert (second.returncode, "已被占用" in err) == (2, True)
    assert not (tmp_path / "rongtong.sqlite3").exists()


def test_it_ends_with_its_worker(portal: Any) -> None:
    process, _address, home = portal
    worker = until(lambda: last_beat(home)).pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
