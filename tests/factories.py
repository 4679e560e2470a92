"""One factory for each model. Every one of them calls the action that makes such a record in life."""

import io
from typing import Any

import factory

from rongtong.domain.foundation.actors import Actor, Role, system_actor
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.models import Document
from rongtong.domain.leads.actions import give_feedback, propose_lead
from rongtong.domain.leads.models import USEFUL, Feedback, Lead
from rongtong.domain.parties.actions import (
    add_affiliation,
    create_account,
    create_api_key,
    grant_role,
    register_party,
)
from rongtong.domain.parties.models import Account, Affiliation, ApiKey, Party, RoleGrant
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.registry.actions import create_resource
from rongtong.domain.registry.models import Resource

PLATFORM = system_actor("测试")
PASSWORD = "正确的马 充电电池 订书钉"  # of the tests alone

DEMAND = {
    "problem": "石灰窑出灰系统在高温下频繁卡料，人工清理危险，每班停机两次，需要自动出灰并降低故障率的装置与控制方法。",
    "targets": [{"name": "出灰温度", "relation": "<=", "value": "80", "unit": "℃"}],
    "contact": "王工 0571-00000000",
    "budget": "50万元",
}


class PartyFactory(factory.Factory[Party]):
    """An enterprise of the region."""

    class Meta:
        model = Party

    kind = "organisation"
    organisation_type = "enterprise"
    name = factory.Sequence(lambda number: f"云岭示例企业{number}有限公司")
    region = "330100"

    @classmethod
    def _create(cls, model_class: type[Party], *args: Any, **facts: Any) -> Party:
        return register_party(actor=facts.pop("actor", PLATFORM), **facts)


class PersonFactory(PartyFactory):
    """A person."""

    kind = "person"
    organisation_type = ""
    name = factory.Sequence(lambda number: f"示例人员{number}")


class AffiliationFactory(factory.Factory[Affiliation]):
    """That a person is employed by an organisation."""

    class Meta:
        model = Affiliation

    member = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(PartyFactory)
    role = "employee"

    @classmethod
    def _create(cls, model_class: type[Affiliation], *args: Any, **facts: Any) -> Affiliation:
        return add_affiliation(actor=PLATFORM, **facts)


class AccountFactory(factory.Factory[Account]):
    """An account that nobody can sign in with until a password is given."""

    class Meta:
        model = Account

    username = factory.Sequence(lambda number: f"account{number}")
    display_name = factory.Sequence(lambda number: f"示例账号{number}")
    password = None

    @classmethod
    def _create(cls, model_class: type[Account], *args: Any, **facts: Any) -> Account:
        return create_account(actor=PLATFORM, **facts)


class RoleGrantFactory(factory.Factory[RoleGrant]):
    """That an account acts as a member of an enterprise."""

    class Meta:
        model = RoleGrant

    account = factory.SubFactory(AccountFactory)
    role = Role.MEMBER
    party = factory.SubFactory(PartyFactory)

    @classmethod
    def _create(cls, model_class: type[RoleGrant], *args: Any, **facts: Any) -> RoleGrant:
        return grant_role(actor=PLATFORM, **facts)


class ResourceFactory(factory.Factory[Resource]):
    """A published demand of an enterprise; ``actor`` enters it."""

    class Meta:
        model = Resource

    kind = "demand"
    title = factory.Sequence(lambda number: f"石灰窑自动出灰装置与控制方法{number}")
    values = factory.LazyFunction(lambda: dict(DEMAND))
    owner = factory.SubFactory(PartyFactory)
    published = True
    actor = PLATFORM

    @classmethod
    def _create(cls, model_class: type[Resource], *args: Any, **facts: Any) -> Resource:
        return create_resource(**facts)


class AchievementFactory(ResourceFactory):
    """A published achievement of an institute."""

    kind = "achievement"
    title = factory.Sequence(lambda number: f"高温物料自动出灰成套装置{number}")
    values = factory.LazyFunction(lambda: {"problem": "解决高温石灰出灰卡料、人工清理危险的问题，已在三家企业使用。"})


class DocumentFactory(factory.Factory[Document]):
    """A drawing that belongs to a demand."""

    class Meta:
        model = Document

    entity = factory.SubFactory(ResourceFactory)
    content = b"%PDF-1.7 drawing"
    name = "图纸.pdf"
    visibility = "public"
    no_secrets = True
    actor = PLATFORM

    @classmethod
    def _create(cls, model_class: type[Document], *args: Any, **facts: Any) -> Document:
        return upload_document(file=io.BytesIO(facts.pop("content")), **facts)


class LeadFactory(factory.Factory[Lead]):
    """A demand and an achievement brought together by the platform's staff."""

    class Meta:
        model = Lead

    demand = factory.SubFactory(ResourceFactory)
    candidate = factory.SubFactory(AchievementFactory)
    actor = PLATFORM

    @classmethod
    def _create(cls, model_class: type[Lead], *args: Any, **facts: Any) -> Lead:
        return propose_lead(**facts)


class FeedbackFactory(factory.Factory[Feedback]):
    """What a member said of an answer."""

    class Meta:
        model = Feedback

    demand = factory.SubFactory(ResourceFactory)
    candidate = factory.SubFactory(AchievementFactory)
    verdict = USEFUL
    reason = "right"
    actor = factory.LazyFunction(lambda: member())

    @classmethod
    def _create(cls, model_class: type[Feedback], *args: Any, **facts: Any) -> Feedback:
        return give_feedback(**facts)


class ApiKeyFactory(factory.Factory[ApiKey]):
    """A key that an account made for itself; the secret stands in ``secret``."""

    class Meta:
        model = ApiKey

    account = factory.SubFactory(AccountFactory)
    label = "脚本"

    @classmethod
    def _create(cls, model_class: type[ApiKey], *args: Any, **facts: Any) -> ApiKey:
        key, secret = create_api_key(actor=actor_of(facts["account"]), **facts)
        key.secret = secret  # type: ignore[attr-defined]  # shown once, so it rides on the object
        return key


def member(party: Party | None = None) -> Actor:
    """Somebody who acts for ``party`` (a new enterprise by default)."""
    return actor_of(RoleGrantFactory(party=party or PartyFactory()).account)


def officer() -> Actor:
    """A clerk of the bureau."""
    return actor_of(RoleGrantFactory(role=Role.OFFICER, party=None, region="330100").account)


def manager() -> Actor:
    """A technology manager who works for an intermediary."""
    return actor_of(RoleGrantFactory(role=Role.MANAGER, party=PartyFactory(organisation_type="intermediary")).account)


def supervisor() -> Actor:
    """Somebody who reads everything and writes nothing."""
    return actor_of(RoleGrantFactory(role=Role.SUPERVISOR, party=None, region="330100").account)


def administrator(party: Party | None = None) -> Actor:
    """The administrator of ``party`` (a new enterprise by default)."""
    return actor_of(RoleGrantFactory(role=Role.ADMINISTRATOR, party=party or PartyFactory()).account)


def holder(role: Role, region: str = "") -> Actor:
    """Somebody with a role that is not for a party: an expert, an analyst, one of the three administrators."""
    return actor_of(RoleGrantFactory(role=role, party=None, region=region).account)
