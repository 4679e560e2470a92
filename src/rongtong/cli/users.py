"""``rongtong user``: the accounts that can sign in, what they may do, and their passwords."""

import datetime as dt
import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from rongtong.cli.language import say
from rongtong.cli.output import as_json, err, out, table
from rongtong.cli.who import account
from rongtong.domain.foundation.actors import Role, system_actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.actions import create_account
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.membership import end_role, grant_role, restore_account, suspend_account
from rongtong.domain.parties.models import Account, Party, RoleGrant
from rongtong.domain.parties.roles import ROLE_LABELS, TERMS
from rongtong.domain.parties.signing.actions import issue_invitation, issue_reset, reset_second_factor, set_password

app = typer.Typer(add_completion=False, no_args_is_help=True, help=say("账号与身份", "Accounts and their roles"))
OPERATOR = system_actor(say("命令行", "command line"))
PASSWORD_BYTES = 12


RoleOption = Annotated[Role, typer.Option(help=say("身份", "Role"))]
PartyOption = Annotated[
    str, typer.Option(help=say("代表的单位：全称或统一社会信用代码", "Party acted for: name or credit code"))
]
RegionOption = Annotated[
    str, typer.Option(help=say("所辖地区的行政区划代码，不写为全部", "Code of the region in charge; all when left out"))
]
UntilOption = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help=say("到哪一天为止，不写为不设期限", "Last day; no end when left out")),
]
Reason = Annotated[str, typer.Option(help=say("理由，留在审计记录里", "Why; kept in the audit log"))]


