"""Two waves, or one survey's indices in two periods, as the counts that a comparison needs.

In a period a respondent counts once per index, with the latest answer to any survey of the same
kind; in a wave everybody answered once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, true

from storage.asking import campaigns, definitions, waves
from storage.asking.campaigns import Wave
from storage.asking.definitions import StoredDefinition
from storage.counting.comparisons import sides
from storage.counting.comparisons.sides import AnswerSource, MeasureAnswers
from storage.counting.dependence.colleagues import clusters, counts_of, firm_of
from storage.counting.pairs import Scores, joint
from storage.counting.scores import items_of, within
from storage.engine.reading import Reader
from storage.people import workspace
from storage.tables.surveys import campaigns as campaign_rows
from storage.tables.surveys import invitations
from storage.tables.surveys import waves as wave_rows
from surveys.counts.comparing import (
    ComparisonFigures,
    ComparisonNote,
    ComparisonRefusal,
    MeasurePair,
    Side,
    comparable,
    same_wording,
)
from surveys.counts.figures import Clusters, Joint
from surveys.counts.measures import KNOWN, own_measure
from surveys.messages import Language
from surveys.periods import Period, Zone, containing, whole_months
from surveys.survey.definition import NumberQuestion, Survey, localized
from surveys.survey.placeholders import Placeholders, fill

NOTHING = MeasureAnswers({}, 0, 0, frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Half:
    """One side: where its answers come from, which survey asked; `also`: who may be in a pair."""

    side: Side
    source: AnswerSource
    asked: StoredDefinition
    also: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Both sides' answers by measure, and those of the same people."""

    before: Mapping[str, MeasureAnswers]
    after: Mapping[str, MeasureAnswers]
    both: Mapping[str, Joint]
    firms: Mapping[str, Clusters] = field(default_factory=dict)
    firms_of_both: Mapping[str, Clusters] = field(default_factory=dict)

    def pair(self, measure: str) -> MeasurePair:
        """Return a measure's pair, as yet without words."""
        first, second = self.before.get(measure, NOTHING), self.after.get(measure, NOTHING)
        return MeasurePair(
            measure=measure,
            before=first.counts,
            after=second.counts,
            both=self.both.get(measure, {}),
            firms=self.firms.get(measure, {}),
            firms_of_both=self.firms_of_both.get(measure, {}),
            partial_before=first.partial,
            partial_after=second.partial,
            points=min(one.points for one in (first, second) if one.points)
            if first.points or second.points
            else 101,
            anonymous=bool(first.anonymous or second.anonymous),
        )


async def of_waves(
    reader: Reader, before: int, after: int, language: Language, now: datetime
) -> ComparisonFigures:
    """Count two waves; raises NotFound. What may not be compared has a `refusal`."""
    first, second = await wave_half(reader, before, after), await wave_half(reader, after, before)
    refusal: ComparisonRefusal | None = "same" if before == after else None
    refusal = refusal or comparable(first.asked.survey, second.asked.survey)
    if refusal is None and await _mixed(reader, first, second):
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
    first, second = _period_half(survey, before, zone), _period_half(survey, after, zone)
    return await _compared(reader, first, second, language, now, refusal)


async def wave_half(reader: Reader, wave_id: int, other: int) -> Half:
    """Return a wave as a side; pairs are people invited to both waves. Raises NotFound."""
    wave = await campaigns.get_wave(reader, wave_id)
    campaign = await campaigns.get(reader, wave.campaign_id)
    asked = await definitions.get(reader, campaign.definition_id)
    space = await workspace.get(reader)
    months = months_of(wave, space.zone) if asked.survey.anonymous else ()
    source = AnswerSource(
        invitations.c.wave_id == wave.id, asked.survey.kind, months, campaign.definition_id
    )
    counts = await waves.funnel(reader, wave.id)
    brought_in = await reader.scalar(
        select(func.count()).where(
            invitations.c.wave_id == wave.id, invitations.c.channel == "import"
        )
    )
    side = Side(
        start=wave.started_at,
        end=wave.closes_at,
        survey=asked.key,
        versions=(asked.version,),
        wave=wave.id,
        campaign=campaign.id,
        name=campaign.name,
        label=wave.label,
        delivered=counts.delivered - brought_in,
        answered=counts.started,
    )
    invited = select(invitations.c.person_id).where(invitations.c.wave_id == other)
    return Half(side, source, asked, invitations.c.person_id.in_(invited))


