"""Every action of signing in, under one name."""

from rongtong.domain.parties.signing.factors import (
    confirm_second_factor,
    draft_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from rongtong.domain.parties.signing.identities import bind_identity, release_identity
from rongtong.domain.parties.signing.invitations import accept_invitation, issue_invitation, join_by_invitation
from rongtong.domain.parties.signing.links import revoke_link
from rongtong.domain.parties.signing.passwords import change_password, set_password
from rongtong.domain.parties.signing.resets import issue_reset, use_reset
from rongtong.domain.parties.signing.sessions import end_other_sessions, end_session

__all__ = [
    "accept_invitation",
    "bind_identity",
    "change_password",
    "confirm_second_factor",
    "draft_second_factor",
    "end_other_sessions",
    "end_session",
    "issue_invitation",
    "issue_reset",
    "join_by_invitation",
    "release_identity",
    "remove_second_factor",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_link",
    "set_password",
    "use_reset",
]
