"""`otklik calendar`: the working days and hours by which cases are due."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform, read_text
from templates.texts import Texts


def calendar(
    lines: Annotated[
        list[str] | None,
        typer.Argument(metavar="DAY", help='For example "31.12.2026 off", "hours 10-19".'),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A text file with such a line a day.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show or change the company's working days and hours, by which cases are due."""
    with failing_kindly():
        given = [*(lines or []), *([] if file is None else [read_text(file)])]
    result = perform("calendar", {"lines": "\n".join(given)} if given else {})
    if json:
        as_json(result)
        return
    texts = reader()
    first, last = result["hours"]
    say(texts("Working hours: {first}:00–{last}:00", first=first, last=last))
    for year in result["provisional"]:
        say(texts("The days off of {year} are provisional: no decree is known.", year=year))
    for title, key in ((texts("Ahead:"), "ahead"), (texts("Your own days:"), "own")):
        if result[key]:
            say(title)
        for day, told in result[key]:
            say(f"• {_line(texts, date.fromisoformat(day), told)}")


def _line(texts: Texts, day: date, told: list[int] | bool | None) -> str:
    if told is None:
        return texts("{day}: off", day=texts.date(day))
    if isinstance(told, list):
        first, last = told
        return texts("{day}: {first}:00–{last}:00", day=texts.date(day), first=first, last=last)
    return texts("{day}: worked", day=texts.date(day))
