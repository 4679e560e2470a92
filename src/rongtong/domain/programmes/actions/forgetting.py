"""What a visitor wrote into an objection goes when its time is over; that there was one, and its answer, stay."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.actions import let_go
from rongtong.domain.foundation.documents.queries import ever_held_by
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.programmes.models import Objection
from rongtong.domain.programmes.queries.deciding import objectors_to_forget

FORGOTTEN = "已到期清除"
BECAUSE = "保管期满，按设置清除"
MOST = 200
"""Objections of one round of housekeeping."""


@action("programmes.forget_objector")
def forget_objector(*, actor: Actor, objection: Objection) -> Objection:
    """Let name, contact and ground of somebody without an account go, the link they held and the content of what they
    attached.

    Raises IllegalTransition before the time to keep is over (``RONGTONG_KEEP_OBJECTIONS_DAYS``).
    """
    locked = Objection.objects.select_for_update().get(pk=objection.pk)
    require(actor, "forget", locked)
    if not objectors_to_forget().filter(pk=locked.pk).exists():
        raise IllegalTransition(_("这件异议还在保管期内，或者提出人有账号，不能清除。"))
    locked.name, locked.contact, locked.ground, locked.digest = FORGOTTEN, "", "", None
    locked.save(update_fields=["name", "contact", "ground", "digest"])
    documents = [let_go(document, BECAUSE) for document in ever_held_by(locked)]
    audit.record(actor, "programmes.forget_objector", locked, reason=BECAUSE, documents=documents)
    return locked


def forget_objectors_due(actor: Actor) -> int:
    """Every objector whose time is over; answers how many."""
    due = list(objectors_to_forget()[:MOST])
    for objection in due:
        forget_objector(actor=actor, objection=objection)
    return len(due)
