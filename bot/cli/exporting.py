"""`otklik export`: answers, people, cases or the ledger as a file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited
from bot.operations.exports.chosen import FileForm, Wanted, What
from surveys.messages import Language, mark


def export(
    what: Annotated[What, typer.Argument(help="answers, people, cases or ledger.")],
    form: Annotated[
        FileForm | None,
        typer.Option(
            "--format", help="xlsx, csv, parquet or sav; by default as the file is called."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file; otklik-WHAT.xlsx here by default.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="2026, 2026-Q3, 2026-09 or 2026-W36; everything by default.")
    ] = None,
    survey: Annotated[str | None, typer.Option(help="Only of this survey.")] = None,
    language: Annotated[Language | None, typer.Option(help="The company's by default.")] = None,
    now: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Write rows for a spreadsheet or for statistics, a response each. The bot may be running."""
    del now  # the bot passes it to each command that it starts; this one needs no clock
    with failing_kindly():
        from bot.errors import Refused
        from bot.operations.exports.writing import export as write
        from bot.settings import Settings

        suffix = "" if out is None else out.suffix.removeprefix(".").lower()
        chosen = form or next((one for one in FileForm if one == suffix), None)
        if chosen is None and suffix:
            raise Refused(mark("Say by --format how {file} is to be written."), file=str(out))
        chosen = chosen or FileForm.XLSX
        wanted = Wanted(what, chosen, period, survey)
        path = out or Path(f"otklik-{what}.{chosen}")
        made = awaited(write(Settings.load().database_url, wanted, language, path))
    texts = reader()
    for file in made.files:
        say(str(file))
    say(texts.plural("{n} row.", "{n} rows.", made.rows))
