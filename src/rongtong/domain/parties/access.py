"""Who may see and change parties, affiliations and accounts."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account, Affiliation, ApiKey, Party, RoleGrant


def anyone(actor: Actor) -> bool:
    return True


def signed_in(actor: Actor) -> bool:
    return actor.signed_in


def has_party(actor: Actor) -> bool:
    return actor.party is not None


def staff(actor: Actor) -> bool:
    return actor.staff


def platform(actor: Actor) -> bool:
    return actor.is_any(Role.SYSTEM)


STAFF = Grant(Words("管理部门在职责范围内办理", "Bureau staff, in the course of duty"), staff, lambda actor: EVERYTHING)
PLATFORM = Grant(Words("平台自动办理", "The platform itself"), platform, lambda actor: EVERYTHING)
AUDITOR = Grant(
    Words("监督人员可查阅", "Supervisors may read"),
    lambda actor: actor.is_any(Role.SUPERVISOR),
    lambda actor: EVERYTHING,
)
ORGANISATIONS_ARE_PUBLIC = Grant(
    Words("单位基本信息公开", "Basic facts of organisations are public"),
    anyone,
    lambda actor: Q(kind="organisation", state="active"),
)
PEOPLE_TO_MEMBERS = Grant(
    Words("人员信息对登录成员可见", "People are visible to signed-in members"),
    signed_in,
    lambda actor: Q(kind="person", state="active"),
)
OWN = Grant(Words("本单位信息", "Your own organisation"), has_party, lambda actor: Q(id=actor.party))

declare(
    Party,
    view=(ORGANISATIONS_ARE_PUBLIC, PEOPLE_TO_MEMBERS, OWN, STAFF, AUDITOR),
    edit=(OWN, STAFF),
    create=(STAFF,),
)
declare(
    Affiliation,
    view=(
        Grant(
            Words("任职关系对登录成员可见", "Affiliations are visible to members"), signed_in, lambda actor: EVERYTHING
        ),
        STAFF,
    ),
    create=(
        STAFF,
        Grant(
            Words("本单位人员", "Your own organisation's people"),
            has_party,
            lambda actor: Q(organisation_id=actor.party),
        ),
    ),
)
OWN_ACCOUNT = Grant(Words("本人账号", "Your own account"), signed_in, lambda actor: Q(id=actor.account))
declare(Account, view=(OWN_ACCOUNT, PLATFORM), create=(PLATFORM,), edit=(OWN_ACCOUNT, PLATFORM))
declare(RoleGrant, create=(PLATFORM,), view=(PLATFORM,))
OWN_KEY = Grant(Words("本人的接口密钥", "Your own API keys"), signed_in, lambda actor: Q(account_id=actor.account))
declare(ApiKey, view=(OWN_KEY,), create=(OWN_KEY,), revoke=(OWN_KEY,))
