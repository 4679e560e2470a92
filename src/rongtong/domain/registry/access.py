"""Who may find, read, write and move the records of the register, and which classes of field they see."""

from django.db.models import Q

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.relations import Relation, relate, related
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import (
    AUDITOR,
    administers,
    anyone,
    has_party,
    in_region,
    keeps_records,
    platform,
    signed_in,
    staff,
)
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import RoleGrant
from rongtong.domain.registry.models import Disclosure, ImportJob, Resource
from rongtong.domain.registry.states import LISTED, STAFF_SEES

UNSEALED = [each.value for each in Visibility if each is not Visibility.SEALED]
STAFF_CLASSES = [
    Visibility.PUBLIC.value,
    Visibility.MEMBERS.value,
    Visibility.MATCHED.value,
    Visibility.PANEL.value,
    Visibility.INTERNAL.value,
]


def has_administrator(actor: Actor) -> bool:
    """Whether anybody administers the organisation that ``actor`` acts for."""
    return current(RoleGrant.objects.filter(role=Role.ADMINISTRATOR.value, party=actor.party)).exists()


PUBLIC = Grant(
    Words("公开发布的记录", "Published and public"),
    anyone,
    lambda actor: Q(state__in=LISTED, visibility=Visibility.PUBLIC.value),
)
MEMBERS = Grant(
    Words("对登录成员发布的记录", "Published to signed-in members"),
    signed_in,
    lambda actor: Q(state__in=LISTED, visibility=Visibility.MEMBERS.value),
)
COUNTERPARTY = Grant(
    Words("经引荐的对方", "The other side of an introduction"),
    has_party,
    lambda actor: Q(state__in=LISTED, visibility__in=UNSEALED) & related(Relation.COUNTERPARTY, actor),
)
MATCHED = Grant(
    COUNTERPARTY.because,
    has_party,
    lambda actor: Q(state__in=LISTED, visibility=Visibility.MATCHED.value) & related(Relation.COUNTERPARTY, actor),
)
REVIEWER = Grant(
    Words("评审期内分派给您评审", "Assigned to you for review, within its time"),
    signed_in,
    lambda actor: Q(visibility__in=UNSEALED) & related(Relation.PANEL, actor),
)
PANEL = Grant(
    REVIEWER.because,
    signed_in,
    lambda actor: Q(visibility=Visibility.PANEL.value) & related(Relation.PANEL, actor),
)
OWN = Grant(Words("本单位的记录", "Your own organisation's record"), has_party, lambda actor: Q(owner_id=actor.party))
OWN_OPEN = Grant(OWN.because, has_party, lambda actor: Q(owner_id=actor.party, visibility__in=UNSEALED))
OWN_LISTED = Grant(
    Words("本单位已发布的记录", "Your own organisation's published record"),
    has_party,
    lambda actor: Q(state__in=LISTED, owner_id=actor.party, visibility__in=UNSEALED),
)
STAFF_READ = Grant(
    Words("管理部门在职责范围内查阅", "Bureau staff, in the course of duty"),
    staff,
    lambda actor: Q(state__in=STAFF_SEES, visibility__in=STAFF_CLASSES) & in_region(actor),
)
STAFF_FIND = Grant(
    STAFF_READ.because,
    staff,
    lambda actor: Q(state__in=LISTED, visibility__in=STAFF_CLASSES) & in_region(actor),
)
STEWARD = Grant(Words("管理部门核实与发布", "Bureau staff verify and publish"), staff, STAFF_READ.where)
OWNERLESS = Grant(
    Words("没有所属单位的记录，由管理部门维护", "A record that no organisation owns is kept by bureau staff"),
    staff,
    lambda actor: Q(owner_id__isnull=True, visibility__in=STAFF_CLASSES) & in_region(actor),
)
STAFF_ENTER = Grant(STEWARD.because, staff, lambda actor: EVERYTHING)
PLATFORM = Grant(Words("平台自动办理", "The platform itself"), platform, lambda actor: Q(visibility__in=UNSEALED))
WATCHED = Grant(AUDITOR.because, AUDITOR.whom, lambda actor: Q(visibility__in=UNSEALED) & in_region(actor))
HOUR_HAS_COME = Grant(
    Words("封存的时间已到", "The hour of the seal has come"), platform, lambda actor: Q(opens_at__lte=clock.now())
)

