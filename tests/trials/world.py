"""A region in which every closed place holds a word of its own, and one browser for everybody who might look."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.test import Client
from django.utils import timezone

from rongtong.domain.assessments.actions import assess_party, record_certificate, record_facts
from rongtong.domain.foundation.access import allows, declared
from rongtong.domain.foundation.actors import VISITOR, Actor, Role
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.sealing.actions import create_box, enrol_seal_key, seal_envelope
from rongtong.domain.foundation.sealing.contents import Part
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.leads.actions import advance_lead
from rongtong.domain.parties.consent.actions import give_consent
from rongtong.domain.parties.membership import end_role, suspend_account
from rongtong.domain.parties.models import Account, Party, SignIn
from rongtong.domain.parties.personal.actions import ask_personal
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import actions as signing
from rongtong.domain.parties.signing.sessions import end_session
from rongtong.domain.registry.actions import advance_resource
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.actions import (
    advance_disclosure,
    ask_disclosure,
    convene_reader,
    grant_disclosure,
)
from rongtong.domain.registry.models import OWNER, Resource
from rongtong.domain.registry.reading import read
from tests import factories as make
from tests.parties.signing.people import enrolled
from tests.trials.canaries import Aviary, Cage
from tests.trials.challenges import Challenges

HERE, ELSEWHERE = "330100", "440300"
GONE = ("suspended", "expired session")
"""Who signed in once and is a visitor now."""
CLASSES = ("members", "matched", "panel", "internal", "owner", "sealed")
PASSPHRASE = "青山绿水 白鹭飞过田野 渔舟唱晚 {}"
Writers = (Role.AUDITOR, Role.SUPERVISOR)


@dataclass
class Person:
    """Somebody who looks: their browser, the key with which they call the API, and who they are to the platform."""

    name: str
    browser: Client
    actor: Actor
    key: str = ""

    @property
    def stranger(self) -> bool:
        """Whether their browser is a visitor's."""
        return not self.actor.signed_in


@dataclass
class World:
    """The people by name, and the words planted."""

    people: dict[str, Person]
    aviary: Aviary
    challenged: frozenset[str]
    """The places of challenges that hold a word."""
    cages: dict[str, Cage] = field(default_factory=dict)
    """What is closed to whom, by name, once it has been asked."""


def build() -> World:
    """Make everything through the actions that make it in life."""
    return _Builder().build()


