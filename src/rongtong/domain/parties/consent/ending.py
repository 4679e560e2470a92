"""What follows at once when a person takes back what they agreed to: each app says it of what it holds."""

from collections.abc import Callable

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Party

Follow = Callable[[Actor, Party], None]
_follows: dict[str, list[Follow]] = {}


def when_ended(purpose: str, follow: Follow) -> None:
    """Have ``follow(actor, person)`` done, in the same transaction, when nobody's consent to ``purpose`` is left."""
    _follows.setdefault(purpose, []).append(follow)


def ended(actor: Actor, subject: Party, purpose: str) -> None:
    """Do what follows from the end of a consent, unless another one towards the platform still holds."""
    if in_force(purpose).filter(subject=subject, recipient=None).exists():
        return
    for follow in _follows.get(purpose, []):
        follow(actor, subject)
