"""Organisations, people, what ties them, and the accounts they sign in with."""

from rongtong.domain.parties.models.accounts import Account, AccountManager, ApiKey, RoleGrant
from rongtong.domain.parties.models.consents import Consent
from rongtong.domain.parties.models.parties import AFFILIATION_ROLES, ORGANISATION_TYPES, Affiliation, Party
from rongtong.domain.parties.models.personal import PersonalRequest
from rongtong.domain.parties.models.signing import (
    OneTimeLink,
    OutsideIdentity,
    PasswordHistory,
    RecoveryCode,
    SecondFactor,
    SignIn,
    Wait,
)

__all__ = [
    "AFFILIATION_ROLES",
    "ORGANISATION_TYPES",
    "Account",
    "AccountManager",
    "Affiliation",
    "ApiKey",
    "Consent",
    "OneTimeLink",
    "OutsideIdentity",
    "Party",
    "PasswordHistory",
    "PersonalRequest",
    "RecoveryCode",
    "RoleGrant",
    "SecondFactor",
    "SignIn",
    "Wait",
]
