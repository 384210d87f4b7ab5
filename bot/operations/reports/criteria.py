"""The criteria page from database to figures: answers, facts, the index.

Imports scoring, so the bot itself never imports this module.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from scoring.reports.criteria import criteria
from storage.counting import baselines, figures
from storage.database import Reader, open_reading
from storage.people import workspace
from surveys.messages import Language
from surveys.periods import Period, asked_for, months_until, previous
from surveys.reports import as_json
from surveys.reports.criteria import Criteria
from templates.criteria import render_text


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
    """Compute the criteria of a period (None: the last full month) from a database only read."""
    async with open_reading(database_url) as database, database.reading() as reader:
        space = await workspace.get(reader)
        chosen = language or space.language
        period = asked_for(period_text, now, space.zone)
        return Made(await _document(reader, period, space.zone, chosen), space.zone, chosen)


async def _document(reader: Reader, period: Period, zone: str, language: Language) -> Criteria:
    earlier = previous(period, zone)
    numbers = await figures.digest_figures(
        reader, period, earlier, months_until(period, zone, 12), zone, language
    )
    since = await baselines.of_period(reader, period, zone)
    return criteria(replace(numbers, baselines=since))
