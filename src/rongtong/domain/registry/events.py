"""The names of what happens to the records of the register, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events, name_kinds, name_steps
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.states import CHECKING, LIFE

name_steps(LIFE)
name_steps(CHECKING)
name_events(
    {
        "registry.create_resource": Words("建立记录", "Create a record"),
        "registry.update_resource": Words("修改内容", "Change the content"),
        "registry.advance_resource": Words("办理记录的一步", "Take a step with a record"),
        "registry.unseal_resource": Words("到时启封", "Unseal at the hour"),
        "registry.upload_file": Words("上传导入文件", "Upload a file to import"),
        "registry.map_columns": Words("对应导入列", "Map the columns of a file"),
        "registry.confirm_import": Words("确认导入", "Confirm an import"),
        "registry.cancel_import": Words("取消导入", "Cancel an import"),
        "registry.move_import": Words("推进导入", "Move an import on"),
        "registry.import_records": Words("导入", "Import"),
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