@app.command("list", help=say("全部账号与当前身份", "Every account and its current roles"))
def list_accounts(
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    rows = [_row(found) for found in Account.objects.order_by("username").prefetch_related("grants__party")]
    if json:
        as_json(rows)
    else:
        headings = (
            say("账号", "Account"),
            say("姓名", "Name"),
            say("身份", "Roles"),
            say("单位", "Party"),
            say("状态", "State"),
        )
        table(
            headings,
            [(row["username"], row["name"], "、".join(row["roles"]), row["party"], _state(row)) for row in rows],
        )


@app.command(help=say("各种身份的条件，以及谁可以授予", "The terms of every role, and who may confer it"))
def roles() -> None:
    headings = (
        say("身份", "Role"),
        say("名称", "Name"),
        say("可以", "May"),
        say("不可以", "May not"),
        say("由谁授予", "By"),
    )
    table(
        headings,
        [
            (str(role), str(terms.label), str(terms.may), str(terms.may_not), "、".join(terms.conferred_by))
            for role, terms in TERMS.items()
            if role is not Role.SYSTEM
        ],
    )


@app.command(
    help=say("新建账号并授予身份；密码只显示这一次", "Make an account with a role; its password is shown once")
)
def add(
    username: str,
    name: Annotated[str, typer.Option(help=say("姓名", "Display name"))],
    role: RoleOption = Role.MEMBER,
    party: PartyOption = "",
    region: RegionOption = "",
    until: UntilOption = None,
) -> None:
    if Account.objects.filter(username=username).exists():
        raise Invalid(say(f"账号“{username}”已经有了。", f"The account {username!r} exists already."))
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        made = create_account(actor=OPERATOR, username=username, display_name=name, password=password)
        _grant(made, role, party, region, until)
    out.print(f"{username}  {password}", highlight=False, markup=False)


@app.command(help=say("授予一个身份", "Confer a role"))
def grant(
    username: str,
    role: RoleOption,
    party: PartyOption = "",
    region: RegionOption = "",
    until: UntilOption = None,
) -> None:
    given = _grant(account(username), role, party, region, until)
    err.print(say(f"已授予：{_named(given)}", f"Conferred: {_named(given)}"), highlight=False, markup=False)


@app.command(help=say("收回一个身份", "End a role"))
def end(username: str, role: RoleOption, reason: Reason, party: PartyOption = "", region: RegionOption = "") -> None:
    held = current(account(username).grants.filter(role=role, party=_party(party) if party else None, region=region))
    found = held.first()
    if found is None:
        raise Invalid(
            say(f"“{username}”没有这个身份。rongtong user list 列出现有身份。", f"{username!r} has no such role.")
        )
    end_role(actor=OPERATOR, grant=found, reason=reason)
    err.print(say("已收回。", "Ended."))


@app.command(help=say("停用账号", "Suspend an account"))
def suspend(username: str, reason: Reason) -> None:
    suspend_account(actor=OPERATOR, account=account(username), reason=reason)
    err.print(say("已停用。", "Suspended."))


@app.command(help=say("恢复账号", "Restore an account"))
def restore(username: str, reason: Reason) -> None:
    restore_account(actor=OPERATOR, account=account(username), reason=reason)
    err.print(say("已恢复。", "Restored."))


@app.command(
    help=say("重设密码；不写则生成一个并显示这一次", "Set a password; one is made and shown once when left out")
)
def password(
    username: str,
    given: Annotated[bool, typer.Option("--ask", help=say("自己输入", "Ask for it"))] = False,
) -> None:
    found = account(username)
    chosen = typer.prompt(say("新密码", "New password"), hide_input=True) if given else None
    secret = chosen or secrets.token_urlsafe(PASSWORD_BYTES)
    set_password(actor=OPERATOR, account=found, password=secret)
    if chosen is None:
        out.print(f"{username}  {secret}", highlight=False, markup=False)


@app.command(
    help=say(
        "邀请一个人：显示一次性链接，本人打开后自己设账号和密码",
        "Invite somebody: shows a one-time link, with which they choose a name and a password",
    )
)
def invite(
    name: str,
    role: RoleOption = Role.MEMBER,
    party: PartyOption = "",
    region: RegionOption = "",
    until: UntilOption = None,
    email: Annotated[str, typer.Option(help=say("同时发往这个邮箱", "Send it to this address as well"))] = "",
) -> None:
    issued = issue_invitation(
        actor=OPERATOR,
        to_address=_to_address,
        role=role,
        party=_party(party) if party else None,
        region=region,
        ends=until.date() if until else None,
        name=name,
        email=email,
    )
    out.print(_to_address(issued.secret), highlight=False, markup=False, soft_wrap=True)


@app.command(
    help=say("显示重设密码的一次性链接，交给本人", "Show a one-time link for choosing a new password, to hand over")
)
def link(username: str) -> None:
    issued = issue_reset(actor=OPERATOR, to_address=_to_address, account=account(username))
    out.print(_to_address(issued.secret), highlight=False, markup=False, soft_wrap=True)


@app.command(
    "second-factor",
    help=say("取消账号绑定的动态码；下次登录重新绑定", "Take an account's second factor away; it enrols anew"),
)
def second_factor(username: str) -> None:
    reset_second_factor(actor=OPERATOR, account=account(username))
    err.print(say("已取消，本人下次登录时重新绑定。", "Taken away; it is enrolled anew at the next sign-in."))


def _to_address(secret: str) -> str:
    base = str(settings.ENVIRONMENT.address or f"http://{settings.ENVIRONMENT.bind}").rstrip("/")
    return f"{base}{reverse('portal:link')}?{urlencode({'key': secret})}"


def _grant(holder: Account, role: Role, party: str, region: str, until: dt.datetime | None) -> RoleGrant:
    organisation = _party(party) if party else None
    ends = until.date() if until else None
    return grant_role(actor=OPERATOR, account=holder, role=role, party=organisation, region=region, ends=ends)


def _row(found: Account) -> dict[str, Any]:
    grants = list(current(found.grants.select_related("party")))
    return {
        "username": found.username,
        "name": found.display_name,
        "description": found.description,
        "roles": [str(ROLE_LABELS[Role(grant.role)]) for grant in grants],
        "party": next((grant.party.name for grant in grants if grant.party), ""),
        "grants": [
            {
                "role": grant.role,
                "party": grant.party.name if grant.party else "",
                "region": grant.region,
                "starts": grant.starts.isoformat(),
                "ends": grant.ends.isoformat() if grant.ends else None,
                "granted_by": grant.granted_by,
            }
            for grant in grants
        ],
        "sample": found.is_sample,
        "active": found.is_active,
    }


def _state(row: dict[str, Any]) -> str:
    return say("可用", "active") if row["active"] else say("已停用", "suspended")


def _named(grant: RoleGrant) -> str:
    parts = (str(ROLE_LABELS[Role(grant.role)]), grant.party.name if grant.party else "", grant.region)
    return " · ".join(part for part in parts if part)


def _party(written: str) -> Party:
    found = Party.objects.filter(uscc=written).first() or Party.objects.filter(name=written).first()
    if found is None:
        raise Invalid(say(f"没有登记名为“{written}”的单位。", f"No party {written!r} is registered."))
    return found
