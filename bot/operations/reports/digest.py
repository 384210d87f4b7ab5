"""A digest from database to finished pages: load everything, compute, render.

Imports numpy by way of scoring, so the bot itself never imports this module: it starts
the command `otklik digest` in a process of its own.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FileUnwritable, Refused
from bot.operations.reports.figures import figures_of
from bot.operations.reports.parts import named, of_part, typed
from bot.operations.words.reading import read_words
from bot.private_files import make_folder, write_privately
from scoring.reports.digest import digest
from scoring.reports.moved import kept, moved
from storage.counting import casework
from storage.database import Reader, open_reading
from storage.people import workspace
from storage.sending import digests
from surveys.errors import UnreadableDocument
from surveys.messages import Language, mark
from surveys.periods import Period, asked_for, compared, parse_period, previous
from surveys.reports.as_json import read_digest, written
from surveys.reports.digest import Digest, Moved
from surveys.reports.scope import COMPANY, Scope
from templates.digest.message import render_text
from templates.digest.page import Live, render_digest
from templates.texts import Texts

if TYPE_CHECKING:
    from bot.operations.reports.live import LiveAsked


@dataclass(frozen=True, slots=True)
class Made:
    """One digest in all its forms."""

    document: Digest
    language: Language

    @property
    def quotes_customers(self) -> bool:
        """Whether there are words of customers in it."""
        return replace(self.document, moved=None) != kept(self.document)

    def html(self) -> str:
        """Return the self-contained page."""
        return render_digest(self.document, self.language)

    def json(self) -> str:
        """Return every number, unrounded."""
        return written(self.document, indent=2) + "\n"

    def text(self) -> str:
        """Return the digest for a terminal."""
        return render_text(self.document, self.language)

    def png(self) -> bytes:
        """Return the picture of the first section."""
        from templates.digest.picture import render_png  # noqa: PLC0415 - only where asked for

        return render_png(self.document, self.language)

    def xlsx(self) -> bytes:
        """Return the tables of numbers as a workbook."""
        from bot.operations.exports.spreadsheets import book  # noqa: PLC0415 - only where asked for
        from templates.digest.workbook.sheets import sheets  # noqa: PLC0415

        return book(sheets(self.document, self.language), self.language)

    def save(self, folder: Path) -> None:
        """Write `digest.html`, `.json` and `.png`, readable by their owner only."""
        try:
            make_folder(folder)
        except OSError as error:
            raise FileUnwritable(folder, error) from error
        write_privately(folder / "digest.html", self.html())
        write_privately(folder / "digest.json", self.json())
        write_privately(folder / "digest.png", self.png())


@dataclass(frozen=True, slots=True)
class Asked:
    """Which digest: texts of periods (None: the last full month, the one before it).

    `zone` is the one whose days and months are counted, the company's by default. `is_typed`: what
    narrows it was typed, and not chosen among what there was.
    """

    period: str | None = None
    against: str | None = None
    zone: str | None = None
    scope: Scope = COMPANY
    is_typed: bool = False


async def make(
    database_url: str,
    period_text: str | None,
    language: Language | None,
    now: datetime,
    scope: Scope = COMPANY,
) -> Made:
    """Compute the digest of a period (None: the last full month); raises as `make_asked`."""
    return await make_asked(database_url, Asked(period_text, scope=scope), language, now)


async def make_asked(
    database_url: str, asked: Asked, language: Language | None, now: datetime
) -> Made:
    """Compute a digest from a database only read.

    Raises as `compared`, and Refused for a scope of a manager or a campaign that there is not; a
    typed one also for what nobody has.
    """
    async with open_reading(database_url) as database, database.reading() as reader:
        space = await workspace.get(reader)
        chosen, zone = language or space.language, asked.zone or space.zone
        period = asked_for(None, now, zone).key if asked.period is None else asked.period
        both = compared([period, *filter(None, [asked.against])], now, zone)
        if asked.is_typed:
            await typed(reader, asked.scope)
        return Made(await _made(reader, both, asked.scope, chosen, now, zone), chosen)


async def live(database_url: str, asked: "LiveAsked", language: Language, now: datetime) -> str:
    """Return the digest as a page with a bar above it; raises as `make` does."""
    from bot.operations.reports.live import offered  # noqa: PLC0415 - only where asked for

    async with open_reading(database_url) as database, database.reading() as reader:
        space = await workspace.get(reader)
        period = asked_for(asked.period, now, space.zone)
        both = (period, previous(period, space.zone))
        if asked.against is not None:
            both = compared([period.key, asked.against], now, space.zone)
        document = await _made(reader, both, asked.scope, language, now, space.zone)
        choices = await offered(reader, space, now, Texts(language))
    return render_digest(document, language, Live(asked.path, choices, asked.against))


async def sent(database_url: str, period_text: str, language: Language | None) -> Made:
    """Return the latest digest that was sent of a period, as it was, without customers' words.

    Raises Refused where none was.
    """
    async with open_reading(database_url) as database, database.reading() as reader:
        space = await workspace.get(reader)
        period = parse_period(period_text, space.zone)
        document = await digests.kept(reader, period.key)
    if document is None:
        raise Refused(mark("No digest of {period} was sent."), period=period.key)
    return Made(read_digest(document), language or space.language)


async def _made(
    reader: Reader,
    both: tuple[Period, Period],
    scope: Scope,
    language: Language,
    now: datetime,
    zone: str,
) -> Digest:
    part = await named(reader, scope)
    if part is None:
        return await _document(reader, both, zone, language, now)
    numbers = await figures_of(reader, both[0], zone, language, scope, both[1])
    numbers = await read_words(reader, numbers, language)
    return of_part(digest(numbers, now, language), part)


async def _document(
    reader: Reader, both: tuple[Period, Period], zone: str, language: Language, now: datetime
) -> Digest:
    period, against = both
    numbers = await figures_of(reader, period, zone, language, against=against)
    numbers = await read_words(reader, numbers, language)
    numbers = replace(numbers, casework=await casework.counted(reader, period, now))
    document = digest(numbers, now, language)
    return replace(document, moved=await _moved(reader, document))


async def _moved(reader: Reader, document: Digest) -> Moved | None:
    """Compare with the digest that was sent; one that cannot be read must not stop the next."""
    sent = await digests.kept(reader, document.period.key)
    if sent is None:
        return None
    try:
        before = read_digest(sent)
        return moved(before, document) if before.zone == document.zone else None
    except UnreadableDocument:
        import structlog  # noqa: PLC0415 (with it comes rich, a fifteenth of a digest)

        structlog.get_logger().warning("kept_digest_unreadable", period=document.period.key)
        return None
