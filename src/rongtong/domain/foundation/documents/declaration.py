"""The gate before anything is handed in: whoever does it declares that it holds no state secret.

《保守国家秘密法》(2024 revision) keeps state secrets off networks that are not made for them (涉密不上网). There is no
class of visibility for them here; the declaration, its version and who made it stand in the event of what it let in.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.foundation.words import Words

VERSION = "2026-11"
"""Changes with the text, so that an event tells what was declared."""
TEXT = Words(
    "本人声明：所提交的内容不涉及国家秘密和工作秘密，本人有权提交。（涉密不上网，上网不涉密）",
    "I declare that what I submit holds no state secret or work secret and that I am entitled to submit it.",
)
FIELD = "no_secrets"
"""The name of the box in forms and of the parameter of the API."""


def require_declared(no_secrets: bool) -> Mapping[str, Any]:
    """What the audit event keeps of the declaration; Invalid when it was not made."""
    if not no_secrets:
        message = _("请先勾选声明：所提交的内容不涉及国家秘密。涉密内容不得上传或填入本平台。")
        raise Invalid(message, [Problem(FIELD, message)])
    return {"declaration": VERSION}
