"""The names of what happens to seal keys, boxes and envelopes, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events, name_kinds, name_steps
from rongtong.domain.foundation.sealing.states import BOX
from rongtong.domain.foundation.words import Words

name_steps(BOX)
name_events(
    {
        "sealing.enrol_seal_key": Words("登记开箱密钥", "Enrol a seal key"),
        "sealing.change_passphrase": Words("更换开箱口令", "Change the passphrase of a seal key"),
        "sealing.revoke_seal_key": Words("停用开箱密钥", "Revoke a seal key"),
        "sealing.create_box": Words("建立密封箱", "Make a sealed box"),
        "sealing.close_box": Words("密封箱截止", "Close a sealed box"),
        "sealing.postpone_box": Words("密封箱延期", "Postpone a sealed box"),
        "sealing.abandon_box": Words("作废密封箱", "Abandon a sealed box"),
        "sealing.open_box": Words("开启密封箱", "Open a sealed box"),
        "sealing.seal_envelope": Words("投递密封件", "Hand in an envelope"),
        "sealing.replace_envelope": Words("替换密封件", "Replace an envelope"),
        "sealing.withdraw_envelope": Words("撤回密封件", "Withdraw an envelope"),
        "sealing.note_lateness": Words("截止后投递未被接受", "Came too late for a sealed box"),
        "sealing.wrong_passphrase": Words("开箱口令不对", "A wrong passphrase for a seal key"),
        "sealing.opening_refused": Words("开箱未获准", "An opening was refused"),
    }
)
name_kinds(
    {
        "foundation.sealkey": Words("开箱密钥", "Seal key"),
        "foundation.sealedbox": Words("密封箱", "Sealed box"),
        "foundation.envelope": Words("密封件", "Sealed envelope"),
        "foundation.openingprotocol": Words("开箱记录", "Protocol of an opening"),
    }
)
