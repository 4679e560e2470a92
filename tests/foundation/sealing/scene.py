"""What the tests of sealing stand on: officers with keys, a box, a clock that tests move."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import OpeningProtocol, SealedBox, SealKey
from rongtong.domain.foundation.sealing.actions import create_box, enrol_seal_key, open_box
from rongtong.domain.foundation.sealing.contents import Part
from tests.factories import officer

PASSPHRASE = "青山绿水 白鹭飞过田野 渔舟唱晚 {}"
NAME = "报价单.json"
SECRET = "报价九百八十七万元，核心参数五百度"


@dataclass
class Hours:
    """The two clocks, as far as a test has moved them."""

    moved: timedelta = timedelta()
    database: timedelta = timedelta()

    def at(self, moment: datetime, database: datetime | None = None) -> None:
        self.moved = moment - timezone.now()
        self.database = (database or moment) - timezone.now()


@dataclass
class Scene:
    """A box of three custodians that closes in an hour and opens in two."""

    hours: Hours
    officers: list[Actor]
    keys: list[SealKey]
    box: SealedBox
    passphrases: list[str] = field(default_factory=list)

    def open(self, first: int = 0, second: int = 1, **wrong: str) -> OpeningProtocol:
        return open_box(
            actor=self.officers[first],
            box=self.box,
            passphrase=wrong.get("passphrase", self.passphrases[first]),
            witness=self.officers[second],
            witness_passphrase=wrong.get("witness_passphrase", self.passphrases[second]),
        )

    def after_the_hour(self) -> "Scene":
        self.hours.at(self.box.opens_at)
        return self


def enrolled(count: int) -> tuple[list[Actor], list[SealKey], list[str]]:
    """So many officers, each with a key."""
    officers = [officer() for _ in range(count)]
    passphrases = [PASSPHRASE.format(number) for number in range(count)]
    keys = [enrol_seal_key(actor=actor, passphrase=phrase) for actor, phrase in zip(officers, passphrases, strict=True)]
    return officers, keys, passphrases


def new_scene(hours: Hours, custodians: int = 3, **more: object) -> Scene:
    officers, keys, passphrases = enrolled(custodians)
    now = timezone.now()
    box = create_box(
        actor=officers[0],
        title="石灰窑自动出灰技术攻关",
        closes_at=now + timedelta(hours=1),
        opens_at=now + timedelta(hours=2),
        custodians=keys,
        **more,  # type: ignore[arg-type]
    )
    return Scene(hours, officers, keys, box, passphrases)


def parts(secret: str = SECRET) -> list[Part]:
    return [
        Part(NAME, "application/json", [secret.encode()]),
        Part("图纸.pdf", "application/pdf", (b"x" * 50_000 for _ in range(4))),
    ]
