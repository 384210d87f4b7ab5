"""An export from database to finished files.

The form's library is imported where it is used: two of them are extras.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.operations.exports.chosen import NO_PERIOD, FileForm, Wanted, What, lacking
from bot.operations.exports.tables import Asking, ExportTable, tables
from bot.operations.reports.parts import typed
from bot.private_files import written_privately
from storage.asking import definitions
from storage.database import Reader, open_reading
from storage.people import workspace
from surveys.errors import PeriodAhead
from surveys.messages import Language, mark
from surveys.periods import parse_period
from templates.texts import Texts

_NEEDS: Final = mark("This form needs {library}: pip install {library}.")
_UNKNOWN: Final = mark("There is no survey «{key}». Known: {known}.")


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """The files of an export, and how many rows the first has."""

    files: tuple[Path, ...]
    rows: int


async def export(
    database_url: str, wanted: Wanted, language: Language | None, out: Path
) -> WrittenFiles:
    """Write an export, from a database that is only read; raises Refused.

    A second table, that of anonymous surveys, is another sheet of a workbook, else another file.
    """
    async with open_reading(database_url) as database, database.reading() as reader:
        asking = await examined(reader, wanted, language)
        found = await tables(reader, wanted.what, asking)
        return await _written(found, wanted.form, out, asking)


async def checked(database_url: str, wanted: Wanted, now: datetime) -> None:
    """Raise Refused where an export cannot be made, PeriodAhead where there is nothing to write."""
    async with open_reading(database_url) as database, database.reading() as reader:
        asking = await examined(reader, wanted, None)
    if asking.period is not None and asking.period.start > now:
        raise PeriodAhead(asking.period.key)


async def examined(reader: Reader, wanted: Wanted, language: Language | None) -> Asking:
    """Return what is asked for, as the database knows it; raises Refused."""
    if wanted.what is What.PEOPLE and (wanted.period or wanted.survey):
        raise Refused(NO_PERIOD)
    library = lacking(wanted.form)
    if library is not None:
        raise Refused(_NEEDS, library=library)
    space = await workspace.get(reader)
    period = None if wanted.period is None else parse_period(wanted.period, space.zone)
    if wanted.survey is not None and await definitions.latest(reader, wanted.survey) is None:
        known = sorted(one.key for one in await definitions.all_latest(reader))
        raise Refused(_UNKNOWN, key=wanted.survey, known=known or "—")
    await typed(reader, wanted.scope)
    texts = Texts(language or space.language)
    return Asking(texts, space.zone, period, wanted.survey, wanted.scope, space.company)


async def _written(
    found: Sequence[ExportTable], form: FileForm, out: Path, asking: Asking
) -> WrittenFiles:
    zone = ZoneInfo(asking.zone)
    if form is FileForm.XLSX:
        from bot.operations.exports.spreadsheets import write_xlsx  # noqa: PLC0415 - this form alone

        with written_privately(out) as (file,):
            return WrittenFiles((out,), await write_xlsx(file, found, zone, asking.texts))
    paths = [out, *(out.with_stem(f"{out.stem}-{table.name}") for table in found[1:])]
    with written_privately(*paths) as files:
        counts = [
            await _write(file, table, form, asking)
            for file, table in zip(files, found, strict=True)
        ]
    return WrittenFiles(tuple(paths), counts[0])


async def _write(file: Path, table: ExportTable, form: FileForm, asking: Asking) -> int:
    match form:
        case FileForm.PARQUET:
            from bot.operations.exports.parquet import write_parquet  # noqa: PLC0415 - this form alone

            return await write_parquet(file, table, asking.zone)
        case FileForm.SPSS:
            from bot.operations.exports.spss import write_spss  # noqa: PLC0415 - this form alone

            return await write_spss(file, table, ZoneInfo(asking.zone))
        case _:
            from bot.operations.exports.spreadsheets import write_csv  # noqa: PLC0415 - this form alone

            return await write_csv(file, table, ZoneInfo(asking.zone), asking.texts.language)
