"""What this app itself holds of a person: the profile, affiliations, accounts, roles, sign-ins, consents, requests."""

from django.db.models import Q
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, Event, ProvisionEvent
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import (
    Account,
    Affiliation,
    Consent,
    OneTimeLink,
    OutsideIdentity,
    Party,
    PersonalRequest,
    RoleGrant,
    SecondFactor,
    SignIn,
)
from rongtong.domain.parties.personal.parts import Part, Rows, contribute
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.signing.sessions import end_all

STREAMS: tuple[type[Event], ...] = (AuditEvent, AccessEvent, ProvisionEvent)
MOST_EVENTS = 5000
"""Events of the log in one copy, the latest; whoever needs older ones asks the auditor for an archive."""


def _profile(person: Party, accounts: list[Account]) -> Rows:
    names = ("name", "name_en", "title", "orcid", "region", "source")
    return [{name: getattr(person, name) for name in names}]


def _affiliations(person: Party, accounts: list[Account]) -> Rows:
    rows = Affiliation.objects.filter(member=person).select_related("organisation")
    return [
        {"organisation": each.organisation.name, "role": each.role, "starts": each.starts, "ends": each.ends}
        for each in rows
    ]


def _accounts(person: Party, accounts: list[Account]) -> Rows:
    return [
        {
            "username": each.username,
            "name": each.display_name,
            "email": each.email,
            "since": each.created_at,
            "active": each.is_active,
        }
        for each in accounts
    ]


def _roles(person: Party, accounts: list[Account]) -> Rows:
    grants = RoleGrant.objects.filter(account__in=accounts).select_related("party")
    return [
        {
            "role": ROLE_LABELS[Role(each.role)].zh,
            "for": str(each.party or each.region),
            "from": each.starts,
            "to": each.ends,
        }
        for each in grants
    ]


def _sign_ins(person: Party, accounts: list[Account]) -> Rows:
    rows = SignIn.objects.filter(account__in=accounts).order_by("-created_at")[:MOST_EVENTS]
    return [{"at": each.created_at, "address": each.address, "device": each.agent, "how": each.how} for each in rows]


def _consents(person: Party, accounts: list[Account]) -> Rows:
    rows = Consent.objects.filter(subject=person).select_related("recipient")
    return [
        {
            "purpose": each.wording,
            "to": str(each.recipient or ""),
            "given": each.given_at,
            "withdrawn": each.withdrawn_at,
        }
        for each in rows
    ]


def _requests(person: Party, accounts: list[Account]) -> Rows:
    rows = PersonalRequest.objects.filter(person=person)
    return [{"kind": each.kind, "at": each.created_at, "state": each.state, "answer": each.answer} for each in rows]


def _events(person: Party, accounts: list[Account]) -> Rows:
    whose = _concerned(person, accounts)
    found = [
        event for stream in STREAMS for event in stream._default_manager.filter(whose).order_by("-seq")[:MOST_EVENTS]
    ]
    return [
        {"at": each.at, "what": each.action, "record": f"{each.entity_kind} {each.entity_id}".strip()}
        for each in sorted(found, key=lambda event: event.at, reverse=True)
    ]


def _count_events(person: Party, accounts: list[Account]) -> int:
    whose = _concerned(person, accounts)
    return sum(min(stream._default_manager.filter(whose).count(), MOST_EVENTS) for stream in STREAMS)


def _concerned(person: Party, accounts: list[Account]) -> Q:
    return Q(account__in=[account.pk for account in accounts]) | Q(entity_id=str(person.pk))


def _erase_profile(actor: Actor, person: Party) -> int:
    person.name, person.name_en, person.title, person.orcid = f"已注销人员 {str(person.pk)[-6:]}", "", "", ""
    person.source, person.external_id, person.state = "", "", "erased"
    person.save()
    return 1


def _erase_affiliations(actor: Actor, person: Party) -> int:
    return Affiliation.objects.filter(member=person).exclude(evidence="").update(evidence="")


def _erase_accounts(actor: Actor, person: Party) -> int:
    accounts = list(Account.objects.filter(person=person))
    for account in accounts:
        end_all(account, "inactive")
        _erase_signing(account)
        account.username = f"erased-{account.pk}"
        account.display_name, account.description, account.is_active = "已注销账号", "", False
        account.email = ""
        account.set_unusable_password()
        account.save()
        account.api_keys.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    return len(accounts)


def _erase_signing(account: Account) -> None:
    """What one signs in with, and the letters that were sent to them."""
    letters = OneTimeLink.objects.filter(Q(account=account) | (Q(email=account.email) & ~Q(email="")))
    letters.update(email="", name="")
    account.passwords.all().delete()
    SecondFactor.objects.filter(account=account).delete()
    OutsideIdentity.objects.filter(account=account).delete()


def _erase_sign_ins(actor: Actor, person: Party) -> int:
    return SignIn.objects.filter(account__person=person).update(address="", agent="")


def _erase_consents(actor: Actor, person: Party) -> int:
    standing = Consent.objects.filter(subject=person, withdrawn_at__isnull=True)
    return standing.update(withdrawn_at=timezone.now(), withdrawn_by=actor.name)


BY_LAW = Words(
    "网络安全法、数据安全法要求留存；到期后由平台清理",
    "Kept as long as the laws on networks and data ask",
)
for part in (
    Part("profile", Words("个人资料", "Profile"), _profile, _erase_profile),
    Part("affiliations", Words("任职关系", "Affiliations"), _affiliations, _erase_affiliations),
    Part("accounts", Words("账号", "Accounts"), _accounts, _erase_accounts),
    Part(
        "roles",
        Words("身份", "Roles"),
        _roles,
        None,
        Words("谁曾有权办理，须可追溯", "Who could act must stay traceable"),
    ),
    Part("sign_ins", Words("登录", "Sign-ins"), _sign_ins, _erase_sign_ins),
    Part("consents", Words("同意", "Consents"), _consents, _erase_consents),
    Part("requests", Words("个人信息请求", "Requests"), _requests, None, BY_LAW),
    Part("events", Words("操作与查阅记录", "What was done and seen"), _events, None, BY_LAW, _count_events),
):
    contribute(part)
