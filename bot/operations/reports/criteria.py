"""The criteria page from database to figures: answers, facts, the index.

Imports scoring, so the bot itself never imports this module.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.operations.reports.figures import figures_of
from scoring.reports.criteria import criteria
from storage.counting.latest import latest_answers
from storage.database import Reader, open_reading
from storage.people import workspace
from surveys.messages import Language
from surveys.periods import Period, compared
from surveys.reports import as_json
from surveys.reports.criteria import Criteria
from templates.criteria_page import render_text


@dataclass(frozen=True, slots=True)
class Made:
    """The criteria of a period in all their forms."""

    document: Criteria
    zone: str
    language: Language

    def json(self) -> str:
        """Return every number, unrounded."""
        return as_json.written(self.document, indent=2) + "\n"

    def text(self) -> str:
        """Return it for a terminal."""
        return render_text(self.document, self.zone, self.language)


async def make(
    database_url: str, period_text: str | None, language: Language | None, now: datetime
) -> Made:
    """Compute the criteria of a period (None: the last full month) from a database only read.

    Raises as `compared`.
    """
    async with open_reading(database_url) as database, database.reading() as reader:
        space = await workspace.get(reader)
        chosen = language or space.language
        [period, _] = compared([*filter(None, [period_text])], now, space.zone)
        document = await _document(reader, period, space.zone, chosen, now)
        return Made(document, space.zone, chosen)


async def _document(
    reader: Reader, period: Period, zone: str, language: Language, now: datetime
) -> Criteria:
    numbers = await figures_of(reader, period, zone, language)
    told = await latest_answers(reader, period)
    return criteria(replace(numbers, answered_at=told), now=now)
