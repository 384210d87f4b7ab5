"""`otklik admin add`, `list`, `remove`."""

from typing import Annotated

import typer

from bot.cli.people.staff import Yes, ask
from bot.cli.terminal.helping import App
from bot.cli.terminal.saying import as_json, one_line, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform
from bot.rights import Action

app = App()


@app.command(does=Action.CHANGE_STAFF)
def add(
    telegram_id: Annotated[int, typer.Argument(help="The numeric Telegram id.")],
    name: Annotated[str, typer.Option(help="How the person is shown.")] = "",
    yes: Yes = False,
) -> None:
    """Make a Telegram account an admin; the other admins are told."""
    texts = reader()
    ask(yes, texts("Make {id} an admin, who may do everything?", id=telegram_id))
    perform("add_admin", {"telegram_id": telegram_id, "name": name})
    said = texts("{id} is an admin now; /menu in the bot shows what can be done.", id=telegram_id)
    say(said)


@app.command(does=Action.CHANGE_STAFF)
def remove(
    telegram_id: Annotated[int, typer.Argument(help="The numeric Telegram id.")],
    yes: Yes = False,
) -> None:
    """Take an admin's rights back, at once; the other admins are told. A manager stays one."""
    texts = reader()
    ask(yes, texts("Take the admin's rights of {id} back?", id=telegram_id))
    result = perform("remove_admin", {"telegram_id": telegram_id})
    if result["is_manager"]:
        said = texts("{name} is no longer an admin, but still a manager.", name=result["person"])
    else:
        said = texts("{name} is no longer an admin.", name=result["person"])
    say(said)


@app.command("list", does=Action.CHANGE_STAFF)
def list_(json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False) -> None:
    """Show the admins with their Telegram ids."""
    result = perform("list_admins", {})
    if json:
        as_json(result)
        return
    for one in result["admins"]:
        say(f"{one['telegram_id']}  {one_line(one['name'])}")
