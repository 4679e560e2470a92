"""``rongtong api-key``: keys for the API."""

import datetime as dt
from typing import Annotated

import typer
from django.utils import timezone

from rongtong.cli.language import say
from rongtong.cli.output import err, out, table
from rongtong.cli.who import account
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.actions import create_api_key, revoke_api_key
from rongtong.domain.parties.models import ApiKey
from rongtong.domain.parties.queries import actor_of

app = typer.Typer(add_completion=False, no_args_is_help=True, help=say("接口密钥", "Keys for the API"))


@app.command(help=say("为账号新建密钥；只显示这一次", "Make a key for an account; it is shown once"))
def create(
    username: str,
    label: Annotated[str, typer.Option(help=say("用途", "What it is for"))] = "命令行",
    days: Annotated[int, typer.Option(min=1, help=say("有效天数", "How many days it holds"))] = 365,
) -> None:
    owner = account(username)
    expires = timezone.now() + dt.timedelta(days=days)
    _key, secret = create_api_key(actor=actor_of(owner), account=owner, label=label, expires_at=expires)
    out.print(secret, highlight=False, markup=False)
    err.print(
        say(
            f"有效至 {expires:%Y-%m-%d}；请现在保存，以后不再显示。",
            f"Holds until {expires:%Y-%m-%d}; it is not shown again.",
        )
    )


@app.command("list", help=say("全部密钥（只显示前几位）", "Every key (its first characters)"))
def list_keys() -> None:
    headings = (
        say("前几位", "Begins"),
        say("账号", "Account"),
        say("用途", "Label"),
        say("有效至", "Until"),
        say("状态", "State"),
    )
    keys = ApiKey.objects.select_related("account")
    table(headings, [(k.prefix, k.account.username, k.label, _day(k.expires_at), _state(k)) for k in keys])


@app.command(help=say("立即停用密钥", "End a key at once"))
def revoke(prefix: Annotated[str, typer.Argument(help=say("密钥的前几位", "How the key begins"))]) -> None:
    found = list(ApiKey.objects.filter(prefix=prefix, revoked_at__isnull=True).select_related("account"))
    if len(found) != 1:
        raise Invalid(
            say(f"以“{prefix}”开头、仍有效的密钥有 {len(found)} 个。", f"{len(found)} live keys begin with {prefix!r}.")
        )
    revoke_api_key(actor=actor_of(found[0].account), key=found[0])
    err.print(say("已停用。", "Ended."))


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return say("已停用", "revoked")
    expired = key.expires_at is not None and key.expires_at <= timezone.now()
    return say("已过期", "expired") if expired else say("有效", "live")


def _day(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else say("不限", "no end")
