"""A draft while it is written: in its row, but under the platform's key.

Who reads the database alone, its log or its backup, does not read a draft; nor what is left of one after it has been
sealed. That is less than the seal: who has the installation's secret key as well can read drafts, as the threat model
says. From the sealing on nothing of it is left in the row.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.foundation.sealing import installation
from rongtong.domain.foundation.sealing.encoding import canonical, context, decoded, encoded
from rongtong.domain.foundation.sealing.suites import Unreadable, suite
from rongtong.domain.programmes.models import Submission

FIELD = "kept"


def kept(submission: Submission, content: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the row for ``content`` while it is a draft."""
    return {FIELD: encoded(installation.keep(suite(), canonical(content), _bound_to(submission)))}


def content_of(submission: Submission) -> dict[str, Any]:
    """The content of a submission, whether it is a draft or was opened; empty while it is sealed.

    The caller has asked access. Raises IllegalTransition when the platform's key is not the one it was kept under.
    """
    if FIELD not in submission.content:
        return dict(submission.content)
    try:
        plain = installation.take(suite(), decoded(submission.content[FIELD]), _bound_to(submission))
    except (Unreadable, ValueError):
        raise IllegalTransition(_("草稿读不出来：平台的密钥已更换。请联系平台管理员。")) from None
    found: dict[str, Any] = json.loads(plain)
    return found


def _bound_to(submission: Submission) -> bytes:
    return context("draft of a submission", submission.pk)
