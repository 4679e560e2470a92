"""The names of what happens to the records of the register, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events, name_kinds, name_steps
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.states import CHECKING, DISCLOSURE, LIFE

name_steps(LIFE)
name_steps(DISCLOSURE)
name_steps(CHECKING)
name_events(
    {
        "registry.create_resource": Words("建立记录", "Create a record"),
        "registry.update_resource": Words("修改内容", "Change the content"),
        "registry.advance_resource": Words("办理记录的一步", "Take a step with a record"),
        "registry.unseal_resource": Words("到时启封", "Unseal at the hour"),
        "registry.consent_blind": Words(
            "同意或停止用保密部分寻找", "Let the platform search with the closed part, or stop it"
        ),
        "registry.ask_disclosure": Words("申请查看保密部分", "Ask to read the closed part"),
        "registry.grant_disclosure": Words("写明披露的内容和期限", "Settle what is disclosed, and until when"),
        "registry.advance_disclosure": Words("办理披露的一步", "Take a step with a disclosure"),
        "registry.convene_reader": Words("分派评审人查阅", "Assign a reviewer to read"),
        "registry.upload_file": Words("上传导入文件", "Upload a file to import"),
        "registry.map_columns": Words("对应导入列", "Map the columns of a file"),
        "registry.confirm_import": Words("确认导入", "Confirm an import"),
        "registry.cancel_import": Words("取消导入", "Cancel an import"),
        "registry.move_import": Words("推进导入", "Move an import on"),
        "registry.import_records": Words("导入", "Import"),
        "registry.import_record": Words("随文件导入", "Imported with a file"),
        "registry.export_records": Words("导出", "Export"),
    }
)
name_kinds(
    {
        "registry.resource": Words("记录", "Record"),
        "registry.importjob": Words("导入文件", "File to import"),
        "registry.disclosure": Words("披露", "Disclosure"),
    }
)