declare(
    Resource,
    find=(PUBLIC, MEMBERS, MATCHED, OWN_LISTED, STAFF_FIND),
    view=(PUBLIC, MEMBERS, MATCHED, PANEL, OWN, STAFF_READ, PLATFORM, WATCHED),
    view_public_fields=(
        Grant(Words("公开的内容", "Public content"), anyone, lambda actor: Q(visibility__in=UNSEALED)),
    ),
    view_members_fields=(
        Grant(Words("登录成员", "Signed-in members"), signed_in, lambda actor: Q(visibility__in=UNSEALED)),
        PLATFORM,
    ),
    view_matched_fields=(OWN_OPEN, COUNTERPARTY, PLATFORM),
    view_panel_fields=(OWN_OPEN, REVIEWER, PLATFORM),
    view_internal_fields=(STAFF_READ, PLATFORM),
    view_owner_fields=(OWN_OPEN, PLATFORM),
    view_sealed_fields=(),
    create=(OWN, STAFF_ENTER),
    create_published=(STAFF_ENTER,),
    edit=(OWN_OPEN, STEWARD, PLATFORM),
    close=(OWN_OPEN, OWNERLESS, PLATFORM),
    consent=(OWN_OPEN,),
    submit=(OWN, PLATFORM),
    verify=(STEWARD,),
    publish=(STEWARD,),
    withdraw=(OWN, STEWARD),
    archive=(STEWARD,),
    expire=(PLATFORM,),
    unseal=(HOUR_HAS_COME,),
    assign_reader=(STEWARD,),
    history=(OWN, STAFF_READ, WATCHED),
)
ASKS = Grant(Words("本单位的申请", "Your own request"), has_party, lambda actor: Q(party_id=actor.party))
OWNER_SIDE = Grant(
    Words("本单位的记录", "Your own record"),
    has_party,
    lambda actor: Q(record_owner=actor.party, layer="confidential"),
)
ADMINISTRATOR_DECIDES = Grant(
    Words("单位管理员决定保密部分给谁看", "The administrator decides who reads the confidential part"),
    administers,
    OWNER_SIDE.where,
)
AUTHOR_DECIDES = Grant(
    Words("由填报人决定保密部分给谁看", "Who wrote the record decides who reads its confidential part"),
    lambda actor: has_party(actor) and actor.account is not None,
    lambda actor: OWNER_SIDE.where(actor) & Q(record_id__in=Resource.objects.filter(author=actor.account).values("id")),
)
MEMBER_DECIDES = Grant(
    Words("本单位没有管理员，由成员决定", "Your organisation has no administrator: its members decide"),
    lambda actor: has_party(actor) and not has_administrator(actor),
    OWNER_SIDE.where,
)
REVIEWS = Grant(
    Words("分派给您的评审", "A review assigned to you"),
    signed_in,
    lambda actor: Q(account=actor.account, layer="panel"),
)
CONVENES = Grant(
    Words("管理部门组织评审", "Bureau staff organise the review"),
    staff,
    lambda actor: Q(layer="panel", record_id__in=Resource.objects.filter(STAFF_READ.where(actor)).values("id")),
)
WATCHES = Grant(
    AUDITOR.because,
    AUDITOR.whom,
    lambda actor: Q(record_id__in=Resource.objects.filter(in_region(actor)).values("id")),
)
declare(
    Disclosure,
    view=(ASKS, OWNER_SIDE, REVIEWS, CONVENES, WATCHES),
    ask=(ASKS,),
    take_back=(ASKS,),
    decide=(ADMINISTRATOR_DECIDES, AUTHOR_DECIDES, MEMBER_DECIDES),
    convene=(CONVENES,),
    expire=(Grant(PLATFORM.because, platform, lambda actor: EVERYTHING),),
)
OWN_JOB = Grant(Words("本人上传的文件", "A file you uploaded"), signed_in, lambda actor: Q(account=actor.account))
BROUGHT_JOB = Grant(OWN_JOB.because, lambda actor: actor.signed_in and keeps_records(actor), OWN_JOB.where)
EVERY_JOB = Grant(PLATFORM.because, platform, lambda actor: EVERYTHING)
declare(
    ImportJob,
    view=(OWN_JOB, EVERY_JOB),
    create=(BROUGHT_JOB, EVERY_JOB),
    edit=(BROUGHT_JOB, EVERY_JOB),
    run=(EVERY_JOB,),
)


def in_force(actor: Actor, layer: str) -> Q:
    """The condition that a disclosure of ``layer`` reaches ``actor`` now."""
    now = clock.now()
    whom = Q(account=actor.account) if layer == "panel" else Q(party_id=actor.party)
    return whom & Q(layer=layer, state="granted", starts__lte=now, ends__gt=now)


relate(Relation.PANEL, lambda actor: Disclosure.objects.filter(in_force(actor, "panel")).values("record_id"))
relate(
    Relation.CONFIDANT,
    lambda actor: Disclosure.objects.filter(in_force(actor, "confidential"), party__isnull=False).values("record_id"),
)
