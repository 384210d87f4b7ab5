"""The options of `otklik import history`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

Column = Annotated[str | None, typer.Option(metavar="COLUMN")]


@dataclass(frozen=True, kw_only=True)
class HistoryOptions:
    """What was typed; each field has the name of the column or setting that it fills."""

    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX; delimiter, encoding and headings are found.")
    ]
    score: Annotated[str | None, typer.Option(metavar="COLUMN", help="The score given.")] = None
    date: Annotated[str | None, typer.Option(metavar="COLUMN", help="When.")] = None
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="COLUMN", help="The answer's own number, never used twice."),
    ] = None
    customer: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Whose it is: the same text is the same customer."),
    ] = None
    name: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The customer's name, beside an id.")
    ] = None
    manager: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The manager's id or name.")
    ] = None
    segment: Column = None
    touchpoint: Column = None
    comment: Column = None
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="A column of your own, such as a city; may be given several times.",
        ),
    ] = None
    month: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The date's month, 1-12: tells how dates are meant."),
    ] = None
    quarter: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The date's quarter, 1-4.")
    ] = None
    date_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT",
            help="D/M/YY, DD.MM.YYYY HH:mm …; may be given several times.",
        ),
    ] = None
    utc: Annotated[
        bool, typer.Option("--utc", help="Times that name no zone are UTC, not the company's.")
    ] = False
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="The day of answers that have no date."),
    ] = None
    scale: Annotated[str | None, typer.Option(help="The score's ends; 0-10 by default.")] = None
    survey: Annotated[str | None, typer.Option(help="Whose answers these are; nps by default.")] = (
        None
    )
    question: Annotated[str | None, typer.Option(help="Which of its scores; the first.")] = None
    skip_lines: Annotated[
        int, typer.Option("--skip-lines", metavar="N", min=0, help="Lines above the headings.")
    ] = 0
    encoding: Annotated[
        str | None, typer.Option(help="utf-8, cp1251 …, where it is not found.")
    ] = None
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Take the other rows where some are refused.")
    ] = False
    again: Annotated[
        bool,
        typer.Option("--again", help="Take answers whose times and scores stand here already."),
    ] = False
    no_copy: Annotated[bool, typer.Option("--no-copy", help="Do not copy the database before.")] = (
        False
    )
    map_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="YAML lines such as «score: rating» instead."),
    ] = None
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen.")] = False
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask after the preview.")] = False
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False

    def stated(self) -> dict[str, Any]:
        """Return what the plan may know, by its names there."""
        of_the_command = {"file", "map_file", "again", "check", "yes", "json", "no_copy"}
        return {name: said for name, said in vars(self).items() if name not in of_the_command}
