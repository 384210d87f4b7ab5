"""Two waves, or one survey's indices in two periods, as the counts that a comparison needs.

In a period a respondent counts once per index, with the latest answer to any survey of the same
kind; in a wave everybody answered once.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from storage.asking.definitions import StoredDefinition
from storage.counting.comparisons import halves, paired
from storage.counting.comparisons.halves import Half
from storage.engine.reading import Reader
from storage.people import workspace
from surveys.counts.comparing import (
    ComparisonFigures,
    ComparisonNote,
    ComparisonRefusal,
    MeasurePair,
    comparable,
    same_wording,
)
from surveys.counts.measures import KNOWN, own_measure
from surveys.messages import Language
from surveys.periods import Period
from surveys.survey.definition import NumberQuestion, Survey, localized
from surveys.survey.placeholders import Placeholders, fill


async def of_waves(
    reader: Reader, before: int, after: int, language: Language, now: datetime
) -> ComparisonFigures:
    """Count two waves; raises NotFound. What may not be compared has a `refusal`."""
    first = await halves.wave_half(reader, before, after)
    second = await halves.wave_half(reader, after, before)
    refusal: ComparisonRefusal | None = "same" if before == after else None
    refusal = refusal or comparable(first.asked.survey, second.asked.survey)
    if refusal is None and await halves.mixed(reader, first, second):
        refusal = "mixed"
    return await _compared(reader, first, second, language, now, refusal)


async def of_periods(
    reader: Reader,
    survey: StoredDefinition,
    before: Period,
    after: Period,
    language: Language,
    now: datetime,
) -> ComparisonFigures:
    """Count a survey's indices in two periods, and its questions for a number."""
    zone = (await workspace.get(reader)).zone
    refusal: ComparisonRefusal | None = None
    if before.start < after.end and after.start < before.end:
        refusal = "same" if before.key == after.key else "overlap"
    first = halves.period_half(survey, before, zone)
    second = halves.period_half(survey, after, zone)
    return await _compared(reader, first, second, language, now, refusal)


async def _compared(
    reader: Reader,
    first: Half,
    second: Half,
    language: Language,
    now: datetime,
    refusal: ComparisonRefusal | None,
) -> ComparisonFigures:
    space = await workspace.get(reader)
    title = localized(second.asked.survey.title, language)
    about = ComparisonFigures(
        company=space.company,
        zone=space.zone,
        title=fill(title, Placeholders(company=space.company, name="…", manager="…")),
        before=first.side,
        after=second.side,
        refusal=refusal,
    )
    if refusal is not None:
        return about
    measures, several = await _measures(reader, first, second, language)
    return replace(
        about,
        measures=measures,
        refusal=None if measures else "nothing",
        notes=_notes(first, second, measures, now, several=several),
    )


async def _measures(
    reader: Reader, first: Half, second: Half, language: Language
) -> tuple[tuple[MeasurePair, ...], bool]:
    """Return the pairs of measures, and whether several versions of a survey asked them."""
    indices = await paired.indices(reader, first, second)
    numbers = await paired.amounts(reader, first, second)
    company = (await workspace.get(reader)).company
    found, several = [], False
    for measure in measures_of(first.asked.survey, second.asked.survey):
        pair = indices.pair(measure)
        asked = await paired.askers(reader, indices, measure)
        several |= len(asked) > 1
        known = KNOWN.get(measure) or own_measure(measure, second.asked.survey, language)
        alike = same_wording(measure, *asked)
        found.append(replace(pair, better=known.better, label=known.label, same_wording=alike))
    for question in numbers_of(first.asked.survey, second.asked.survey):
        pair = numbers.pair(question.key)
        asked = await paired.askers(reader, numbers, question.key)
        label = fill(
            localized(question.text, language),
            Placeholders(company=company, name="…", manager="…"),
        )
        found.append(
            replace(
                pair,
                better=question.better,
                label=label,
                unit=localized(question.unit, language),
                step=float(question.step),
                same_wording=same_wording(question.key, *asked),
            )
        )
    return tuple(found), several


def measures_of(first: Survey, second: Survey) -> list[str]:
    """Return the indices that both surveys measure, in the order of the second's questions."""
    known = {measure for question in first.questions for measure in question.measures}
    asked = [measure for question in second.questions for measure in question.measures]
    return [measure for measure in dict.fromkeys(asked) if measure in known]


def numbers_of(first: Survey, second: Survey) -> list[NumberQuestion]:
    """Return the second survey's number questions that are in no index and in both surveys."""
    known = {one.key for one in first.questions if isinstance(one, NumberQuestion)}
    asked = [one for one in second.questions if isinstance(one, NumberQuestion)]
    return [one for one in asked if one.key in known and not one.measures]


def _notes(
    first: Half,
    second: Half,
    measures: Sequence[MeasurePair],
    now: datetime,
    *,
    several: bool,
) -> tuple[ComparisonNote, ...]:
    hidden = any(pair.anonymous for pair in measures)
    anonymous = hidden or any(half.asked.survey.anonymous for half in (first, second))
    told: dict[ComparisonNote, bool] = {
        "later_first": first.side.start > second.side.start,
        "still_open": max(first.side.end, second.side.end) > now,
        "versions": several,
        "anonymous": anonymous,
    }
    return tuple(note for note, holds in told.items() if holds)
