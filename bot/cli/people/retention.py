"""`otklik retention`: how long each kind of data is kept."""

from typing import Annotated

import typer

from bot.cli.terminal.asking import asks_first, confirmed
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform


def retention(
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KIND=DAYS]...", help="Another time for a kind; - is for good."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is right.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show or choose how long each kind of data is kept; what is older goes once a day."""
    from bot.operations.privacy.consenting import in_years_or_days
    from bot.operations.privacy.retention import KINDS

    texts = reader()
    wanted = dict(_pair(one) for one in changes or ())
    if wanted and asks_first(check=False, yes=yes, json=json):
        question = texts("What is older goes within a day and does not come back. Go on?")
        if not confirmed(question):
            say(texts("Nothing was changed."), err=True)
            raise typer.Exit(1)
    result = perform("retention", {"changes": wanted})
    if json:
        as_json(result)
        return
    for kind, held in result.items():
        days = held["days"]
        long = texts("for good") if days is None else in_years_or_days(texts, days)
        say(f"{kind}: {long} ({texts(KINDS[kind])})")


def _pair(said: str) -> tuple[str, str]:
    kind, _, days = said.partition("=")
    return kind.strip(), days.strip()
