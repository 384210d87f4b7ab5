"""`otklik export`: answers, people, cases or the ledger as a file."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.file_forms import form_of
from bot.cli.parts import (
    AttributeOption,
    CampaignOption,
    ManagerOption,
    SegmentOption,
    TeamOption,
    scope_of,
)
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited, note_taken
from bot.operations.exports.chosen import FileForm, Wanted, What, read_wanted
from surveys.messages import Language

if TYPE_CHECKING:
    from bot.operations.exports.writing import WrittenFiles


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
    segment: SegmentOption = None,
    team: TeamOption = None,
    manager: ManagerOption = None,
    campaign: CampaignOption = None,
    attribute: AttributeOption = None,
    language: Annotated[Language | None, typer.Option(help="The company's by default.")] = None,
    asked: Annotated[bool, typer.Option("--asked", hidden=True)] = False,
    now: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Write rows for a spreadsheet or for statistics, a response each. The bot may be running.

    Each export stands in the record of what staff did: otklik audit.
    """
    with failing_kindly():
        from bot.settings import Settings

        chosen = form_of(form, out, {one.value: one for one in FileForm})
        scope = scope_of(segment, team, manager, campaign, attribute)
        wanted = Wanted(what, chosen or FileForm.XLSX, period, survey, scope)
        if asked:
            wanted = read_wanted(sys.stdin.read())
        path = out or Path(f"otklik-{what}.{wanted.form}")
        url = Settings.load().database_url
        moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
        typed_at = None if asked else moment
        made = awaited(_written(url, wanted, language, path, typed_at))
    texts = reader()
    for file in made.files:
        say(str(file))
    if made.rows:
        say(texts.plural("{n} row.", "{n} rows.", made.rows))
    else:
        say(texts("No rows: there is nothing of the kind."))


async def _written(
    url: str, wanted: Wanted, language: Language | None, path: Path, typed_at: datetime | None
) -> "WrittenFiles":
    """Write the file; what was typed here is looked at and noted first."""
    from bot.operations.exports.writing import checked, export

    if typed_at is not None:
        await checked(url, wanted, typed_at)
        await note_taken(wanted.deed)
    return await export(url, wanted, language, path)