def _period_half(survey: StoredDefinition, period: Period, zone: Zone) -> Half:
    kind = survey.survey.kind
    months = whole_months(period, zone)
    source = AnswerSource(within(period.start, period.end, kind), kind, months)
    side = Side(start=period.start, end=period.end, survey=survey.key, versions=(), key=period.key)
    return Half(side, source, survey, true())


def months_of(wave: Wave, zone: Zone) -> tuple[str, ...]:
    """Return the months in which a wave's anonymous answers are dated."""
    month = containing(wave.started_at, "month", zone)
    keys = [month.key]
    while month.end <= wave.closes_at:
        month = containing(month.end + timedelta(hours=1), "month", zone)
        keys.append(month.key)
    return tuple(keys)


async def _mixed(reader: Reader, first: Half, second: Half) -> bool:
    """Tell whether a wave's anonymous answers could be another wave's."""
    zone = (await workspace.get(reader)).zone
    for half in (first, second):
        if half.asked.survey.anonymous:
            asked_by = campaign_rows.c.definition_id == half.asked.id
            others = await reader.all(
                select(wave_rows)
                .join(campaign_rows, campaign_rows.c.id == wave_rows.c.campaign_id)
                .where(asked_by, wave_rows.c.id != half.side.wave)
            )
            if any(set(half.source.months) & set(months_of(Wave(**row), zone)) for row in others):
                return True
    return False


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
    indices, numbers = await _indices(reader, first, second), await _amounts(reader, first, second)
    company = (await workspace.get(reader)).company
    found, several = [], False
    for measure in measures_of(first.asked.survey, second.asked.survey):
        pair = indices.pair(measure)
        asked = await _askers(reader, indices, measure)
        several |= len(asked) > 1
        known = KNOWN.get(measure) or own_measure(measure, second.asked.survey, language)
        alike = same_wording(measure, *asked)
        found.append(replace(pair, better=known.better, label=known.label, same_wording=alike))
    for question in numbers_of(first.asked.survey, second.asked.survey):
        pair = numbers.pair(question.key)
        asked = await _askers(reader, numbers, question.key)
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


async def _askers(reader: Reader, pairs: _Pairs, measure: str) -> Sequence[Survey]:
    """Return the survey versions whose answers stand on either side."""
    both = (pairs.before.get(measure, NOTHING), pairs.after.get(measure, NOTHING))
    numbers = sorted({number for side in both for number in side.versions})
    return [(await definitions.get(reader, number)).survey for number in numbers]


async def _indices(reader: Reader, first: Half, second: Half) -> _Pairs:
    required = await items_of(reader)
    before = await sides.indices(reader, first.source, required)
    after = await sides.indices(reader, second.source, required)
    then = await sides.index_scores(reader, first.source, required, first.also)
    now = await sides.index_scores(reader, second.source, required, second.also) if then else {}
    both = joint(then, now)
    colleagues = await firm_of(reader)
    if not colleagues:
        return _Pairs(before, after, both)
    named = [
        await sides.index_scores(reader, half.source, required, true()) for half in (first, second)
    ]
    return _Pairs(before, after, both, *_firms(colleagues, named, (before, after), (then, now)))


async def _amounts(reader: Reader, first: Half, second: Half) -> _Pairs:
    before, then = await sides.amounts(reader, first.source)
    after, now = await sides.amounts(reader, second.source)
    colleagues = await firm_of(reader)
    firms = _firms(colleagues, (then, now), (before, after), (then, now))
    return _Pairs(before, after, joint(then, now), *firms)


def _firms(
    colleagues: Mapping[int, int],
    named: Sequence[Scores],
    asked: Sequence[Mapping[str, MeasureAnswers]],
    pairs: Sequence[Scores],
) -> tuple[dict[str, Clusters], dict[str, Clusters]]:
    """Return the firms of all answers, and of those who answered both times."""
    counts = [{measure: one.counts for measure, one in side.items()} for side in asked]
    everybody = clusters(colleagues, *zip(named, counts, strict=True))
    both = pairs[0].keys() & pairs[1].keys()
    paired = [{key: score for key, score in side.items() if key in both} for side in pairs]
    return everybody, clusters(colleagues, *((side, counts_of(side)) for side in paired))


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
