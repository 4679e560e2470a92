"""The names of what happens to messages, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events, name_kinds
from rongtong.domain.foundation.words import Words

name_events(
    {
        "mailbox.read_messages": Words("把消息标为已读", "Mark messages as read"),
        "mailbox.choose_delivery": Words("设置消息邮件", "Choose how messages are mailed"),
        "mailbox.make_feed": Words("生成日历地址", "Make a calendar address"),
        "mailbox.revoke_feed": Words("停用日历地址", "Revoke a calendar address"),
        "mailbox.claim_digests": Words("准备消息邮件", "Begin a round of mails"),
        "mailbox.reclaim_digests": Words("再次准备消息邮件", "Begin failed mails again"),
        "mailbox.settle_digests": Words("登记消息邮件的投递", "Record a round of mails"),
        "mailbox.prune_messages": Words("清理到期的消息", "Let old messages go"),
    }
)
name_kinds(
    {
        "mailbox.message": Words("消息", "Message"),
        "mailbox.delivery": Words("消息邮件的设置", "Setting of mails"),
        "mailbox.digest": Words("消息邮件", "Mail of messages"),
        "mailbox.feed": Words("日历地址", "Calendar address"),
    }
)
