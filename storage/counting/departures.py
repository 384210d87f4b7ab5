"""Why customers leave: what they say in the exit survey, and what their managers count."""

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from storage.asking import definitions
from storage.counting import sheets
from storage.engine.reading import Reader
from surveys.counts.departures import EXIT, LOSSES, REASON, Departures
from surveys.messages import Language
from surveys.periods import Period

if TYPE_CHECKING:
    from surveys.survey.definition import Survey


async def departures(reader: Reader, period: Period, language: Language) -> Departures:
    """Count the reasons told in a period; labels are those of the company's own surveys."""
    told = await sheets.of_survey(reader, EXIT, period.start, period.end)
    latest = {one.person_id: one.answers.get(REASON) for one in told}
    reasons = Counter(one for one in latest.values() if isinstance(one, str))
    counted = await sheets.of_survey(reader, LOSSES, period.start, period.end)
    losses = Counter[str]()
    for sheet in counted:
        losses.update(
            {key: int(one) for key, one in sheet.answers.items() if isinstance(one, Decimal)}
        )
    return Departures(
        told=dict(reasons),
        counted=dict(losses),
        managers=len({sheet.person_id for sheet in counted}),
        labels=await _labels(reader, language) if reasons or losses else {},
    )


async def _labels(reader: Reader, language: Language) -> dict[str, str]:
    """Return what the reasons are called: a customer's words, else the manager's question."""
    found: dict[str, str] = {}
    for key in (LOSSES, EXIT):
        stored = await definitions.latest(reader, key)
        if stored is not None:
            found |= _named(stored.survey, language)
    return found


def _named(survey: "Survey", language: Language) -> dict[str, str]:
    from surveys.survey.definition import (  # noqa: PLC0415 (needed where somebody has left)
        ChoiceQuestion,
        NumberQuestion,
        localized,
    )

    asked = [one for one in survey.questions if isinstance(one, NumberQuestion)]
    chosen = [one for one in survey.questions if isinstance(one, ChoiceQuestion)]
    options = [option for one in chosen if one.key == REASON for option in one.options]
    questions = {one.key: localized(one.text, language) for one in asked}
    return questions | {one.key: localized(one.text, language) for one in options}
