"""Identifiers of organisations and people, with their check digits."""

import re

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(rf"^[{_USCC}]{{18}}$")
_ORCID_FORM = re.compile(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")


def uscc_check(first_seventeen: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015: weights 3^i mod 31)."""
    total = sum(_USCC.index(char) * pow(3, place, 31) for place, char in enumerate(first_seventeen))
    return _USCC[-total % 31]


def is_uscc(code: str) -> bool:
    """Whether ``code`` is a well-formed unified social credit code with the right check character."""
    return bool(_USCC_FORM.match(code)) and uscc_check(code[:17]) == code[17]


def is_orcid(code: str) -> bool:
    """Whether ``code`` is a well-formed ORCID with the right check digit (ISO 7064 mod 11-2)."""
    if not _ORCID_FORM.match(code):
        return False
    digits = code.replace("-", "")
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[15]
