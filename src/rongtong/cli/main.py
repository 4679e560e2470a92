"""The command ``rongtong``: its commands by name, each loaded only when it is called.

``rongtong --help`` and ``rongtong engine …`` need neither Django nor a database, and start at once.
"""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from rongtong.cli.language import say

WRONG_USE = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its name, the module whose ``app`` it is, what it is for, and whether it needs Django."""

    name: str
    module: str
    help: str
    django: bool = True


ENTRIES = (
    Entry("match", "match", say("为一段需求找能解决它的技术、专家、设施与资金", "Who can answer a demand, and why")),
    Entry("import", "imports", say("导入 .xlsx / .csv / .jsonl", "Import .xlsx, .csv or .jsonl")),
    Entry("export", "exports", say("导出为 .xlsx / .csv", "Export to .xlsx or .csv")),
    Entry("index", "index", say("检索索引：状态、补齐、重建", "The search index: status, build, rebuild, watch")),
    Entry(
        "engine",
        "engine",
        say("不用数据库，直接对文件计算", "Compute on plain files, without a database"),
        django=False,
    ),
    Entry(
        "packs", "packs", say("规则包：列出、查看、检查、比较", "Rule packs: list, show, check, compare"), django=False
    ),
    Entry("sample", "sample", say("装入示例地区", "Load the sample region")),
    Entry("serve", "serve", say("启动门户与后台任务", "Run the portal and its worker")),
    Entry("worker", "worker", say("只运行后台任务", "Run the worker alone")),
    Entry("doctor", "doctor", say("检查设置、缺什么、代价是什么", "What is set, what is missing and what that costs")),
    Entry("audit", "audit", say("验证与导出审计链", "Verify and export the audit chain")),
    Entry("user", "users", say("账号与身份", "Accounts and their roles")),
    Entry("api-key", "keys", say("接口密钥", "Keys for the API")),
    Entry("migrate", "migrate", say("建立或升级数据库", "Create or upgrade the database")),
)


class Later(TyperCommand):
    """Stands in the list of commands for one whose module is loaded when it is called."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(name=entry.name, help=entry.help)
        self.entry = entry

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return loaded(self.entry).make_context(info_name, args, parent=parent, **extra)


class Commands(TyperGroup):
    """The commands of :data:`ENTRIES`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": {entry.name: Later(entry) for entry in ENTRIES}})


app = typer.Typer(
    name="rongtong",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=say(
        "融通：把技术需求和能解决它的技术、人、设施与资金对接起来。",
        "Rongtong carries a technical demand to the technology, people, facilities and capital that can answer it.",
    ),
)


@app.callback()
def rongtong() -> None:
    """Options that concern every command would stand here; there are none."""


def loaded(entry: Entry) -> Any:
    """The command itself, with Django started first when it needs it."""
    if entry.django:
        _start_django()
    return typer.main.get_command(import_module(f"rongtong.cli.{entry.module}").app)


def main() -> None:
    """Run the command line; what a person can put right is said in a sentence and ends with 2."""
    run = _guarded if needs_django(sys.argv[1:]) else app
    run()


def needs_django(arguments: list[str]) -> bool:
    """Whether the command that was asked for works on the records."""
    return any(entry.name == arguments[0] and entry.django for entry in ENTRIES) if arguments else False


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rongtong.site.settings")
    import_module("django").setup()


def _guarded() -> None:
    _check_environment()
    _start_django()
    import_module("rongtong.cli.failures").guarded(app)


def _check_environment() -> None:
    """A wrong setting is wrong use, not a failure."""
    environment = import_module("rongtong.site.environment")
    try:
        environment.read_environment()
    except environment.EnvironmentProblem as problem:
        typer.echo(str(problem), err=True)
        sys.exit(WRONG_USE)


if __name__ == "__main__":
    main()
