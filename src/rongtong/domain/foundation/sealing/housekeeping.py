"""What the worker does for sealed boxes: close those whose time is over, sweep files that no row names."""

from rongtong.domain.foundation.actors import system_actor
from rongtong.domain.foundation.models import Envelope, SealedBox
from rongtong.domain.foundation.sealing import clock, files
from rongtong.domain.foundation.sealing.actions import close_box

CLOCK = system_actor("平台时钟")
ABANDONED_AFTER = 6 * 3600.0
"""Seconds after which a file without a row is nobody's: longer than any upload."""


def close_due() -> int:
    """Close the boxes whose time is over; answers how many."""
    due = SealedBox.objects.filter(state="open", closes_at__lte=clock.now())
    boxes = [box for box in due if clock.has_come(box.closes_at)]
    for box in boxes:
        close_box(actor=CLOCK, box=box)
    return len(boxes)


def sweep(older_than: float = ABANDONED_AFTER) -> int:
    """Take away what a broken-off submission left: drafts, and files that no row names. Answers how many; no log says
    it, for each was somebody's attempt to hand in."""
    stray = [
        path
        for envelope, path in files.untouched_for(older_than)
        if envelope is None or not Envelope.objects.filter(pk=envelope).exists()
    ]
    for path in stray:
        path.unlink(missing_ok=True)
    return len(stray)
