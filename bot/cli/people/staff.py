"""`otklik lead add`, `remove`, `list` and `otklik manager add`."""

from typing import Annotated, Any

import typer

from bot.cli.terminal.asking import asks_first, confirmed
from bot.cli.terminal.helping import App
from bot.cli.terminal.saying import as_json, one_line, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform
from bot.rights import Action

leads_app = App()
managers_app = App()
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is right.")]
Id = Annotated[str, typer.Argument(help="The id in the CRM.")]


def ask(yes: bool, question: str) -> None:
    """Ask whether it is right, where somebody sits there to be asked; ends the command at a no."""
    if asks_first(check=False, yes=yes, json=False) and not confirmed(question):
        texts = reader()
        say(texts("Nothing was changed."), err=True)
        raise typer.Exit(1)


@leads_app.command(does=Action.CHANGE_STAFF)
def add(
    person: Id,
    teams: Annotated[list[str], typer.Argument(help="The teams, as the lists name them.")],
    name: Annotated[str | None, typer.Option(help="The name, for somebody new.")] = None,
    yes: Yes = False,
) -> None:
    """Let one of the staff lead teams, besides those they lead; the admins are told."""
    texts = reader()
    ask(yes, texts("Is {id} to lead: {teams}?", id=person, teams=", ".join(teams)))
    result = perform("add_lead", {"person": person, "teams": teams, "name": name})
    _led(result)
    if result["link"]:
        say(result["link"])


@leads_app.command(does=Action.CHANGE_STAFF)
def remove(
    person: Id,
    teams: Annotated[list[str] | None, typer.Argument(help="The teams; none: all.")] = None,
    yes: Yes = False,
) -> None:
    """Let somebody lead teams no longer; the admins are told. A manager stays one."""
    texts = reader()
    ask(yes, texts("Is {id} no longer to lead?", id=person))
    _led(perform("remove_lead", {"person": person, "teams": teams or []}))


def _led(result: dict[str, Any]) -> None:
    texts, name = reader(), one_line(result["person"])
    if result["teams"]:
        say(texts("{name} leads: {teams}.", name=name, teams=", ".join(result["teams"])))
    else:
        say(texts("{name} is no longer a team lead.", name=name))


@leads_app.command("list", does=Action.SEE_PEOPLE)
def list_(json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False) -> None:
    """Show the team leads with their teams."""
    result = perform("list_leads", {})
    if json:
        as_json(result)
        return
    for one in result["leads"]:
        say(f"{one['id'] or '—'}  {one_line(one['name'])}: {', '.join(one['teams'])}")


@managers_app.command("add", does=Action.CHANGE_STAFF)
def add_manager(
    person: Id,
    name: Annotated[str, typer.Argument(help="The name.")],
    team: Annotated[str | None, typer.Option(help="The team, where there are teams.")] = None,
    yes: Yes = False,
) -> None:
    """Add a manager and print their personal link; the admins are told. To remove: otklik leave."""
    texts = reader()
    ask(yes, texts("Add the manager {name}?", name=name))
    result = perform("add_manager", {"person": person, "name": name, "team": team})
    say(result["link"])


@managers_app.callback()
def _group() -> None:
    """Keep `add` a command of its own, though it is the only one."""
