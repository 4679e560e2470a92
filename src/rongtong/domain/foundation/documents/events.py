"""The names of what happens to documents, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events
from rongtong.domain.foundation.words import Words

name_events(
    {
        "foundation.attach_document": Words("添加附件", "Attach a document"),
        "foundation.withdraw_document": Words("撤回附件", "Withdraw a document"),
        "foundation.erase_document": Words("清除到期附件的内容", "Erase a document whose time is over"),
        "foundation.download_document": Words("下载附件", "Download a document"),
    }
)
