"""Every write to parties, affiliations, accounts and keys."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.parties.identifiers import is_orcid, is_uscc
from rongtong.domain.parties.membership import grant_role as grant_role  # an act on parties like the others here
from rongtong.domain.parties.models import (
    AFFILIATION_ROLES,
    ORGANISATION_TYPES,
    Account,
    Affiliation,
    ApiKey,
    Party,
)
from rongtong.domain.parties.seats import seat_key
from rongtong.domain.parties.signing.policy import check_new_password

KEY_PREFIX = "rt_"


@action("parties.register_party")
def register_party(*, actor: Actor, kind: str, name: str, **facts: Any) -> Party:
    """Add an organisation or a person. ``facts`` are the other columns of Party.

    Idempotent on (source, external_id): the same party given again is updated and answered. Raises Invalid with every
    problem, AccessDenied.
    """
    party = _known(facts) or Party(kind=kind)
    party.name = name.strip()
    for column, value in facts.items():
        setattr(party, column, value)
    require(actor, "create", party)
    _check_party(party)
    try:
        with transaction.atomic():
            party.save()
    except IntegrityError:
        raise Invalid(_("统一社会信用代码“%(code)s”已登记在另一单位名下。") % {"code": party.uscc}) from None
    audit.record(actor, "parties.register_party", party, name=party.name, kind=kind)
    return party


@action("parties.update_party")
def update_party(*, actor: Actor, party: Party, **facts: Any) -> Party:
    """Change columns of a party; the event keeps what each was before."""
    locked = Party.objects.select_for_update().get(pk=party.pk)
    require(actor, "edit", locked)
    before = {column: str(getattr(locked, column)) for column in facts}
    for column, value in facts.items():
        setattr(locked, column, value)
    _check_party(locked)
    locked.save()
    audit.record(actor, "parties.update_party", locked, before=before)
    return locked


@action("parties.add_affiliation")
def add_affiliation(
    *,
    actor: Actor,
    member: Party,
    organisation: Party,
    role: str,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
    evidence: str = "",
) -> Affiliation:
    """Record that ``member`` stands in ``role`` to ``organisation`` from ``starts`` to ``ends`` (both inclusive)."""
    if role not in AFFILIATION_ROLES:
        raise Invalid(_("没有“%(role)s”这种任职关系。") % {"role": role})
    if starts and ends and ends < starts:
        raise Invalid(_("结束日期早于开始日期。"), [Problem("ends", _("结束日期早于开始日期。"))])
    affiliation = Affiliation(
        member=member, organisation=organisation, role=role, starts=starts, ends=ends, evidence=evidence
    )
    require(actor, "create", affiliation)
    Party.objects.select_for_update().get(pk=member.pk)
    known = Affiliation.objects.filter(member=member, organisation=organisation, role=role, starts=starts).first()
    if known is None:
        affiliation.save()
    audit.record(actor, "parties.add_affiliation", known or affiliation, member=member.name, role=role)
    return known or affiliation


@action("parties.create_account")
def create_account(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    password: str | None,
    person: Party | None = None,
    **facts: Any,
) -> Account:
    """Make an account; with ``password`` None nobody can sign in with it until one is set. Invalid when it is taken."""
    account = Account(username=username, display_name=display_name, person=person)
    for column, value in facts.items():
        setattr(account, column, value)
    require(actor, "create", account)
    if password is None:
        account.set_unusable_password()
    else:
        check_new_password(password, account)
        account.set_password(password)
    _save_new(account)
    audit.record(actor, "parties.create_account", account, username=username)
    return account


@action("parties.set_language")
def set_language(*, actor: Actor, account: Account, language: str) -> Account:
    """Keep the language an account reads."""
    require(actor, "edit", account)
    account.language = language
    account.save(update_fields=["language"])
    audit.record(actor, "parties.set_language", account, language=language)
    return account


@action("parties.create_api_key")
def create_api_key(
    *, actor: Actor, account: Account, label: str, expires_at: dt.datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key for the API, which acts in the seat that ``actor`` has now. The key is answered once, never stored.

    It ends at ``expires_at``, or as late as the region's rule allows.
    """
    expires_at = _expiry(expires_at)
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(account=account, label=label[:80], prefix=secret[:8], digest=key_digest(secret), expires_at=expires_at)
    key.seat = seat_key(actor.party, actor.region)
    require(actor, "create", key)
    key.save()
    audit.record(actor, "parties.create_api_key", key, label=label)
    return key, secret


@action("parties.revoke_api_key")
def revoke_api_key(*, actor: Actor, key: ApiKey) -> ApiKey:
    """End a key at once."""
    require(actor, "revoke", key)
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    audit.record(actor, "parties.revoke_api_key", key)
    return key


def key_digest(secret: str) -> str:
    """What is stored of a key or a calendar's address. Both are 256 random bits: one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _known(facts: dict[str, Any]) -> Party | None:
    if not facts.get("external_id"):
        return None
    return Party.objects.filter(source=facts.get("source", ""), external_id=facts["external_id"]).first()


def _check_party(party: Party) -> None:
    problems = []
    if not party.name:
        problems.append(Problem("name", _("名称必填。")))
    if party.kind not in Party.KINDS:
        problems.append(Problem("kind", _("应为单位或个人。")))
    if party.kind == "organisation" and party.organisation_type not in ORGANISATION_TYPES:
        problems.append(Problem("organisation_type", _("单位类型不明确。")))
    if party.uscc and not is_uscc(party.uscc):
        problems.append(Problem("uscc", _("统一社会信用代码的校验位不对，请核对 18 位代码。")))
    if party.orcid and not is_orcid(party.orcid):
        problems.append(Problem("orcid", _("ORCID 的校验位不对，请核对。")))
    if problems:
        raise Invalid(_("“%(name)s”的信息有误，未保存。") % {"name": party.name}, problems)


def _save_new(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        message = _("账号“%(username)s”已有人使用，请换一个。") % {"username": account.username}
        raise Invalid(message, [Problem("username", message)]) from None


def _expiry(wanted: dt.datetime | None) -> dt.datetime:
    """When a key ends: every key does, at the latest after as many days as the region allows."""
    days: int = settings.ENVIRONMENT.api_key_days
    latest = timezone.now() + dt.timedelta(days=days)
    if wanted and wanted > latest + dt.timedelta(minutes=5):
        message = _("接口密钥最长有效 %(days)d 天，请选更早的日期。") % {"days": days}
        raise Invalid(message, [Problem("expires_at", message)])
    return wanted or latest
