"""The criteria page from database to figures: answers, facts, the index.

Imports scoring, so the bot itself never imports this module.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.telling import told
from scoring.criteria import money
from scoring.criteria.facts import finances
from scoring.criteria.money import LoyalShare
from scoring.criteria.scorecard import Criterion
from scoring.estimates import nps
from scoring.estimates.counts import total
from scoring.reports.criteria import criteria
from scoring.reports.family import counts_of
from storage.counting import baselines, facts, figures
from storage.counting.within import joints_within
from storage.database import Reader, open_reading
from storage.people import workspace
from surveys.counts.figures import PeriodFigures
from surveys.messages import Language
from surveys.periods import Period, asked_for, months_until, previous
from surveys.reports import as_json
from surveys.reports.criteria import Criteria
from templates.criteria import render_text
from templates.texts import Texts


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
        tell = partial(told, Texts(self.language))
        return render_text(self.document, self.zone, self.language, tell)


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
    known = await facts.of_months(reader, _months(period, zone))
    before = await facts.of_months(reader, _months(earlier, zone))
    return criteria(
        replace(numbers, baselines=since),
        finances(known, before, _loyal(numbers.current)),
        finances(before, (), _loyal(numbers.previous)),
        told_at=max((one.recorded_at for one in known if one.recorded_at), default=None),
        joints=await joints_within(reader, period, [key.value for key in Criterion]),
    )


def _months(period: Period, zone: str) -> list[str]:
    """Return the calendar months of a period; a week is told no facts of."""
    return figures.whole_months(period, zone)


def _loyal(period: PeriodFigures) -> LoyalShare | None:
    """Return the share of promoters: whom this company calls loyal."""
    counts = counts_of(period, "nps")
    return money.loyal_promoters(nps.counts_to_segments(counts)) if total(counts) else None
