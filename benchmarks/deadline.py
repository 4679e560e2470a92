"""The last minute of a call: two hundred submissions with attachments of 20 MB against a real server, and some late.

    python -m benchmarks.deadline                   a minute, on SQLite
    python -m benchmarks.deadline --minutes 3       the same with more time
    DATABASE_URL=postgres://… python -m benchmarks.deadline

The server is ``rongtong serve`` in a process of its own, on a data folder that is removed afterwards. All is sent from
the same machine, which has to encrypt it as well: what does not come in whole before the deadline is refused, and
counted. What must hold however slow the machine is: nobody is accepted late, nobody who was accepted lacks a receipt
that verifies, nobody who was refused lies in the box.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.harness import Benchmark

SENDERS, LATE = 200, 10
MEGABYTES = 20
HOST = "127.0.0.1"
CSRF = "c" * 32
BOUNDARY = "----rongtong-deadline"
PASSPHRASE = "青山绿水 白鹭飞过田野 渔舟唱晚"
MOST_SECONDS = 1800


@dataclass
class Sender:
    """A firm with a complete draft, and what came of sending it."""

    submission: str
    revision: int
    session: str
    start: dt.datetime
    status: int = 0
    answered: dt.datetime | None = None
    problem: str = field(default="", repr=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--senders", type=int, default=SENDERS)
    parser.add_argument("--port", type=int, default=8199)
    options = parser.parse_args()
    benchmark = Benchmark("deadline")
    with tempfile.TemporaryDirectory() as folder:
        database = os.environ.get("DATABASE_URL", "")
        os.environ |= {"RONGTONG_HOME": folder, "DATABASE_URL": database, "RONGTONG_LIMITS": "0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "rongtong.site.settings"
        _start()
        for key, value in _figures(options.senders, options.minutes * 60, options.port).items():
            benchmark.record(key, value)
    benchmark.finish()


def _start() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _figures(count: int, window: float, port: int) -> dict[str, float]:
    firms = _firms(count + LATE)
    server = _serve(port)
    try:
        closes_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=window + 10 + count / 10)
        senders = _drafts(firms, closes_at, window, count)
        idle, spent = _memory(server.pid, "VmRSS"), _processor_seconds(server.pid)
        _send(senders, port)
        spent = _processor_seconds(server.pid) - spent
        server_figures = {"idle": idle, "peak": _memory(server.pid, "VmHWM"), "processor": spent / len(senders)}
    finally:
        server.terminate()
        server.wait(60)
    return _judged(senders, closes_at, count) | server_figures


def _serve(port: int) -> "subprocess.Popen[bytes]":
    """The portal of the project in a process of its own, once it answers."""
    command = [shutil.which("rongtong", path=str(Path(sys.executable).parent)) or "rongtong", "serve", "--no-worker"]
    server = subprocess.Popen([*command, "--bind", f"{HOST}:{port}"], stdout=subprocess.DEVNULL)
    for _second in range(120):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return server
        except OSError:
            time.sleep(1)
    raise SystemExit("the server does not answer")


def _firms(count: int) -> list[Any]:
    """Accounts of so many firms."""
    from rongtong.domain.foundation.actors import Role, system_actor
    from rongtong.domain.parties.actions import create_account, grant_role, register_party

    platform = system_actor("benchmark")
    made = []
    for number in range(count):
        party = register_party(
            actor=platform, kind="organisation", organisation_type="enterprise", name=f"F{number}", region="330100"
        )
        account = create_account(actor=platform, username=f"f{number}", display_name=f"F{number}", password=None)
        grant_role(actor=platform, account=account, role=Role.MEMBER, party=party)
        made.append(account)
    return made


def _drafts(firms: Sequence[Any], closes_at: dt.datetime, window: float, count: int) -> list[Sender]:
    """A topic that closes then, made in the past as its terms ask; a complete draft of each firm, and its session."""
    from rongtong.domain.foundation import clock
    from rongtong.domain.parties.queries import actor_of
    from rongtong.domain.programmes.actions.submissions import begin_submission, save_draft

    topic = _topic(closes_at)
    opens = closes_at - dt.timedelta(seconds=window)
    senders = []
    for number, account in enumerate(firms):
        actor = actor_of(account)
        with clock.telling(closes_at - dt.timedelta(days=1)):
            draft = begin_submission(actor=actor, topic=topic)
            draft = save_draft(actor=actor, submission=draft, revision=draft.revision, facts=_facts())
        late = number - count
        offset = window * number / count if late < 0 else window + 0.2 * late
        start = opens + dt.timedelta(seconds=offset)
        senders.append(Sender(str(draft.pk), draft.revision, _session(account), start))
    return senders


def _topic(closes_at: dt.datetime) -> Any:
    from rongtong.domain.foundation import clock
    from rongtong.domain.foundation.actors import Actor, Role, system_actor
    from rongtong.domain.foundation.sealing.actions import enrol_seal_key
    from rongtong.domain.parties.actions import register_party
    from rongtong.domain.programmes.actions import calls
    from rongtong.domain.registry.actions import create_resource

    platform = system_actor("benchmark")
    with clock.telling(closes_at - dt.timedelta(days=70)):
        setter = register_party(
            actor=platform, kind="organisation", organisation_type="enterprise", name="S", region="330100"
        )
        demand = create_resource(
            actor=platform, kind="demand", title="石灰窑自动出灰装置", owner=setter, published=True,
            values={"problem": "石灰窑出灰系统在高温下频繁卡料，人工清理危险，需要自动出灰并降低故障率的装置。",
                    "targets": [{"name": "温度", "relation": "<=", "value": "80", "unit": "℃"}], "contact": "-",
                    "budget": "50万元"},
        )  # fmt: skip
        programme = calls.create_programme(actor=platform, template_key="open-challenge", title="P", legal_basis="B")
        calls.advance_programme(actor=platform, programme=programme, event="start")
        topic = calls.create_topic(
            actor=platform, programme=programme, setter=setter, demands=[demand], title="T", problem="P",
            metrics=[{"name": "温度", "relation": "<=", "value": "80", "unit": "℃", "must": True}],
            setter_money=30_000_000, public_money=0, opens_at=closes_at - dt.timedelta(days=30), closes_at=closes_at,
        )  # fmt: skip
        topic = calls.advance_topic(actor=platform, topic=topic, event="submit")
        for number in range(3):
            expert = Actor(name="E", account=9000 + number, roles=frozenset({Role.EXPERT}))
            calls.argue_topic(actor=expert, topic=topic, verdict="support", opinion="-")
        topic = calls.advance_topic(actor=platform, topic=topic, event="approve")
        officers = [Actor(name=f"O{n}", account=8000 + n, roles=frozenset({Role.OFFICER})) for n in (1, 2)]
        keys = [enrol_seal_key(actor=officer, passphrase=PASSPHRASE) for officer in officers]
        topic = calls.make_box(actor=officers[0], topic=topic, custodians=keys)
        topic = calls.advance_topic(actor=platform, topic=topic, event="publish")
    with clock.telling(closes_at - dt.timedelta(days=29)):
        return calls.advance_topic(actor=platform, topic=topic, event="open")


def _facts() -> dict[str, Any]:
    prose = dict.fromkeys(("approach", "basis", "team", "risks", "transfer"), "分段冷却，逐级出灰。")
    return {
        "title": "T",
        "answers": prose | {"budget_mode": "itemised"},
        "budget": [{"item": "equipment", "fen": 20_000_000, "purse": "setter", "note": ""}],
        "promises": [{"name": "温度", "value": "72", "high": "", "unit": "℃"}],
        "bid": 20_000_000,
    }


def _session(account: Any) -> str:
    """What the door leaves in the browser of somebody who has come through it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from rongtong.domain.parties.signing.sessions import open_session

    kept = SessionStore()
    kept[SESSION_KEY] = str(account.pk)
    kept[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    kept[HASH_SESSION_KEY] = account.get_session_auth_hash()
    kept["sign_in"] = str(open_session(account, how="password", two_factors=True).pk)
    kept.create()
    return str(kept.session_key)


def _send(senders: Sequence[Sender], port: int) -> None:
    content = b"%PDF-1.7\n" + os.urandom(MEGABYTES << 20)
    threads = [threading.Thread(target=_seal, args=(each, content, port), daemon=True) for each in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MOST_SECONDS)


def _seal(sender: Sender, content: bytes, port: int) -> None:
    time.sleep(max(0.0, (sender.start - dt.datetime.now(dt.UTC)).total_seconds()))
    fields = {"csrfmiddlewaretoken": CSRF, "token": "one", "revision": str(sender.revision)}
    fields |= {f"declared.{place}": "on" for place in range(4)}
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
    before = (head + "Content-Type: application/pdf\r\n\r\n").encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    request = (
        f"POST /bids/{sender.submission}/seal HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n"
        f"Cookie: sessionid={sender.session}; csrftoken={CSRF}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(before) + len(content) + len(after)}\r\n\r\n"
    ).encode()
    try:
        with socket.create_connection((HOST, port), timeout=MOST_SECONDS) as connection:
            for piece in (request, before, content, after):
                connection.sendall(piece)
            answer = b""
            while data := connection.recv(65536):
                answer += data
        sender.status = int(answer.split(b" ", 2)[1])
    except (OSError, ValueError, IndexError) as fault:
        sender.problem = repr(fault)
    sender.answered = dt.datetime.now(dt.UTC)


def _memory(process: int, name: str) -> float:
    """Resident memory of a process in MB: now (``VmRSS``), or the most it has had (``VmHWM``)."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def _processor_seconds(process: int) -> float:
    """Seconds of a processor that a process has used, whatever else the machine was busy with."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _judged(senders: Sequence[Sender], closes_at: dt.datetime, count: int) -> dict[str, float]:
    """The figures, and that what must hold does."""
    from rongtong.domain.foundation.models import Envelope
    from rongtong.domain.foundation.sealing import files, receipts
    from rongtong.domain.programmes.models import Refusal, Submission

    accepted, wrong, late, refused_in = 0, 0, 0, 0
    refused = set(Refusal.objects.values_list("party_id", flat=True))
    sealed_at = []
    for sender in senders:
        submission = Submission.objects.get(pk=sender.submission)
        if sender.status != 302:
            refused_in += submission.state == "sealed"
            wrong += submission.applicant_id not in refused
            continue
        accepted += 1
        envelope = Envelope.objects.select_related("box").get(pk=submission.envelope)
        receipt = receipts.verify_receipt(json.dumps(receipts.receipt(envelope)))
        path = files.path_of(envelope.box_id, envelope.pk)
        whole = path.is_file() and files.hash_of(path, "sha256") == envelope.ciphertext_hash
        wrong += receipt.standing != receipts.Standing.VALID or not whole
        late += envelope.sealed_at >= closes_at
        sealed_at.append(envelope.sealed_at)
    first = min(sender.start for sender in senders)
    last = max(sender.answered for sender in senders if sender.answered)
    return {
        "senders": count,
        "late_senders": LATE,
        "accepted": accepted,
        "refused": len(senders) - accepted,
        "accepted_late": late,
        "wrong": wrong,
        "refused_in_box": refused_in,
        "unanswered": sum(not sender.status for sender in senders),
        "all_answered": (last - first).total_seconds(),
        "rate": accepted / max(1.0, (max(sealed_at) - first).total_seconds()) * 60 if sealed_at else 0.0,
    }


if __name__ == "__main__":
    main()
