"""Every action of signing in, performed once."""

from collections.abc import Callable

from django.utils import timezone

from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.parties.models import Account, OneTimeLink, SignIn
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import actions
from rongtong.domain.parties.signing.sessions import open_session
from tests.factories import PASSWORD, PLATFORM, AccountFactory, PartyFactory, administrator, holder
from tests.parties.signing.people import enrolled, person

NEW = "一个足够长的新密码的句子"


def _invitation() -> OneTimeLink:
    firm = PartyFactory()
    issued = actions.issue_invitation(
        actor=administrator(firm), to_address=str, role=Role.MEMBER, party=firm, name="王工"
    )
    return issued.link


def _accept() -> Account:
    return actions.accept_invitation(
        actor=VISITOR, link=_invitation(), username="wang", display_name="王工", password=NEW
    )


def _join() -> Account:
    account = AccountFactory()
    return actions.join_by_invitation(actor=actor_of(account), link=_invitation(), account=account)


def _reset_link() -> OneTimeLink:
    return actions.issue_reset(actor=PLATFORM, to_address=str, account=person()).link


def _change() -> Account:
    account = person()
    return actions.change_password(actor=actor_of(account), account=account, old=PASSWORD, new=NEW)


def _enrolled() -> Account:
    account = person()
    enrolled(account)
    return account


def _of_own(action: Callable[..., object]) -> Callable[[], object]:
    def perform() -> object:
        account = _enrolled()
        return action(actor=actor_of(account), account=account, password=PASSWORD)

    return perform


def _session() -> SignIn:
    return open_session(person(), how="password", two_factors=False)


def _end() -> SignIn:
    held = _session()
    return actions.end_session(actor=actor_of(held.account), sign_in=held)


def _end_others() -> int:
    held = _session()
    return actions.end_other_sessions(actor=actor_of(held.account), account=held.account, keep=None)


def _bind() -> object:
    return actions.bind_identity(
        actor=holder(Role.SECADMIN), account=AccountFactory(), issuer="https://id.example", subject=str(timezone.now())
    )


SIGNING: dict[str, Callable[[], object]] = {
    "parties.issue_invitation": _invitation,
    "parties.accept_invitation": _accept,
    "parties.join_by_invitation": _join,
    "parties.revoke_link": lambda: actions.revoke_link(actor=PLATFORM, link=_invitation()),
    "parties.issue_reset": _reset_link,
    "parties.use_reset": lambda: actions.use_reset(actor=VISITOR, link=_reset_link(), password=NEW),
    "parties.change_password": _change,
    "parties.set_password": lambda: actions.set_password(actor=PLATFORM, account=AccountFactory(), password=NEW),
    "parties.draft_second_factor": _enrolled,
    "parties.confirm_second_factor": _enrolled,
    "parties.renew_recovery_codes": _of_own(actions.renew_recovery_codes),
    "parties.remove_second_factor": _of_own(actions.remove_second_factor),
    "parties.reset_second_factor": lambda: actions.reset_second_factor(actor=PLATFORM, account=_enrolled()),
    "parties.end_session": _end,
    "parties.end_other_sessions": _end_others,
    "parties.bind_identity": _bind,
    "parties.release_identity": lambda: actions.release_identity(actor=holder(Role.SECADMIN), identity=_bind()),
}
