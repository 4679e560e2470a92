"""In whose name a command acts."""

import typer

from rongtong.cli.language import say
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of

AS = typer.Option("--as", metavar="ACCOUNT", help=say("以这个账号的权限", "With the rights of this account"))


def acting(username: str | None) -> Actor:
    """The actor of an account, or the platform itself: whoever runs commands here holds the database anyway."""
    return actor_of(account(username)) if username else system_actor(say("命令行", "command line"))


def account(username: str) -> Account:
    """The account of that name; Invalid when there is none."""
    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Invalid(
            say(
                f"没有账号“{username}”。rongtong user list 列出全部账号。",
                f"No account {username!r}; see rongtong user list.",
            )
        )
    return found
