"""Every write to keys, boxes and envelopes."""

from rongtong.domain.foundation.sealing.actions.boxes import abandon_box, close_box, create_box, postpone_box
from rongtong.domain.foundation.sealing.actions.envelopes import (
    TooLate,
    keep_envelope,
    keep_replacement,
    recording_lateness,
    replace_envelope,
    seal_envelope,
    seal_parts,
    take_back_envelope,
    take_only_in_time,
    withdraw_envelope,
)
from rongtong.domain.foundation.sealing.actions.keys import change_passphrase, enrol_seal_key, revoke_seal_key
from rongtong.domain.foundation.sealing.actions.opening import open_box

__all__ = [
    "TooLate",
    "abandon_box",
    "change_passphrase",
    "close_box",
    "create_box",
    "enrol_seal_key",
    "keep_envelope",
    "keep_replacement",
    "open_box",
    "postpone_box",
    "recording_lateness",
    "replace_envelope",
    "revoke_seal_key",
    "seal_envelope",
    "seal_parts",
    "take_back_envelope",
    "take_only_in_time",
    "withdraw_envelope",
]
