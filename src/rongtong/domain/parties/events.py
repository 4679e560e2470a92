"""The names of what happens to parties and accounts, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events, name_kinds
from rongtong.domain.foundation.words import Words

name_events(
    {
        "parties.register_party": Words("登记单位或人员", "Register a party"),
        "parties.update_party": Words("修改单位或人员信息", "Change a party"),
        "parties.add_affiliation": Words("登记任职关系", "Register an affiliation"),
        "parties.create_account": Words("建立账号", "Create an account"),
        "parties.suspend_account": Words("停用账号", "Suspend an account"),
        "parties.restore_account": Words("恢复账号", "Restore an account"),
        "parties.grant_role": Words("授予身份", "Confer a role"),
        "parties.end_role": Words("收回身份", "End a role"),
        "parties.set_language": Words("设置语言", "Set the language"),
        "parties.set_password": Words("设置密码", "Set a password"),
        "parties.change_password": Words("修改密码", "Change the password"),
        "parties.create_api_key": Words("生成接口密钥", "Make an API key"),
        "parties.revoke_api_key": Words("停用接口密钥", "Revoke an API key"),
        "parties.end_session": Words("结束一处登录", "End a session"),
        "parties.end_other_sessions": Words("结束其他登录", "End all other sessions"),
        "parties.draft_second_factor": Words("准备绑定动态码", "Begin to add a second factor"),
        "parties.confirm_second_factor": Words("绑定动态码", "Confirm a second factor"),
        "parties.renew_recovery_codes": Words("更换备用码", "Renew the recovery codes"),
        "parties.remove_second_factor": Words("解除动态码", "Remove a second factor"),
        "parties.reset_second_factor": Words("重置他人的动态码", "Reset somebody's second factor"),
    }
)
name_kinds(
    {
        "parties.party": Words("单位或人员", "Party"),
        "parties.affiliation": Words("任职关系", "Affiliation"),
        "parties.account": Words("账号", "Account"),
        "parties.rolegrant": Words("身份", "Role"),
        "parties.apikey": Words("接口密钥", "API key"),
    }
)
