"""``rongtong user``: the accounts that can sign in, what they may do, and their passwords."""

import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from django.conf import settings
from django.urls import reverse

from rongtong.cli.language import say
from rongtong.cli.output import as_json, err, out, table
from rongtong.cli.who import account
from rongtong.domain.foundation.actors import Role, system_actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.actions import create_account, grant_role
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import current
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.signing.actions import issue_invitation, issue_reset, reset_second_factor, set_password

app = typer.Typer(add_completion=False, no_args_is_help=True, help=say("账号与身份", "Accounts and their roles"))
OPERATOR = system_actor(say("命令行", "command line"))
PASSWORD_BYTES = 12


@app.command("list", help=say("全部账号与当前身份", "Every account and its current roles"))
def list_accounts(
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    rows = [_row(found) for found in Account.objects.order_by("username").prefetch_related("grants__party")]
    if json:
        as_json(rows)
    else:
        headings = (say("账号", "Account"), say("姓名", "Name"), say("身份", "Roles"), say("单位", "Party"))
        table(headings, [(row["username"], row["name"], "、".join(row["roles"]), row["party"]) for row in rows])


@app.command(
    help=say("新建账号并授予身份；密码只显示这一次", "Make an account with a role; its password is shown once")
)
def add(
    username: str,
    name: Annotated[str, typer.Option(help=say("姓名", "Display name"))],
    role: Annotated[Role, typer.Option(help=say("身份", "Role"))] = Role.MEMBER,
    party: Annotated[
        str, typer.Option(help=say("单位名称或统一社会信用代码", "Name or credit code of the party"))
    ] = "",
    region: Annotated[str, typer.Option(help=say("管辖的行政区划代码", "Code of the region in charge"))] = "",
) -> None:
    if Account.objects.filter(username=username).exists():
        raise Invalid(say(f"账号“{username}”已经有了。", f"The account {username!r} exists already."))
    organisation = _party(party) if party else None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    made = create_account(actor=OPERATOR, username=username, display_name=name, password=password)
    grant_role(actor=OPERATOR, account=made, role=role, party=organisation, region=region)
    out.print(f"{username}  {password}", highlight=False, markup=False)


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
    role: Annotated[Role, typer.Option(help=say("身份", "Role"))] = Role.MEMBER,
    party: Annotated[
        str, typer.Option(help=say("单位名称或统一社会信用代码", "Name or credit code of the party"))
    ] = "",
    region: Annotated[str, typer.Option(help=say("管辖的行政区划代码", "Code of the region in charge"))] = "",
    email: Annotated[str, typer.Option(help=say("同时发往这个邮箱", "Send it to this address as well"))] = "",
) -> None:
    wanted = {"role": role, "party": _party(party) if party else None, "region": region}
    issued = issue_invitation(actor=OPERATOR, to_address=_to_address, name=name, email=email, **wanted)
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


def _row(found: Account) -> dict[str, Any]:
    grants = list(current(found.grants.select_related("party")))
    return {
        "username": found.username,
        "name": found.display_name,
        "description": found.description,
        "roles": [str(ROLE_LABELS[Role(grant.role)]) for grant in grants],
        "party": next((grant.party.name for grant in grants if grant.party), ""),
        "sample": found.is_sample,
        "active": found.is_active,
    }


def _party(written: str) -> Party:
    found = Party.objects.filter(uscc=written).first() or Party.objects.filter(name=written).first()
    if found is None:
        raise Invalid(say(f"没有登记名为“{written}”的单位。", f"No party {written!r} is registered."))
    return found
