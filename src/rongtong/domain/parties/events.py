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
        "parties.took_seat": Words("换身份办理", "Act in another seat"),
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
        "parties.issue_invitation": Words("发出邀请", "Invite somebody"),
        "parties.accept_invitation": Words("接受邀请，建立账号", "Accept an invitation with a new account"),
        "parties.join_by_invitation": Words("接受邀请，加入单位", "Join an organisation by invitation"),
        "parties.issue_reset": Words("发出重设密码的链接", "Send a link to reset a password"),
        "parties.use_reset": Words("用链接重设密码", "Reset a password by link"),
        "parties.revoke_link": Words("撤销一次性链接", "Revoke a one-time link"),
        "parties.bind_identity": Words("绑定统一身份", "Bind an outside identity"),
        "parties.release_identity": Words("解除统一身份", "Release an outside identity"),
        "parties.answer_personal": Words("答复个人信息请求", "Answer a request about personal data"),
        "parties.take_back_personal": Words("撤回个人信息请求", "Take back a request about personal data"),
        "signing.in": Words("登录", "Signed in"),
        "signing.out": Words("退出登录", "Signed out"),
        "signing.failed": Words("登录未成功", "Failed to sign in"),
        "signing.held": Words("登录过于频繁，须等待", "Had to wait before signing in"),
        "signing.code_failed": Words("动态码不对", "Gave a wrong code"),
        "signing.code_held": Words("动态码输错过多，须等待", "Had to wait after wrong codes"),
        "signing.recovery_code": Words("用备用码登录", "Used a recovery code"),
        "signing.identity_unknown": Words("统一身份没有对应的账号", "An outside identity has no account"),
        "signing.unified_failed": Words("统一身份登录未成功", "Signing in by outside identity failed"),
        "signing.link_used": Words("用掉一次性链接", "Used a one-time link"),
        "signing.link_refused": Words("打开已失效的一次性链接", "Opened a link that no longer holds"),
        "signing.reset_requested": Words("申请重设密码", "Asked for a new password"),
    }
)
name_kinds(
    {
        "parties.party": Words("单位或人员", "Party"),
        "parties.affiliation": Words("任职关系", "Affiliation"),
        "parties.account": Words("账号", "Account"),
        "parties.rolegrant": Words("身份", "Role"),
        "parties.apikey": Words("接口密钥", "API key"),
        "parties.consent": Words("同意", "Consent"),
        "parties.personalrequest": Words("个人信息请求", "Request about personal data"),
        "parties.signin": Words("登录", "Sign-in"),
        "parties.onetimelink": Words("一次性链接", "One-time link"),
        "parties.outsideidentity": Words("统一身份", "Outside identity"),
        "parties.secondfactor": Words("动态码", "Second factor"),
    }
)
