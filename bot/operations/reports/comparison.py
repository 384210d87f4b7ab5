"""A comparison from database to finished words: load, compute, render.

Imports scoring, so the bot itself never imports this module: it starts the command
`otklik campaign compare` in a process of its own.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.errors import Refused
from bot.operations.campaigns.control import known_campaign
from bot.operations.campaigns.launching import known_survey
from scoring.reports.comparison import compare
from storage.asking import campaigns
from storage.counting.comparisons import comparing
from storage.database import Reader, open_reading
from storage.errors import NotFound
from storage.people import workspace
from surveys.counts.comparing import ComparisonFigures
from surveys.messages import Language, mark
from surveys.periods import compared
from surveys.reports.as_json import written
from surveys.reports.comparison import Comparison
from templates.comparison import render_message, render_text

TWO = 2
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class ToCompare:
    """What is to be compared: two waves or periods, of a survey or a campaign where given.

    A campaign without `sides` means its two latest waves; sides of a campaign may be labels.
    """

    sides: tuple[str, ...]
    survey: str | None = None
    campaign: int | None = None


@dataclass(frozen=True, slots=True)
class MadeComparison:
    """A comparison in all its forms."""

    document: Comparison
    language: Language

    def json(self) -> str:
        """Return every number, unrounded."""
        return written(self.document, indent=2) + "\n"

    def text(self) -> str:
        """Return it for a terminal."""
        return render_text(self.document, self.language)

    def message(self) -> str:
        """Return it as Telegram HTML."""
        return render_message(self.document, self.language)


async def make(
    database_url: str, asked: ToCompare, language: Language | None, now: datetime
) -> MadeComparison:
    """Compute a comparison from a database only read; raises Refused for what is not there."""
    async with open_reading(database_url) as database, database.reading() as reader:
        chosen = language or (await workspace.get(reader)).language
        return MadeComparison(compare(await _figures(reader, asked, chosen, now)), chosen)


async def _figures(
    reader: Reader, asked: ToCompare, language: Language, now: datetime
) -> ComparisonFigures:
    if asked.survey is not None:
        if len(asked.sides) != TWO:
            raise Refused(mark("Name two periods, as in 2026-Q2 2026-Q3."))
        survey = await known_survey(reader, asked.survey)
        zone = (await workspace.get(reader)).zone
        before, after = (compared([side], now, zone)[0] for side in asked.sides)
        return await comparing.of_periods(reader, survey, before, after, language, now)
    first, second = await _waves(reader, asked)
    return await comparing.of_waves(reader, first, second, language, now)


async def _waves(reader: Reader, asked: ToCompare) -> tuple[int, int]:
    if asked.campaign is not None:
        return await _of_campaign(reader, asked.campaign, asked.sides)
    if len(asked.sides) != TWO:
        raise Refused(mark("Name two waves by their numbers: otklik campaign list."))
    first, second = [await _known(reader, side) for side in asked.sides]
    return first, second


async def _known(reader: Reader, side: str) -> int:
    number = int(side) if _NUMBER.fullmatch(side) else 0
    try:
        return (await campaigns.get_wave(reader, number)).id
    except NotFound as error:
        raise Refused(mark("There is no wave {wave}: otklik campaign list."), wave=side) from error


async def _of_campaign(reader: Reader, number: int, labels: tuple[str, ...]) -> tuple[int, int]:
    """Return the waves of these labels, or a campaign's two latest, the earlier one first."""
    await known_campaign(reader, number)
    found = await campaigns.waves_of(reader, number)
    if labels:
        known = {wave.label: wave.id for wave in found}
        missing = [label for label in labels if label not in known]
        if missing or len(labels) != TWO:
            raise Refused(
                mark("Name two waves of campaign {campaign} by their labels: {labels}."),
                campaign=str(number),
                labels=list(known),
            )
        return known[labels[0]], known[labels[1]]
    if len(found) < TWO:
        raise Refused(
            mark("Campaign {campaign} has had one wave or none: there is nothing to compare yet."),
            campaign=str(number),
        )
    latest = sorted(found, key=lambda wave: (wave.started_at, wave.id))[-TWO:]
    return latest[0].id, latest[1].id