class _Builder:
    def __init__(self) -> None:
        self.birds = Aviary()
        self.accounts: dict[str, Account] = {}
        self.readings: dict[tuple[Actor, UUID], frozenset[str]] = {}

    def build(self) -> World:
        self._firms()
        self._people()
        self._records()
        self._documents()
        self._leads()
        self._disclosures()
        self._boxes()
        before = set(self.birds.numbered)
        Challenges(self.birds, self.accounts, self.keys, self.passphrases).build()
        self.challenged = frozenset(each.where for key, each in self.birds.numbered.items() if key not in before)
        self._assessments()
        self._enter()
        self._account_matters()
        return World(self._browsers(), self.birds, self.challenged)

    # who there is

    def _firms(self) -> None:
        hidden = self.birds.plant("name of a firm that keeps its name to itself", self._knows_hidden)
        self.hidden = make.PartyFactory(name=f"{hidden}精工有限公司", region=HERE)
        self.owner = make.PartyFactory(name="云岭甲示例有限公司", region=HERE)
        self.supply = make.PartyFactory(name="云岭乙示例研究院", organisation_type="institute", region=HERE)
        self.confidant = make.PartyFactory(name="云岭丙示例有限公司", region=HERE)
        self.former = make.PartyFactory(name="云岭丁示例有限公司", region=HERE)
        self.far = make.PartyFactory(name="云岭戊示例有限公司", region=ELSEWHERE)
        self.broker = make.PartyFactory(name="云岭己示例服务公司", organisation_type="intermediary", region=HERE)

    def _knows_hidden(self, actor: Actor) -> bool:
        """Its own people, whoever keeps accounts or watches, and the bureau's own: that there is such a firm is public,
        that the record is its own is not; none of the others comes upon the name otherwise."""
        own = actor.party == self.hidden.pk
        keepers = actor.is_any(Role.SECADMIN, Role.SUPERVISOR, Role.AUDITOR, Role.OFFICER)
        return own or keepers or OWNER in self._reading(actor, self.layered)

    def _people(self) -> None:
        parties = {
            "member": self.far, "owner member": self.owner, "owner administrator": self.owner,
            "hidden member": self.hidden, "counterparty": self.supply, "confidant": self.confidant,
            "former confidant": self.former, "manager": self.broker, "ended grant": self.owner,
            "expired session": self.owner, "suspended": self.owner, "administrator": self.far,
        }  # fmt: skip
        roles = {
            "owner administrator": Role.ADMINISTRATOR,
            "administrator": Role.ADMINISTRATOR,
            "manager": Role.MANAGER,
        }
        for name, party in parties.items():
            self._account(name, roles.get(name, Role.MEMBER), party=party)
        for name, role, region in (
            ("expert", Role.EXPERT, HERE), ("idle expert", Role.EXPERT, HERE), ("officer", Role.OFFICER, HERE),
            ("second officer", Role.OFFICER, HERE), ("officer elsewhere", Role.OFFICER, ELSEWHERE),
            ("analyst", Role.ANALYST, HERE), ("supervisor", Role.SUPERVISOR, HERE),
            ("supervisor elsewhere", Role.SUPERVISOR, ELSEWHERE), ("sysadmin", Role.SYSADMIN, ""),
            ("secadmin", Role.SECADMIN, ""), ("auditor", Role.AUDITOR, ""),
        ):  # fmt: skip
            self._account(name, role, party=None, region=region)
        self.grants = {name: account.grants.get() for name, account in self.accounts.items()}
        make.RoleGrantFactory(role=Role.SECADMIN, party=None)

    def _account(self, name: str, role: Role, **bound: Any) -> None:
        box: list[Account] = []
        email = self.birds.plant(f"e-mail of {name}", lambda actor: self._may(actor, box[0]), latin=True)
        person = make.PersonFactory(name=f"示例{name}")
        account = make.AccountFactory(
            username=name.replace(" ", "-"), password=make.PASSWORD, person=person, email=f"{email}@example.org"
        )
        box.append(account)
        make.RoleGrantFactory(account=account, role=role, **bound)
        self.accounts[name] = account

    def _actor(self, name: str) -> Actor:
        return actor_of(self.accounts[name])

    # what there is

    def _records(self) -> None:
        self.records = {each: self._record(each, self.owner, visibility=each) for each in CLASSES}
        self.open_record = self._record("public", self.owner)
        self.draft = self._record("draft", self.owner, draft=True, actor=self._actor("owner member"))
        self.ownerless = self._record("internal of nobody", None, visibility="internal")
        self.far_record = self._record("internal elsewhere", self.far, visibility="internal", region=ELSEWHERE)
        self.layered = self._record(
            "two layers",
            self.hidden,
            closed={OWNER: "matched", "current": "owner", "scene": "panel", "targets": "matched"},
        )
        self.achievement = make.AchievementFactory(owner=self.supply, title="高温物料自动出灰成套装置")
        self.withdrawn = self._record("withdrawn", self.owner)
        reason = self.birds.plant("reason of a withdrawal", lambda actor: self._history(actor, self.withdrawn))
        advance_resource(
            actor=self._actor("owner member"), record=self.withdrawn, event="withdraw", reason=f"{reason}，不再需要"
        )

    def _record(self, label: str, owner: Party | None, **facts: Any) -> Resource:
        """A demand whose every field of text holds a word; the title too when the record is not for everybody."""
        box: list[Resource] = []
        region = facts.pop("region", HERE)
        names = ("problem", "current", "details", "scene", "acceptance", "ip_wish", "contact", "chain_node")
        values: dict[str, Any] = {
            name: f"{self._field(label, name, box)}：石灰窑出灰系统在高温下频繁卡料，人工清理危险，需要自动出灰装置。"[
                :150
            ]
            for name in names
        }
        values |= {"budget": "50万元", "region": region}
        values["targets"] = [
            {"name": f"{self._field(label, 'targets', box)}温度", "relation": "<=", "value": "80", "unit": "℃"}
        ]
        title = self.birds.plant(f"title of the {label} record", lambda actor: self._sees(actor, box[0]))
        if facts.get("visibility") == "sealed":
            facts["opens_at"] = timezone.now() + dt.timedelta(days=30)
        published = not facts.pop("draft", False)
        more = {"published": True} if published else {"draft": True, "published": False}
        record = make.ResourceFactory(title=f"石灰窑自动出灰{title}", values=values, owner=owner, **facts, **more)
        box.append(record)
        return record

    def _field(self, label: str, name: str, box: list[Resource]) -> str:
        return self.birds.plant(f"{name} of the {label} record", lambda actor: self._reads(actor, box[0], name))

    def _reads(self, actor: Actor, record: Resource, name: str) -> bool:
        return name in self._reading(actor, record)

    def _sees(self, actor: Actor, record: Resource) -> bool:
        return not record.sealed and bool(allows(actor, "view", Resource.objects.get(pk=record.pk)))

    def _reading(self, actor: Actor, record: Resource) -> frozenset[str]:
        """The fields of a record, as the finished world has it, that are open to ``actor``."""
        if (actor, record.pk) not in self.readings:
            fresh = Resource.objects.get(pk=record.pk)
            fields = read(actor, fresh).fields if allows(actor, "view", fresh) else ()
            self.readings[actor, record.pk] = frozenset(fields)
        return self.readings[actor, record.pk]

    def _history(self, actor: Actor, record: Resource) -> bool:
        return bool(allows(actor, "history", Resource.objects.get(pk=record.pk))) or actor.is_any(Role.AUDITOR)

    def _may(self, actor: Actor, record: Model, *more: Role) -> bool:
        """What the declaration says of a record as it stands now."""
        fresh = type(record)._default_manager.get(pk=record.pk)
        wanted = [each for each in ("view", "explain", "edit") if each in declared()[type(record)]]
        return any(allows(actor, each, fresh) for each in wanted) or actor.is_any(*more)

    def _documents(self) -> None:
        for record in (self.open_record, self.layered):
            for each in (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.MATCHED, Visibility.PANEL,
                         Visibility.INTERNAL, Visibility.OWNER):  # fmt: skip
                self._document(record, each)
        for record in self.records.values():
            if not record.sealed:
                self._document(record, Visibility.PUBLIC)

    def _document(self, record: Resource, visibility: Visibility) -> None:
        box: list[Document] = []

        def may(actor: Actor) -> bool:
            return self._may(actor, box[0]) or bool(allows(actor, "withdraw", box[0]))

        where = f"a {visibility} document of {record.visibility}"
        name, content = self.birds.plant(f"name of {where}", may), self.birds.plant(f"content of {where}", may)
        box.append(
            make.DocumentFactory(
                entity=record, name=f"{name}.pdf", content=f"%PDF-1.7 {content}".encode(), visibility=visibility
            )
        )

    def _leads(self) -> None:
        lead = self._lead(self.records["matched"], self.achievement)
        advance_lead(actor=self._actor("owner member"), lead=lead, event="demand_interest")
        advance_lead(actor=self._actor("counterparty"), lead=lead, event="supply_accept")
        self._lead(self.open_record, self.achievement)
        self._lead(self.layered, self.achievement)
        box: list[Model] = []
        note = self.birds.plant("note of what somebody said of an answer", lambda actor: self._may(actor, box[0]))
        box.append(
            make.FeedbackFactory(
                actor=self._actor("owner member"), demand=self.open_record, candidate=self.achievement, note=note
            )
        )

    def _lead(self, demand: Resource, supply: Resource) -> Any:
        box: list[Model] = []
        note = self.birds.plant(f"note of the lead of {demand.visibility}", lambda actor: self._may(actor, box[0]))
        lead = make.LeadFactory(demand=demand, candidate=supply, note=note)
        box.append(lead)
        return lead

    def _disclosures(self) -> None:
        soon = timezone.now() + dt.timedelta(days=9)
        owner = self._actor("hidden member")
        for name in ("confidant", "former confidant", "counterparty"):
            box: list[Model] = []
            purpose = self.birds.plant(f"purpose of {name}", lambda actor, box=box: self._may(actor, box[0]))
            asked = ask_disclosure(
                actor=self._actor(name), record=self.layered, purpose=purpose, accepts=agreement.version()
            )
            box.append(asked)
            if name != "counterparty":
                granted = grant_disclosure(actor=owner, disclosure=asked, fields=["current", "details"], ends=soon)
            if name == "former confidant":
                advance_disclosure(actor=owner, disclosure=granted, event="revoke", reason="已看完")
        panel = self.records["panel"]
        convene_reader(
            actor=self._actor("officer"), record=panel, account=self.accounts["expert"], ends=soon, purpose="评审"
        )

    def _boxes(self) -> None:
        officers = [self._actor("officer"), self._actor("second officer")]
        self.passphrases = [self.birds.keep(PASSPHRASE.format(n), "passphrase", _nobody) for n in range(len(officers))]
        self.keys = [
            enrol_seal_key(actor=actor, passphrase=phrase)
            for actor, phrase in zip(officers, self.passphrases, strict=True)
        ]
        now = timezone.now()
        box: list[Model] = []
        title = self.birds.plant("title of a box", lambda actor: self._may(actor, box[0]))
        box.append(
            create_box(
                actor=officers[0],
                title=f"攻关{title}",
                closes_at=now + dt.timedelta(hours=1),
                opens_at=now + dt.timedelta(hours=2),
                custodians=self.keys,
            )
        )
        inside = self.birds.plant("content of an envelope", _nobody)
        for name in ("owner member", "confidant"):
            seal_envelope(
                actor=self._actor(name), box=box[0], token=name,
                parts=[Part(f"{inside}.json", "application/json", [inside.encode()])],
            )  # fmt: skip

    def _assessments(self) -> None:
        owner, today = self._actor("owner member"), timezone.localdate()
        box: list[Model] = []

        def may(actor: Actor) -> bool:
            return self._may(actor, box[0]) or actor.is_any(Role.AUDITOR)

        source = self.birds.plant("source of a fact", may)
        box.extend(
            record_facts(
                actor=owner,
                party=self.owner,
                year=today.year - 1,
                source=source,
                values={"revenue_last": "70000000.00"},
            )
        )
        status = "cn.high-tech-enterprise"
        held: list[Model] = []
        number = self.birds.plant("number of a certificate", lambda actor: self._may(actor, held[0], Role.AUDITOR))
        held.append(
            record_certificate(
                actor=owner, party=self.owner, status=_some_pack(status), number=number, issuer="省厅",
                valid_from=today - dt.timedelta(days=90), valid_to=today + dt.timedelta(days=900),
            )
        )  # fmt: skip
        assess_party(actor=owner, party=self.owner, pack=_some_pack(status))
        give_consent(actor=self._actor("owner administrator"), subject=self.owner, purpose="innovation_points",
                     recipient=self.confidant)  # fmt: skip

    def _account_matters(self) -> None:
        asked: list[Model] = []
        text = self.birds.plant("what somebody asked about their own data", lambda actor: self._may(actor, asked[0]))
        asked.append(ask_personal(actor=self._actor("member"), kind="correction", text=text))
        links: list[Model] = []
        name = self.birds.plant("whom somebody invited", lambda actor: self._may(actor, links[0], Role.AUDITOR))
        issued = signing.issue_invitation(
            actor=self._actor("owner administrator"), to_address=self._kept_link, role=Role.MEMBER, party=self.owner,
            name=name,
        )  # fmt: skip
        links.append(issued.link)
        signing.issue_reset(actor=make.PLATFORM, to_address=self._kept_link, account=self.accounts["counterparty"])
        for each in ("officer", "secadmin"):
            app, codes = enrolled(self.accounts[each])
            self.birds.keep(app.secret, f"secret of the second factor of {each}", _nobody)
            for code in codes[:2]:
                self.birds.keep(code, f"recovery code of {each}", _nobody)
        self.birds.keep(self.accounts["member"].password, "hash of a password", _nobody)
        why = self.birds.plant("why an account was suspended", lambda actor: actor.is_any(Role.SECADMIN, *Writers))
        suspend_account(actor=self._actor("secadmin"), account=self.accounts["suspended"], reason=why)
        ended = self.birds.plant(
            "why somebody left",
            lambda actor: actor.party == self.owner.pk or actor.is_any(Role.SECADMIN, *Writers),
        )
        end_role(actor=self._actor("owner administrator"), grant=self.grants["ended grant"], reason=ended)
        expired = self.accounts["expired session"]
        end_session(actor=actor_of(expired), sign_in=SignIn.objects.get(account=expired))

    def _kept_link(self, token: str) -> str:
        return f"https://rongtong.example/link#{self.birds.keep(token, 'a link that opens once', _nobody)}"

    # who looks

    def _enter(self) -> None:
        """Everybody signs in and makes a key, before anything becomes of their accounts."""
        self.entered: dict[str, tuple[Client, str]] = {}
        for name, account in self.accounts.items():
            browser, key = _browser(), make.ApiKeyFactory(account=account, label=self._label(account)).secret
            self.birds.keep(key, f"API key of {name}", _nobody)
            browser.force_login(account)
            self.entered[name] = browser, key

    def _browsers(self) -> dict[str, Person]:
        people = {"visitor": Person("visitor", _browser(), VISITOR)}
        for name, (browser, key) in self.entered.items():
            account = Account.objects.get(pk=self.accounts[name].pk)
            actor = VISITOR if name in GONE else actor_of(account)
            people[name] = Person(name, browser, actor, "" if name == "expired session" else key)
        return people

    def _label(self, account: Account) -> str:
        return self.birds.plant(
            f"label of a key of {account.username}",
            lambda actor: actor.account == account.pk or actor.is_any(Role.AUDITOR),
        )


def _browser() -> Client:
    return Client(raise_request_exception=False, SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})


def _nobody(actor: Actor) -> bool:
    return False


def _some_pack(wanted: str) -> str:
    from rongtong.domain.assessments import catalogue

    ids = [pack.id for pack in catalogue.packs()]
    return wanted if wanted in ids else ids[0]
