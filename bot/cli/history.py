"""`otklik import history FILE`: answers from before Otklik."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.failing import failing_kindly
from bot.cli.speaking import reader
from bot.cli.working import as_json, perform
from surveys.messages import mark

if TYPE_CHECKING:
    from bot.operations.lists.history_file import History, Plan

_LARGEST_FILE = 50_000_000

Column = Annotated[str | None, typer.Option(metavar="COLUMN")]


def import_history(  # noqa: PLR0913, PLR0917 - the command's options
    file: Annotated[Path, typer.Argument(help="CSV or XLSX; delimiter and encoding are found.")],
    score: Annotated[str | None, typer.Option(metavar="COLUMN", help="The score given.")] = None,
    date: Annotated[str | None, typer.Option(metavar="COLUMN", help="When.")] = None,
    row_id: Annotated[
        str | None,
        typer.Option("--id", metavar="COLUMN", help="The answer's own number, never used twice."),
    ] = None,
    customer: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Whose it is: the same text is the same customer."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The customer's name, beside an id.")
    ] = None,
    manager: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The manager's id or name.")
    ] = None,
    segment: Column = None,
    touchpoint: Column = None,
    comment: Column = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="A column of your own, such as a city; may be given several times.",
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="The date's month, 1-12: tells how dates are meant."),
    ] = None,
    quarter: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The date's quarter, 1-4.")
    ] = None,
    date_format: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT", help="D/M/YY, DD.MM.YYYY …; may be given several times."),
    ] = None,
    scale: Annotated[str | None, typer.Option(help="The score's ends; 0-10 by default.")] = None,
    survey: Annotated[
        str | None, typer.Option(help="Whose answers these are; nps by default.")
    ] = None,
    question: Annotated[str | None, typer.Option(help="Which of its scores; the first.")] = None,
    plan_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="YAML lines such as «score: rating» instead."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Bring past answers in, all rows or none; a rerun changes nothing.

    Import people first, so that customers and managers are recognised by their ids; whoever is
    unknown is kept for the figures alone and never written to. Dates are read only where they can
    be meant in one way: by all dates of their form, a month or quarter in the same row, or
    --date-format.
    """
    columns = {
        "score": score,
        "date": date,
        "id": row_id,
        "customer": customer,
        "name": name,
        "manager": manager,
        "segment": segment,
        "touchpoint": touchpoint,
        "comment": comment,
        "month": month,
        "quarter": quarter,
    }
    settings = {
        "date_format": date_format,
        "attribute": attribute,
        "scale": scale,
        "survey": survey,
        "question": question,
    }
    with failing_kindly():
        plan, history = _read(file, plan_file, columns | settings)
        arguments = {
            **history.as_json(),
            "survey": plan.survey,
            "question": plan.question,
            "scale": list(plan.scale),
            "check": check,
        }
    result = perform("import_history", arguments)
    result["dates"] = [
        {"format": one.read_as, "rows": one.rows, "because": one.because}
        for one in history.readings
    ]
    if json:
        as_json(result)
    else:
        _print(result, check=check)


def _read(
    file: Path, plan_file: Path | None, options: Mapping[str, Any]
) -> tuple["Plan", "History"]:
    from bot.operations.lists.history_file import plan_from, read_history

    text = None if plan_file is None else _content(plan_file).decode("utf-8-sig", "replace")
    plan = plan_from(options, text)
    return plan, read_history(_content(file), plan)


def _content(path: Path) -> bytes:
    from bot.errors import FileUnreadable, Refused

    try:
        if path.stat().st_size <= _LARGEST_FILE:
            return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path, error) from error
    raise Refused(
        mark("{path} is larger than {limit} MB; split it."),
        path=path,
        limit=_LARGEST_FILE // 1_000_000,
    )


def _print(result: Mapping[str, Any], *, check: bool) -> None:
    texts = reader()
    counts = {
        name: texts.number(result[name]) for name in ("added", "unchanged", "rows", "customers")
    }
    if check:
        typer.echo(texts("New: {added}. Unchanged: {unchanged}.", **counts))
    else:
        typer.echo(texts("Done. New: {added}. Unchanged: {unchanged}.", **counts))
    first, last = (texts.date(datetime.fromisoformat(result[end])) for end in ("first", "last"))
    answers = texts(
        "Answers: {rows}, customers: {customers}; from {first} to {last}.",
        **counts,
        first=first,
        last=last,
    )
    typer.echo(answers)
    for reading in result["dates"]:
        because = reading["because"]
        said = texts(
            "Dates: {rows} as {format}: {because}",
            rows=texts.number(reading["rows"]),
            format=reading["format"],
            because=texts(because),
        )
        typer.echo(said)
    if result["customers"] < result["rows"]:
        repeated = texts(
            "Some customers answered several times; in a period each counts once, with the latest "
            "answer. If a name is shared by several people, give --id and --name instead."
        )
        typer.echo(repeated)
    if result["new_managers"]:
        names = ", ".join(result["new_managers"])
        typer.echo(texts("Managers not known here: {names}", names=names))
