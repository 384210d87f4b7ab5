"""The two sides of a comparison: a wave each, or a survey's indices in a period each."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, true

from storage.asking import campaigns, definitions, waves
from storage.asking.campaigns import Wave
from storage.asking.definitions import StoredDefinition
from storage.counting.comparisons.sides import AnswerSource
from storage.counting.scores import within
from storage.engine.reading import Reader
from storage.people import workspace
from storage.tables.surveys import campaigns as campaign_rows
from storage.tables.surveys import invitations
from storage.tables.surveys import waves as wave_rows
from surveys.counts.comparing import Side
from surveys.periods import Period, Zone, containing, whole_months


@dataclass(frozen=True, slots=True)
class Half:
    """One side: where its answers come from, which survey asked; `also`: who may be in a pair."""

    side: Side
    source: AnswerSource
    asked: StoredDefinition
    also: ColumnElement[bool]


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


def period_half(survey: StoredDefinition, period: Period, zone: Zone) -> Half:
    """Return a survey's indices in a period as a side; pairs are people who answered in both."""
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


async def mixed(reader: Reader, first: Half, second: Half) -> bool:
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
