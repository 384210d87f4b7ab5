"""`otklik campaign compare` and `baseline`: before and after."""

from datetime import datetime
from typing import Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, print_data, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart, needs
from bot.cli.working import awaited, perform, present
from surveys.messages import Language

Sides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BEFORE AFTER",
        help="Two waves by number, two labels, or two periods.",
    ),
]


def compare(
    sides: Sides = None,
    campaign: Annotated[
        int | None, typer.Option(help="The waves of this campaign: two labels, or its two latest.")
    ] = None,
    survey: Annotated[
        str | None, typer.Option(help="All answers to this survey's questions in two periods.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    html: Annotated[bool, typer.Option(hidden=True)] = False,
    language: Annotated[Language | None, typer.Option(help="The company's by default.")] = None,
    now: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Say what has changed between two waves or periods, and whether that is more than chance.

    The bot may be running.
    """
    apart("survey", "campaign")
    with failing_kindly():
        from bot.operations.reports import comparison as comparing
        from bot.settings import Settings

        settings = Settings.load()
        asked = comparing.ToCompare(tuple(sides or ()), survey, campaign)
        moment = datetime.fromisoformat(now) if now else awaited(present(settings.clock_url))
        found = awaited(comparing.make(settings.database_url, asked, language, moment))
    print_data(found.json() if json else found.message() if html else found.text())


def baseline(
    wave: Annotated[
        int | None, typer.Argument(help="A wave's number; without it, what is chosen is shown.")
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Take the choice back: a wave's label decides.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Choose the wave that the digest holds a survey's later figures against."""
    needs("wave", "forget")
    result = perform("baseline", {"wave": wave, "forget": forget})
    if json:
        as_json(result)
        return
    texts = reader()
    for row in result["baselines"]:
        say(
            texts(
                "{survey}: wave {wave} «{label}» of {day}",
                survey=row["survey"],
                wave=str(row["wave"]),
                label=row["label"] or row["name"],
                day=texts.date(datetime.fromisoformat(row["started_at"])),
            )
        )
    if not result["baselines"]:
        say(texts("None is chosen: a wave labelled before is its survey's baseline."))
