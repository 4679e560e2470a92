"""Who may find, read, write and move the records of the register, and which classes of field they see."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, allows, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.access import AUDITOR, anyone, has_party, platform, signed_in, staff
from rongtong.domain.registry.models import ImportJob, Resource
from rongtong.domain.registry.states import LISTED, STAFF_SEES

PUBLIC = Grant(
    Words("公开发布的记录", "Published and public"),
    anyone,
    lambda actor: Q(state__in=LISTED, visibility=Visibility.PUBLIC),
)
MEMBERS = Grant(
    Words("对登录成员发布的记录", "Published to signed-in members"),
    signed_in,
    lambda actor: Q(state__in=LISTED, visibility=Visibility.MEMBERS),
)
OWN = Grant(Words("本单位的记录", "Your own organisation's record"), has_party, lambda actor: Q(owner_id=actor.party))
OWN_LISTED = Grant(
    Words("本单位已发布的记录", "Your own organisation's published record"),
    has_party,
    lambda actor: Q(state__in=LISTED, owner_id=actor.party),
)
STAFF_READ = Grant(
    Words("管理部门在职责范围内查阅", "Bureau staff, in the course of duty"),
    staff,
    lambda actor: Q(state__in=STAFF_SEES, visibility__in=[Visibility.PUBLIC, Visibility.MEMBERS, Visibility.INTERNAL]),
)
STAFF_FIND = Grant(
    STAFF_READ.because,
    staff,
    lambda actor: Q(state__in=LISTED, visibility__in=[Visibility.PUBLIC, Visibility.MEMBERS, Visibility.INTERNAL]),
)
STEWARD = Grant(Words("管理部门核实与发布", "Bureau staff verify and publish"), staff, STAFF_READ.where)
PLATFORM = Grant(
    Words("平台自动办理", "The platform itself"), lambda actor: actor.is_any(Role.SYSTEM), lambda actor: EVERYTHING
)

declare(
    Resource,
    find=(PUBLIC, MEMBERS, OWN_LISTED, STAFF_FIND),
    view=(PUBLIC, MEMBERS, OWN, STAFF_READ, PLATFORM, AUDITOR),
    view_members_fields=(
        Grant(Words("登录成员", "Signed-in members"), signed_in, lambda actor: EVERYTHING),
        PLATFORM,
    ),
    view_internal_fields=(STAFF_READ, PLATFORM),
    view_owner_fields=(OWN, PLATFORM),
    create=(OWN, Grant(STEWARD.because, staff, lambda actor: EVERYTHING)),
    create_published=(Grant(STEWARD.because, staff, lambda actor: EVERYTHING),),
    edit=(OWN, STEWARD, PLATFORM),
    submit=(OWN, PLATFORM),
    verify=(STEWARD,),
    publish=(STEWARD,),
    withdraw=(OWN, STEWARD),
    archive=(STEWARD,),
    expire=(PLATFORM,),
    history=(OWN, STAFF_READ, AUDITOR),
)
OWN_JOB = Grant(Words("本人上传的文件", "A file you uploaded"), signed_in, lambda actor: Q(account=actor.account))
declare(
    ImportJob,
    view=(OWN_JOB, Grant(PLATFORM.because, platform, lambda actor: EVERYTHING)),
    create=(OWN_JOB, PLATFORM),
    edit=(OWN_JOB, PLATFORM),
    run=(PLATFORM,),
)

_CLASSES = {
    Visibility.MEMBERS: "view_members_fields",
    Visibility.INTERNAL: "view_internal_fields",
    Visibility.OWNER: "view_owner_fields",
}
PUBLIC_ONLY = frozenset({Visibility.PUBLIC})


def readable_classes(actor: Actor, record: Resource) -> frozenset[Visibility]:
    """The classes of field that ``actor`` may read on a record they may view."""
    granted = {visibility for visibility, action in _CLASSES.items() if allows(actor, action, record)}
    return PUBLIC_ONLY | granted
