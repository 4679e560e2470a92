"""What a password must be: long, unlike the name, in no list of known passwords, and not one of the last five.

There is no rule of composition: length and lists do more than digits and signs at fixed places (NIST SP 800-63B
§3.1.1). The classes are Django's password validators, so that whatever sets a password hears every problem at once.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.signing.breached import is_breached

REMEMBERED = 5
"""How many passwords back one may not return to."""
LONGEST = 200
"""Longer ones would only make hashing slow."""


def check_new_password(password: str, account: Account, field: str = "password") -> None:
    """Raise Invalid with every reason why ``account`` may not take ``password``."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        message = _("这个密码不能用：%(reasons)s") % {"reasons": "".join(error.messages)}
        raise Invalid(message, [Problem(field, reason) for reason in error.messages]) from None


class LongEnough:
    """At least as many characters as the region asks for."""

    def validate(self, password: str, user: Account | None = None) -> None:
        least = settings.ENVIRONMENT.password_length
        if len(password) < least:
            raise ValidationError(_("密码至少要 %(least)d 个字，可以用几个不相干的词。") % {"least": least})
        if len(password) > LONGEST:
            raise ValidationError(_("密码最多 %(most)d 个字。") % {"most": LONGEST})


class UnlikeTheName(UserAttributeSimilarityValidator):
    """Not the user name, the person's name or the e-mail address with little changed."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "display_name", "email"))

    def get_error_message(self) -> Any:
        return _("密码与账号、姓名或邮箱太相似。")


class NotCommon(CommonPasswordValidator):
    """Not among the twenty thousand most common ones, which come with Django."""

    def get_error_message(self) -> Any:
        return _("这个密码太常见，容易被猜中。")


class NotBreached:
    """Not in the region's file of passwords that have leaked somewhere."""

    def validate(self, password: str, user: Account | None = None) -> None:
        path = settings.ENVIRONMENT.breached_passwords
        if path and is_breached(password, path):
            raise ValidationError(_("这个密码曾在别处泄露，不能使用。"))


class NotUsedBefore:
    """Neither the present password nor one of the last five."""

    def validate(self, password: str, user: Account | None = None) -> None:
        if user is None or user.pk is None:
            return
        kept = user.passwords.values_list("hash", flat=True)[:REMEMBERED]
        if any(check_password(password, old) for old in {user.password, *kept} if old):
            raise ValidationError(_("这个密码用过，请换一个最近 %(count)d 次没有用过的。") % {"count": REMEMBERED})
