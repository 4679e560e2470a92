"""The command ``rongtong``."""

import typer

app = typer.Typer(name="rongtong", no_args_is_help=True, help="融通：把技术需求和能解决它的人、技术、设施与资金对接起来。")


@app.callback()
def rongtong() -> None:
    """Keep sub-commands even while there is only one."""


def main() -> None:
    """Run the command line."""
    app()
