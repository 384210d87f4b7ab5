"""`otklik import people FILE`; `import_app` holds whatever is brought in."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.facts import import_facts
from bot.cli.people.copying import say_of_copy
from bot.cli.people.history import import_history
from bot.cli.terminal.asking import asks_first, sure
from bot.cli.terminal.failing import FAILED, language
from bot.cli.terminal.helping import App
from bot.cli.terminal.saying import as_json, say
from bot.cli.working import perform
from bot.rights import Action

import_app = App()

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask after the preview.")]


@import_app.callback()
def _group() -> None:
    """Keep `people` a subcommand."""


@import_app.command("people", does=Action.IMPORT_PEOPLE)
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV (comma, semicolon or tab) or XLSX.")],
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Take the other rows where some are refused.")
    ] = False,
    new_managers: Annotated[
        bool, typer.Option("--new-managers", help="Make managers of names that nobody knows.")
    ] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="Who is not on the list has left; see --check.")
    ] = False,
    role: Annotated[
        str, typer.Option(help="Whose list it is where no column says so.")
    ] = "customer",
    column: Annotated[
        list[str] | None,
        typer.Option(help="HEADING=FIELD, for a heading that is not recognised; may be repeated."),
    ] = None,
    identity: Annotated[
        str | None, typer.Option(help="phone or email, for a list without an id column.")
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="Of a text file: utf-8, cp1251 …; found out by default.")
    ] = "",
    skip_lines: Annotated[
        int, typer.Option(min=0, help="Lines above the headings that are left out.")
    ] = 0,
    date_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT", help="D/M/YY, DD.MM.YYYY HH:mm …; may be given several times."
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(help="Of phones that name none, as RU or US; the company's by default."),
    ] = None,
    no_copy: Annotated[
        bool, typer.Option("--no-copy", help="Do not copy the database before.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Import customers and managers, all rows or none; a rerun changes nothing.

    Headings of Bitrix24 and amoCRM exports and plain Russian or English ones are recognised:
    docs/people.md. An attribute of your own: --column 'City=attribute'.
    """
    arguments: dict[str, Any] = {
        "path": str(file.absolute()),
        "reading": {
            "chosen": _chosen(column or []),
            "role": _one_of("--role", role, "customer", "manager"),
            "identity": identity and _one_of("--identity", identity, "phone", "email"),
            "encoding": encoding,
            "skip_lines": skip_lines,
            "date_formats": date_format or [],
            "country": country,
        },
        "language": language(),
        "check": check,
        "skip_refused": skip_refused,
        "new_managers": new_managers,
        "complete": complete,
        "no_copy": no_copy,
    }
    from bot.operations.lists.people import keep_apart

    work = partial(perform, "import_people", first=keep_apart, of_surveys=False)
    looked_at = asks_first(check=check, yes=yes, json=json)
    if looked_at:
        foreseen = work({**arguments, "check": True})
        say("\n\n".join(foreseen["said"]))
        sure()
    result = work(arguments)
    said = result.pop("said")
    refused = not (result["acceptable"] if check else result["imported"])
    if json:
        as_json(result)
    else:
        say("\n\n".join(said[-1:] if looked_at and not refused else said), err=refused)
        if result["imported"]:
            say_of_copy(result, no_copy=no_copy)
    if refused:
        raise typer.Exit(FAILED)


def _chosen(columns: list[str]) -> dict[str, str]:
    chosen = {}
    for column in columns:
        heading, equals, field = column.rpartition("=")
        if not equals:
            raise typer.BadParameter(column, param_hint="--column HEADING=FIELD")
        chosen[heading] = field
    return chosen


def _one_of(option: str, said: str, *known: str) -> str:
    if said not in known:
        raise typer.BadParameter(said, param_hint=f"{option} {'|'.join(known)}")
    return said


import_app.command("history", does=Action.KEEP_HISTORY)(import_history)
import_app.command("facts", does=Action.KEEP_FACTS)(import_facts)
