"""One request after another, each undone afterwards; what an answer held that its reader may not read."""

import copy
import json
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http.response import HttpResponseBase

from tests.trials.addresses import Address, Filler, addresses
from tests.trials.canaries import Cage, texts_of
from tests.trials.forms import Form, forms_of
from tests.trials.world import Person, World

SERVER_FAULT = 500
OK, NOT_THIS_WAY, BUSY = 200, 405, 503


_UNHEARD: set[tuple[str, str]] = set()
"""Methods and addresses that have said they do not go together; that is said before anybody is looked at."""


@dataclass(frozen=True)
class Request:
    """What is asked: a method, an address as declared, the address as filled, and what is sent."""

    method: str
    declared: Address
    path: str
    data: Any = None
    form: bool = True

    def __str__(self) -> str:
        return f"{self.method} {self.path} {str(self.data or '')[:300]}"


@dataclass
class Tally:
    """What came of many requests: how many by role and status, where a stranger was let in, and every fault."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    opened: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    """Where a closed word stood, and who was told."""
    broken: list[str] = field(default_factory=list)
    """What the platform could not answer."""

    @property
    def count(self) -> int:
        return self.statuses.total()

    @property
    def faults(self) -> list[str]:
        return [*self.told, *self.broken]


class Trial:
    """Sends requests to a world and keeps count."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.tally = world, Tally()
        self.filler, self.chance = Filler(seed), random.Random(seed)
        self.addresses = addresses()
        self.cages = world.cages

    def every_address(self, names: list[str], *, hostile: bool = False) -> None:
        """Everybody named asks for everything, and sends something to everything."""
        for name in names:
            for address in self.addresses:
                self.every_method(name, address, hostile=hostile)

    def every_method(self, name: str, address: Address, *, hostile: bool = False) -> None:
        """Somebody asks an address, and sends something to it."""
        for method in address.methods:
            self.ask(name, address, method, hostile=hostile)

    def ask(self, name: str, address: Address, method: str, *, hostile: bool = False) -> None:
        """One request, unless the address has said that it does not take this method."""
        if (method, address.route) in _UNHEARD:
            return
        answer = self.send(self.world.people[name], self.request(address, method, hostile=hostile))
        if answer is not None and answer.status_code == NOT_THIS_WAY:
            _UNHEARD.add((method, address.route))

    def request(self, address: Address, method: str, *, hostile: bool = False) -> Request:
        """A request that might be meant well, or not."""
        path = self.filler.filled(address, hostile=hostile and self.chance.random() < 0.3)
        if method == "GET":
            return Request(method, address, path, self.filler.query(address, hostile=hostile))
        if not address.of_api:
            wanted = self.filler.query(address, hostile=hostile)
            return Request(method, address, path, wanted | self._file())
        return self._call(address, method, path, hostile)

    def _call(self, address: Address, method: str, path: str, hostile: bool) -> Request:
        for content, described in (address.body or {}).items():
            body = self.filler.body(described["schema"], hostile=hostile)
            if content == "application/json":
                return Request(method, address, path, body, form=False)
            fields = (
                {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else {}
            )
            return Request(method, address, path, fields | self._file())
        return Request(method, address, path, {})

    def _file(self) -> dict[str, Any]:
        if self.chance.random() < 0.7:
            return {}
        content = self.chance.choice((b"a,b\n1,2\n", b"%PDF-1.7 x", b"PK\x03\x04broken", b"<script>", b"\x00" * 99))
        return {"file": SimpleUploadedFile(self.chance.choice(("a.csv", "../a.pdf", "需求.xlsx")), content)}

    def harvest(self, names: list[str], most: int = 200) -> list[tuple[Address, Form]]:
        """The forms on the pages of those who may do much, to be sent by those who may not."""
        found: dict[str, tuple[Address, Form]] = {}
        pages = [each for each in self.addresses if not each.of_api]
        for name in names:
            for address in pages:
                path = self.filler.filled(address)
                answer = self.send(self.world.people[name], Request("GET", address, path))
                if answer is not None and answer.status_code == OK and "html" in answer.headers.get("Content-Type", ""):
                    for form in forms_of(b"".join(_chunks(answer)).decode(), path):
                        found.setdefault(form.action, (address, form))
        return list(found.values())[:most]

    def replay(self, name: str, sown: tuple[Address, Form], *, hostile: bool = False) -> None:
        """``name`` sends a form that stood on somebody's page, closed words taken out of it."""
        address, form = sown
        data = {key: self.world.aviary.masked(value[0]) for key, value in form.values.items()}
        for key, value in data.items():
            if not value or (hostile and self.chance.random() < 0.3):
                data[key] = self.filler.value(key, hostile=hostile)
        self.send(self.world.people[name], Request("POST", address, form.action, data))

    def send(self, person: Person, request: Request) -> HttpResponseBase | None:
        """Ask, look at everything that came of it, and let it not have happened."""
        jar = copy.deepcopy(person.browser.cookies)
        mail.outbox = []
        with _log() as logged, _undone():
            answer = self._ask(person, request)
            texts = [*_texts(answer), *logged, *(f"{each.subject} {each.body}" for each in mail.outbox)]
        person.browser.cookies = jar
        self._judge(person, request, answer, texts)
        return answer

    def _ask(self, person: Person, request: Request) -> Any:
        headers = {"Authorization": f"Bearer {person.key}"} if request.declared.of_api and person.key else {}
        if request.method != "GET" and not request.form:
            body = json.dumps(request.data)
            return person.browser.generic(request.method, request.path, body, "application/json", headers=headers)
        send = getattr(person.browser, request.method.lower())
        return send(request.path, request.data or {}, headers=headers)

    def _judge(self, person: Person, request: Request, answer: Any, texts: list[str]) -> None:
        status, said = answer.status_code, f"{person.name}: {request}"
        self.tally.statuses[person.name, status] += 1
        if status >= SERVER_FAULT and status != BUSY:
            self.tally.broken.append(f"{status} {said} {' '.join(texts)[-1500:]}")
        stranger = person.stranger and not (request.declared.of_api and person.key)
        if stranger and status < 300:
            self.tally.opened.add(f"{request.method} {request.declared.route}")
        self.tally.told += [f"{where} told to {said}" for where in self._cage(person).found(texts)]

    def _cage(self, person: Person) -> Cage:
        """What is closed to somebody: said by the declarations, of the world before anybody did anything."""
        if person.name not in self.cages:
            self.cages[person.name] = self.world.aviary.closed_to(person.actor)
        return self.cages[person.name]


def _texts(answer: Any) -> Iterator[str]:
    yield "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    yield "\n".join(morsel.OutputString() for morsel in answer.cookies.values())
    yield from texts_of(b"".join(_chunks(answer)))


def _chunks(answer: Any) -> list[bytes]:
    """The body; of what streams, kept for whoever looks again."""
    if not answer.streaming:
        return [answer.content]
    if not hasattr(answer, "read_chunks"):
        answer.read_chunks = list(answer.streaming_content)
    chunks: list[bytes] = answer.read_chunks
    return chunks


@contextmanager
def _undone() -> Iterator[None]:
    """What is done inside is carried through to its end, mail and all, and then undone."""
    with transaction.atomic():
        point, before = transaction.savepoint(), len(connection.run_on_commit)
        yield
        for _sids, run, _robust in connection.run_on_commit[before:]:
            run()
        del connection.run_on_commit[before:]
        transaction.savepoint_rollback(point)


@contextmanager
def _log() -> Iterator[list[str]]:
    """Every line that the platform writes into its log meanwhile."""
    lines: list[str] = []
    handler = logging.Handler()
    formatter = logging.Formatter()
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]  # collects
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
