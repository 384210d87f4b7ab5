"""`otklik digest`: the digest of a period as a page, as numbers or as text."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

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
from bot.cli.terminal.saying import print_bytes, print_data
from bot.cli.terminal.together import apart, only_with
from bot.cli.working import awaited, note_taken
from bot.operations.exports.chosen import narrowed
from surveys.messages import Language, mark

if TYPE_CHECKING:
    from bot.operations.reports import digest as reports
    from bot.operations.reports.digest import Made


class Format(StrEnum):
    """In what form."""

    HTML = "html"
    JSON = "json"
    TEXT = "text"
    PNG = "png"
    XLSX = "xlsx"


_ENDS: Final = {one.value: one for one in Format} | {"txt": Format.TEXT}
_CONTENTS: Final[Mapping[Format, Callable[["Made"], str | bytes]]] = {
    Format.HTML: lambda made: made.html(),
    Format.JSON: lambda made: made.json(),
    Format.TEXT: lambda made: made.text(),
    Format.PNG: lambda made: made.png(),
    Format.XLSX: lambda made: made.xlsx(),
}


def digest(
    period: Annotated[
        str | None,
        typer.Option(
            help="2026, 2026-Q3, 2026-09, 2026-W36 or now; the last full month by default."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="Compare with this period, of the same length and earlier; the one before by "
            "default."
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="html, json, text, png or xlsx; by default as the file is called, else text.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file; the screen by default.")] = None,
    language: Annotated[Language | None, typer.Option(help="The company's by default.")] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Write digest.html, digest.json and digest.png there instead."),
    ] = None,
    was_sent: Annotated[
        bool,
        typer.Option(
            "--sent", help="The latest one that was sent of the period, as it was; json or text."
        ),
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of digest.json instead.")
    ] = False,
    segment: SegmentOption = None,
    team: TeamOption = None,
    manager: ManagerOption = None,
    campaign: CampaignOption = None,
    attribute: AttributeOption = None,
    zone: Annotated[
        str | None,
        typer.Option(help="Days and months of this city or time zone; the company's by default."),
    ] = None,
    live: Annotated[bool, typer.Option("--live", hidden=True)] = False,
    now: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Compute the digest of a period, of all or of a part. The bot may be running."""
    only_with("schema")
    only_with("was_sent", "period", "form", "out", "language")
    apart("folder", "form", "out")
    if schema:
        from surveys.reports.schema import published

        print_data(published())
        return
    with failing_kindly():
        from bot.cli.zones import zone_of
        from bot.operations.reports import digest as digest_document
        from bot.settings import Settings

        settings = Settings.load()
        moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
        if live:
            _print_live(settings.database_url, language or "ru", moment)
            return
        scope = scope_of(segment, team, manager, campaign, attribute)
        if was_sent:
            _put_sent(settings.database_url, period, form_of(form, out, _ENDS), language, out)
            return
        written = form_of(form, out, _ENDS) or Format.TEXT
        place = zone_of(zone) if zone else None
        chosen = digest_document.Asked(period, against, place, scope, is_typed=now is None)
        shown = written if folder is None else Format.HTML
        noted_as = None if now or shown is Format.PNG else f"digest.{shown}"
        made = awaited(_made(settings.database_url, chosen, language, moment, noted_as=noted_as))
        if folder is not None:
            made.save(folder)
            return
        _put(_CONTENTS[written](made), out)


def _print_live(database_url: str, language: Language, now: datetime) -> None:
    """Print the page that standard input asks for."""
    from bot.operations.reports import digest as digest_document
    from bot.operations.reports.live import read_asked

    asked = read_asked(sys.stdin.read())
    print_data(awaited(digest_document.live(database_url, asked, language, now)))


def _put(content: str | bytes, out: Path | None) -> None:
    """Write a digest into a file that only its owner may read, or to the screen."""
    from bot.private_files import write_privately

    if out is not None:
        write_privately(out, content)
    elif isinstance(content, str):
        print_data(content)
    else:
        print_bytes(content)


async def _made(
    url: str,
    asked: "reports.Asked",
    language: Language | None,
    now: datetime,
    *,
    noted_as: str | None,
) -> "Made":
    """Make a digest; one with customers' words is noted in the record of deeds, unless it is."""
    from bot.operations.reports.digest import make_asked

    made = await make_asked(url, asked, language, now)
    if noted_as is not None and made.quotes_customers:
        period = made.document.period.key
        await note_taken(" ".join((noted_as, *narrowed(period, asked.scope))))
    return made


def _put_sent(
    database_url: str,
    period: str | None,
    form: Format | None,
    language: Language | None,
    out: Path | None,
) -> None:
    """Write the latest digest that was sent of a period."""
    from bot.errors import Refused
    from bot.operations.reports.digest import sent

    if period is None or form not in {Format.JSON, Format.TEXT, None}:
        raise Refused(mark("--sent needs --period, and prints text or json."))
    found = awaited(sent(database_url, period, language))
    _put(found.json() if form is Format.JSON else found.text(), out)
