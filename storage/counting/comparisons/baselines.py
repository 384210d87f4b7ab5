"""The wave with which a survey's later figures are compared: an admin's choice, or by label."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, delete, select, true

from storage.asking import definitions
from storage.counting.comparisons import sides
from storage.counting.comparisons.sides import AnswerSource, MeasureAnswers
from storage.counting.dependence.colleagues import clusters, firm_of
from storage.counting.pairs import joint
from storage.counting.scores import items_of, within
from storage.engine.reading import Reader, Transaction
from storage.tables.surveys import answers
from storage.tables.surveys import baselines as table
from storage.tables.surveys import campaigns as campaign_rows
from storage.tables.surveys import definitions as definition_rows
from storage.tables.surveys import waves as wave_rows
from surveys.counts.comparing import Side, same_wording
from surveys.counts.figures import Baseline, Counts, Joint, MeasureCounts
from surveys.periods import Period, Zone, containing, whole_months

LABELS = ("before", "baseline", "до", "база")
"""Labels that make a wave its survey's baseline where none was chosen; the latest such wave
counts."""


async def choose(tx: Transaction, wave_id: int, now: datetime) -> str:
    """Make a wave its survey's baseline, in place of another; return the survey's key.

    Raises NotFound.
    """
    from storage.asking import campaigns  # noqa: PLC0415 - a digest chooses none

    wave = await campaigns.get_wave(tx, wave_id)
    campaign = await campaigns.get(tx, wave.campaign_id)
    survey_key = (await definitions.get(tx, campaign.definition_id)).key
    values = {"wave_id": wave_id, "chosen_at": now}
    statement = tx.insert(table).values(survey_key=survey_key, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["survey_key"], set_=values))
    return survey_key


async def forget(tx: Transaction, survey_key: str) -> bool:
    """Take a choice back, so that the label decides again; False: there was none."""
    return bool(await tx.run(delete(table).where(table.c.survey_key == survey_key)))


async def chosen(reader: Reader) -> Mapping[str, int]:
    """Return survey key → the wave chosen for it."""
    rows = await reader.all(select(table.c.survey_key, table.c.wave_id))
    return {row["survey_key"]: row["wave_id"] for row in rows}


async def waves_before(reader: Reader, moment: datetime) -> Mapping[str, int]:
    """Return survey key → its baseline wave, of those begun before then."""
    rows = await reader.all(
        select(wave_rows.c.id, wave_rows.c.label, definition_rows.c.key)
        .join(campaign_rows, campaign_rows.c.id == wave_rows.c.campaign_id)
        .join(definition_rows, definition_rows.c.id == campaign_rows.c.definition_id)
        .where(wave_rows.c.started_at < moment, definition_rows.c.kind == "relationship")
        .order_by(wave_rows.c.started_at, wave_rows.c.id)
    )
    labelled = {row["key"]: row["id"] for row in rows if row["label"].casefold() in LABELS}
    begun = {row["id"] for row in rows}
    picked = {key: wave for key, wave in (await chosen(reader)).items() if wave in begun}
    return labelled | picked


async def of_period(reader: Reader, period: Period, zone: Zone) -> dict[str, Baseline]:
    """Return each index's baseline as a digest of `period` needs it.

    Where the baseline waves of several surveys asked an index, the latest of them counts. Answers
    given within the period or later do not belong to it.
    """
    known = await waves_before(reader, period.start)
    if not known:
        return {}
    from storage.counting.comparisons import halves  # noqa: PLC0415 - only with a baseline

    required = await items_of(reader)
    present = AnswerSource(
        within(period.start, period.end), "relationship", whole_months(period, zone)
    )
    now = await sides.indices(reader, present, required)
    people = await sides.index_scores(reader, present, required, true())
    colleagues = await firm_of(reader)
    asked_by = [await halves.wave_half(reader, one, one) for one in dict.fromkeys(known.values())]
    found: dict[str, Baseline] = {}
    for half in sorted(asked_by, key=lambda half: (half.side.start, half.side.wave or 0)):
        source = _until(half.source, containing(period.start, "month", zone).key, period)
        then = await sides.indices(reader, source, required)
        named = await sides.index_scores(reader, source, required, true())
        both = joint(named, people)
        firms = clusters(colleagues, (named, _counts(then)), (people, _counts(now)))
        for measure, asked in then.items():
            versions = asked.versions | now.get(measure, sides.NOTHING).versions
            surveys = [(await definitions.get(reader, one)).survey for one in sorted(versions)]
            same = same_wording(measure, *surveys)
            since = _baseline(half.side, measure, asked, both.get(measure, {}), same=same)
            found[measure] = replace(since, firms=firms.get(measure, {}))
    return found


def _counts(asked: Mapping[str, MeasureAnswers]) -> dict[str, Counts]:
    return {measure: one.counts for measure, one in asked.items()}


def _until(source: AnswerSource, month: str, period: Period) -> AnswerSource:
    """Return the answers given before a period that begins in `month`."""
    earlier = and_(source.named, answers.c.answered_at < period.start)
    months = [key for key in source.months if key < month]
    return AnswerSource(earlier, source.kind, months, source.definition_id)


def _baseline(
    side: Side, measure: str, asked: MeasureAnswers, both: Joint, *, same: bool
) -> Baseline:
    counts = MeasureCounts(measure, "all", "", "", asked.counts, asked.partial, asked.points)
    return Baseline(
        wave=side.wave or 0,
        name=side.name,
        label=side.label,
        start=side.start,
        counts=counts,
        both=both,
        same_wording=same,
    )
