"""The second factor: one-time codes of an app (TOTP, RFC 6238), and recovery codes for when the telephone is lost."""

import hmac
import secrets
import unicodedata

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.foundation.limits import TooMany
from rongtong.domain.parties.conferring import same_person
from rongtong.domain.parties.models import Account, RecoveryCode, SecondFactor
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.signing import links, waits
from rongtong.domain.parties.signing.ciphers import Unreadable, decrypt, encrypt, keyed_digest, keyed_digests
from rongtong.domain.parties.signing.devices import device_of
from rongtong.domain.parties.signing.passwords import check_old_password
from rongtong.domain.parties.signing.sessions import end_all, must_show_two

SECRET = "second factor"
STEP_SECONDS = 30
DRIFT = 1
"""Steps before and after now in which a code is good: clocks of telephones differ."""
CODES = 10
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Of recovery codes: no letter that is taken for another. Twelve of them are 58 bits."""


def has_second_factor(account: Account) -> bool:
    """Whether ``account`` has confirmed one."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).exists()


def codes_left(account: Account) -> int:
    """How many recovery codes have not been used."""
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()


@action("parties.draft_second_factor")
def draft_second_factor(*, actor: Actor, account: Account, anew: bool = False) -> SecondFactor:
    """Keep a fresh secret for ``account`` to put into an app; the one in use stays until a code of the new one comes.

    A draft that stands is kept unless ``anew``, so that reloading the page does not outdate the picture just taken.
    """
    require(actor, "edit", account)
    factor, _made = SecondFactor.objects.select_for_update().get_or_create(account=account)
    if anew or not factor.drafted:
        factor.drafted = encrypt(SECRET, pyotp.random_base32(), bound_to=account.pk)
        factor.save()
    audit.record(actor, "parties.draft_second_factor", account)
    return factor


def drafted_secret(account: Account) -> str:
    """The secret shown for enrolment (Base32), or ""."""
    factor = SecondFactor.objects.filter(account=account).first()
    return _opened(factor, factor.drafted) if factor and factor.drafted else ""


def drafted_address(account: Account) -> str:
    """What the QR code says: the draft as an ``otpauth:`` address with the platform's and the account's name."""
    issuer = f"融通 {settings.ENVIRONMENT.region_name}"
    return pyotp.TOTP(drafted_secret(account)).provisioning_uri(name=account.username, issuer_name=issuer)


@action("parties.confirm_second_factor")
def confirm_second_factor(*, actor: Actor, account: Account, code: str) -> list[str]:
    """Put the drafted secret in force once a code shows that the app has it. Answers ten recovery codes, this once."""
    require(actor, "edit", account)
    factor = SecondFactor.objects.select_for_update().filter(account=account).exclude(drafted="").first()
    step = _step_of(_opened(factor, factor.drafted), code) if factor else None
    if factor is None or step is None:
        message = _("动态码不对。请看手机时间是否准确，再输入应用上现在显示的六位数字。")
        raise Invalid(message, [Problem("code", message)])
    factor.secret, factor.drafted, factor.last_step = factor.drafted, "", step
    factor.confirmed_at, factor.reset_at, factor.reset_by = timezone.now(), None, None
    factor.save()
    audit.record(actor, "parties.confirm_second_factor", account)
    return _new_recovery_codes(account)


@action("parties.renew_recovery_codes")
def renew_recovery_codes(*, actor: Actor, account: Account, password: str) -> list[str]:
    """Ten new recovery codes in place of all old ones; asks for the password again."""
    require(actor, "edit", account)
    check_old_password(account, password)
    audit.record(actor, "parties.renew_recovery_codes", account)
    return _new_recovery_codes(account)


