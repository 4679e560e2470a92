"""Who takes part in a challenge and at which hour, for the loop that is played in the browser."""

import datetime as dt
from dataclasses import dataclass, field

from playwright.sync_api import Page

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Role, system_actor
from rongtong.domain.parties.actions import add_affiliation, create_account, grant_role
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.registry.models import Resource
from tests.browser.conftest import Open, sign_in
from tests.factories import PLATFORM, PartyFactory, PersonFactory, ResourceFactory

REGION = "330100"
PASSPHRASE = "清风明月 石桥流水 七百二十九"
DAY = dt.timedelta(days=1)
EXPERTS = 11


@dataclass
class Hour:
    """The platform's clock of a test: the machine's, moved forward."""

    moved: dt.timedelta = dt.timedelta(0)

    def forward(self, **by: float) -> None:
        """Let time go by; then the worker does what is due."""
        self.moved += dt.timedelta(**by)
        run_clock(system_actor("平台时钟"))

    def local(self, **ahead: float) -> str:
        """An hour from now as an input of the browser takes it."""
        from django.utils import timezone

        return timezone.localtime(clock.now() + dt.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


@dataclass
class Cast:
    """Everybody with a page of their own, opened when they first do something."""

    open_page: Open
    parties: dict[str, Party]
    demands: dict[str, Resource]
    accounts: dict[int, str]
    pages: dict[str, Page] = field(default_factory=dict)

    def __call__(self, who: str, address: str = "") -> Page:
        """The page of ``who`` ("" for the public), gone to ``address``."""
        if who not in self.pages:
            page = self.open_page("/")
            page.on("dialog", lambda dialog: dialog.accept())
            self.pages[who] = sign_in(page, who) if who else page
        if address:
            self.pages[who].goto(address)
        return self.pages[who]


def assemble(open_page: Open) -> Cast:
    """Three officers, a setter, four teams, a user who examines, experts, a supervisor."""
    bureau = PartyFactory(name="云岭示例科技局", organisation_type="government", region=REGION)
    parties = {"bureau": bureau}
    for key, name, kind in (
        ("setter", "云岭示例窑炉有限公司", "enterprise"),
        ("user", "云岭示例石灰使用厂", "enterprise"),
        ("first", "示例第一理工大学", "university"),
        ("second", "示例第二研究院", "institute"),
        ("third", "示例第三装备有限公司", "enterprise"),
        ("fourth", "示例第四工程公司", "enterprise"),
    ):
        parties[key] = PartyFactory(name=name, organisation_type=kind, region=REGION)
        _account(key, f"{name}经办人", Role.MEMBER, parties[key])
    for number in (1, 2, 3):
        _account(f"officer{number}", f"科技局干部{number}", Role.OFFICER, bureau)
    _account("supervisor", "监督员", Role.SUPERVISOR, None)
    experts = [_expert(number) for number in range(EXPERTS)]
    demands = {
        "open": ResourceFactory(owner=parties["setter"], title="石灰窑高温出灰卡料"),
        "race": ResourceFactory(owner=parties["setter"], title="窑炉余热回收效率低"),
    }
    return Cast(open_page, parties, demands, dict(experts))


def _account(username: str, name: str, role: Role, party: Party | None, person: Party | None = None) -> int:
    account = create_account(
        actor=PLATFORM, username=username, display_name=name, password=None, person=person, is_sample=True
    )
    region = "" if role == Role.MEMBER else REGION
    grant_role(actor=PLATFORM, account=account, role=role, party=party, region=region)
    return int(account.pk)


def _expert(number: int) -> tuple[int, str]:
    """Somebody with a senior title, years enough and a house of their own."""
    house = PartyFactory(name=f"示例评审单位{number}", organisation_type="institute")
    person = PersonFactory(name=f"评审专家{number}", title="教授")
    add_affiliation(actor=PLATFORM, member=person, organisation=house, role="employee")
    ResourceFactory(
        kind="expert", title=person.name, owner=person,
        values={"expertise": "窑炉与输送", "roles": ["review"], "rank": "教授", "experience_years": 15},
    )  # fmt: skip
    username = f"expert{number}"
    return _account(username, person.name, Role.EXPERT, None, person), username
