"""`otklik admin add`."""

from typing import Annotated

import typer

from bot.cli.helping import App
from bot.cli.speaking import reader
from bot.cli.working import perform

app = App(help="Who may do everything.")


@app.callback()
def _group() -> None:
    """Keep `add` a subcommand."""


@app.command()
def add(
    telegram_id: Annotated[int, typer.Argument(help="The numeric Telegram id.")],
    name: Annotated[str, typer.Option(help="How the person is shown.")] = "",
) -> None:
    """Make a Telegram account an admin."""
    perform("add_admin", {"telegram_id": telegram_id, "name": name})
    texts = reader()
    said = texts("{id} is an admin now; /menu in the bot shows what can be done.", id=telegram_id)
    typer.echo(said)
