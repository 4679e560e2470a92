"""Who enters, confirms and reads facts, assessments, certificates and runs."""

from typing import Any

from django.db.models import Q, QuerySet

from rongtong.domain.assessments.models import Assessment, Certificate, Fact, Run
from rongtong.domain.foundation.access import EVERYTHING, Grant, LookedUp, declare
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import has_party, in_region, platform, staff, supervises
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Party

POINTS = "cn.innovation-points"
"""The pack from which every scheme of innovation points descends."""


def parties_in_region(actor: Actor) -> QuerySet[Any, Any]:
    """The parties of the region that an actor is bounded to, and those of none."""
    return LookedUp(Party).filter(in_region(actor)).values("id")


def agreed_to_points(actor: Actor) -> QuerySet[Any, Any]:
    """The enterprises that let the actor's party read their innovation points."""
    return in_force("innovation_points").filter(recipient_id=actor.party).values("subject_id")


OWN = Grant(Words("本单位的数据", "Your own organisation's data"), has_party, lambda actor: Q(party_id=actor.party))
STAFF = Grant(
    Words("管理部门办理本地区事务", "Bureau staff, within their region"),
    staff,
    lambda actor: Q(party_id__in=parties_in_region(actor)),
)
WATCHED = Grant(
    Words("监督人员可查阅", "Supervisors may read"),
    supervises,
    lambda actor: Q(party_id__in=parties_in_region(actor)),
)
PLATFORM = Grant(Words("平台自动办理", "The platform itself"), platform, lambda actor: EVERYTHING)
WITH_CONSENT = Grant(
    Words("企业同意向您提供，且已确认结果", "The enterprise agreed, and accepted the result"),
    has_party,
    lambda actor: Q(
        family=POINTS, confirmed_only=True, accepted_at__isnull=False, party_id__in=agreed_to_points(actor)
    ),
)
declare(Fact, view=(OWN, STAFF, WATCHED), record=(OWN, STAFF), confirm=(OWN,))
declare(Assessment, view=(OWN, STAFF, WATCHED, WITH_CONSENT), make=(OWN, STAFF), accept=(OWN,))
declare(
    Certificate,
    view=(OWN, STAFF, WATCHED),
    record=(OWN, STAFF),
    edit=(OWN, STAFF),
    verify=(STAFF,),
    expire=(PLATFORM,),
)
IN_REGION = Grant(
    STAFF.because,
    staff,
    lambda actor: Q(region__startswith=actor.region_prefix) if actor.region else EVERYTHING,
)
declare(
    Run,
    view=(IN_REGION, Grant(WATCHED.because, supervises, IN_REGION.where)),
    ask=(IN_REGION,),
    edit=(IN_REGION,),
    run=(PLATFORM,),
)
