"""Factories of a challenge; each calls the action that makes such a record in life."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone

from rongtong.domain.programmes.actions.calls import create_programme, create_topic
from rongtong.domain.programmes.models import Programme, Topic
from tests.factories import PLATFORM, PartyFactory, ResourceFactory

METRICS = [{"name": "出灰温度", "relation": "<=", "value": "80", "unit": "℃", "must": True}]


def unlike(number: int) -> str:
    """A name that is like no other, so that no topic of a test asks how it differs from another's."""
    return "".join(chr(0x4E00 + (number * 7919 + place * 1049) % 20000) for place in range(10))


class ProgrammeFactory(factory.Factory[Programme]):
    """An open challenge in preparation."""

    class Meta:
        model = Programme

    template_key = "open-challenge"
    title = factory.Sequence(lambda number: f"揭榜挂帅{number}")
    legal_basis = "云岭高新区揭榜挂帅实施办法（示例）"
    actor = PLATFORM

    @classmethod
    def _create(cls, model_class: type[Programme], *args: Any, **facts: Any) -> Programme:
        return create_programme(**facts)


class TopicFactory(factory.Factory[Topic]):
    """A topic being drafted, with a deadline in two months."""

    class Meta:
        model = Topic

    programme = factory.SubFactory(ProgrammeFactory)
    setter = factory.SubFactory(PartyFactory)
    title = factory.Sequence(lambda number: f"榜题{unlike(number)}")
    problem = "石灰窑出灰系统在高温下频繁卡料，需要自动出灰的装置与控制方法。"
    metrics = factory.LazyFunction(lambda: list(METRICS))
    setter_money = 300_000_00
    public_money = 100_000_00
    opens_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=31))
    closes_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=62))
    actor = PLATFORM

    @classmethod
    def _create(cls, model_class: type[Topic], *args: Any, **facts: Any) -> Topic:
        demands = facts.pop("demands", None) or [ResourceFactory(owner=facts["setter"])]
        return create_topic(demands=demands, **facts)
