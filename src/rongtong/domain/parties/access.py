"""Who may see and change parties, affiliations, accounts and roles."""

from django.db.models import Q

from rongtong.domain.foundation.access import EVERYTHING, Grant, declare
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account, Affiliation, ApiKey, Party, RoleGrant
from rongtong.domain.parties.roles import BYSTANDERS, conferrable_by


def anyone(actor: Actor) -> bool:
    return True


def signed_in(actor: Actor) -> bool:
    """Signed in as somebody who takes part: a member of the house rather than one who only runs or counts it."""
    return actor.signed_in and not actor.is_any(*BYSTANDERS)


def has_account(actor: Actor) -> bool:
    return actor.signed_in


def has_party(actor: Actor) -> bool:
    return actor.party is not None


def keeps_records(actor: Actor) -> bool:
    """Who brings records in: for a party, or as the bureau's staff."""
    return has_party(actor) or staff(actor)


def administers(actor: Actor) -> bool:
    return actor.party is not None and actor.is_any(Role.ADMINISTRATOR)


def guards(actor: Actor) -> bool:
    return actor.is_any(Role.SECADMIN)


def staff(actor: Actor) -> bool:
    return actor.staff


def platform(actor: Actor) -> bool:
    return actor.is_any(Role.SYSTEM)


def supervises(actor: Actor) -> bool:
    return actor.is_any(Role.SUPERVISOR)


def in_region(actor: Actor, column: str = "region") -> Q:
    """What lies in the region that an actor is bounded to, and what lies in none."""
    if not actor.region:
        return EVERYTHING
    return Q((column, "")) | Q((f"{column}__startswith", actor.region_prefix))


STAFF = Grant(Words("管理部门在职责范围内办理", "Bureau staff, in the course of duty"), staff, lambda actor: EVERYTHING)
STAFF_HERE = Grant(Words("管理部门办理本地区事务", "Bureau staff, within their region"), staff, in_region)
PLATFORM = Grant(Words("平台自动办理", "The platform itself"), platform, lambda actor: EVERYTHING)
AUDITOR = Grant(Words("监督人员可查阅", "Supervisors may read"), supervises, lambda actor: EVERYTHING)
AUDITOR_HERE = Grant(Words("监督人员可查阅本地区", "Supervisors may read, within their region"), supervises, in_region)
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
OWN_FACTS = Grant(OWN.because, administers, OWN.where)
OWN_PERSON = Grant(Words("本人信息", "Yourself"), has_party, lambda actor: Q(kind="person", id=actor.party))

declare(
    Party,
    view=(ORGANISATIONS_ARE_PUBLIC, PEOPLE_TO_MEMBERS, OWN, STAFF_HERE, AUDITOR_HERE),
    edit=(OWN_FACTS, OWN_PERSON, STAFF_HERE),
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


def _members_of_own(actor: Actor) -> Q:
    return Q(id__in=RoleGrant.objects.filter(party=actor.party).values("account_id"))


OWN_ACCOUNT = Grant(Words("本人账号", "Your own account"), has_account, lambda actor: Q(id=actor.account))
GUARDED = Grant(
    Words("安全管理员管理账号与身份", "The security administrator keeps accounts and roles"),
    guards,
    lambda actor: EVERYTHING,
)
COLLEAGUES = Grant(Words("本单位成员", "Your own organisation's people"), has_party, _members_of_own)
ADMINISTERED = Grant(
    Words("单位管理员管理本单位成员", "Administrators keep their own organisation's members"),
    administers,
    _members_of_own,
)
declare(
    Account,
    view=(OWN_ACCOUNT, COLLEAGUES, GUARDED, AUDITOR, PLATFORM),
    explain=(OWN_ACCOUNT, ADMINISTERED, GUARDED, AUDITOR),
    create=(PLATFORM,),
    edit=(OWN_ACCOUNT, PLATFORM),
    suspend=(GUARDED, PLATFORM),
    restore=(GUARDED, PLATFORM),
    set_password=(PLATFORM,),
)


def _conferred_by(giver: Role) -> Q:
    return Q(role__in=[role.value for role in conferrable_by(giver)])


OWN_MEMBERSHIP = Grant(
    ADMINISTERED.because,
    administers,
    lambda actor: Q(party_id=actor.party) & _conferred_by(Role.ADMINISTRATOR),
)
CONFERRED = Grant(GUARDED.because, guards, lambda actor: _conferred_by(Role.SECADMIN))
declare(
    RoleGrant,
    create=(OWN_MEMBERSHIP, CONFERRED, PLATFORM),
    end=(OWN_MEMBERSHIP, CONFERRED, PLATFORM),
    view=(
        Grant(Words("本人的身份", "Your own roles"), has_account, lambda actor: Q(account_id=actor.account)),
        Grant(COLLEAGUES.because, has_party, lambda actor: Q(party_id=actor.party)),
        GUARDED,
        AUDITOR,
        PLATFORM,
    ),
)
OWN_KEY = Grant(Words("本人的接口密钥", "Your own API keys"), has_account, lambda actor: Q(account_id=actor.account))
declare(ApiKey, view=(OWN_KEY,), create=(OWN_KEY,), revoke=(OWN_KEY,))