@action("parties.remove_second_factor")
def remove_second_factor(*, actor: Actor, account: Account, password: str) -> None:
    """Do without, where no role asks for it; asks for the password again."""
    require(actor, "edit", account)
    if must_show_two(account):
        raise AccessDenied(_("您的身份登录时须用动态码，不能停用。可以换一部手机重新绑定。"))
    check_old_password(account, password)
    _forget(account)
    audit.record(actor, "parties.remove_second_factor", account)


@action("parties.reset_second_factor")
def reset_second_factor(*, actor: Actor, account: Account) -> None:
    """Take the second factor away from somebody else who lost it (安全管理员); they enrol anew when they next sign in.

    Never one's own; and who lately issued a link to the account's password does not also take its second factor:
    otherwise one officer alone could become any other.
    """
    factor, _made = SecondFactor.objects.select_for_update().get_or_create(account=account)
    require(actor, "reset", factor)
    if actor.account is not None and same_person(account).filter(pk=actor.account).exists():
        raise AccessDenied(_("不能重置自己的第二因素，请由另一位安全管理员办理。"))
    if actor.account is not None and links.lately_issued(actor.account, account):
        raise AccessDenied(_("您近期为这个账号办理过重设密码，第二因素须由另一位安全管理员重置。"))
    _forget(account)
    factor.reset_at, factor.reset_by = timezone.now(), actor.account
    factor.secret, factor.drafted, factor.confirmed_at = "", "", None
    factor.save()
    end_all(account, "ended")
    audit.record(actor, "parties.reset_second_factor", account)


def spent(account: Account, code: str, *, address: str, device: str = "") -> bool:
    """Whether ``code`` is a one-time code of ``account`` (of now, not used yet) or one of its recovery codes.

    Either can be used once, by whoever comes first. Raises TooMany after too many wrong ones.
    """
    counters = waits.at_the_second_door(account.pk, device_of(device, account))
    try:
        waits.charge(counters)
    except TooMany:
        audit.note(actor_of(account), "signing.code_held", account, address=address)
        raise
    typed = "".join(unicodedata.normalize("NFKC", code).upper().split()).replace("-", "")
    recovered = not typed.isdigit() and _spend_recovery_code(account, typed)
    good = recovered or _spend_one_time_code(account, typed)
    if good:
        waits.settle(counters)
    if recovered or not good:
        what = "signing.recovery_code" if recovered else "signing.code_failed"
        audit.note(actor_of(account), what, account, address=address)
    return good


@transaction.atomic
def _spend_one_time_code(account: Account, typed: str) -> bool:
    factor = SecondFactor.objects.select_for_update().filter(account=account, confirmed_at__isnull=False).first()
    step = _step_of(_opened(factor, factor.secret), typed) if factor else None
    if factor is None or step is None:
        return False
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def _spend_recovery_code(account: Account, typed: str) -> bool:
    stored = keyed_digests("recovery code", account.pk, typed)
    unused = RecoveryCode.objects.filter(account=account, digest__in=stored, used_at__isnull=True)
    return bool(unused.update(used_at=timezone.now()))


def _step_of(secret: str, typed: str) -> int | None:
    """The time step that ``typed`` is the code of, if it is one of now."""
    now = int(timezone.now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    steps = range(now - DRIFT, now + DRIFT + 1)
    code = "".join(unicodedata.normalize("NFKC", typed).split()).encode()
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code)]
    return max(found, default=None)


def _opened(factor: SecondFactor, stored: str) -> str:
    try:
        return decrypt(SECRET, stored, bound_to=factor.account_id)
    except Unreadable:
        raise Invalid(_("平台的密钥已更换，原来的第二因素不能再用。请安全管理员重置后重新绑定。")) from None


def _new_recovery_codes(account: Account) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _place in range(12)) for _number in range(CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _digest(account: Account, typed: str) -> str:
    return keyed_digest("recovery code", account.pk, typed)


def _forget(account: Account) -> None:
    RecoveryCode.objects.filter(account=account).delete()
    SecondFactor.objects.filter(account=account).update(secret="", drafted="", confirmed_at=None, last_step=0)
