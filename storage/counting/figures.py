"""The digest's numbers: small count tables out of any number of answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import RowMapping, Select, Subquery, case, exists, func, select

from storage.asking import stages
from storage.asking.invitations import BY_MANAGER
from storage.counting import attributes, mirrors, words
from storage.counting.asked import how_asked
from storage.counting.colleagues import Scores, clusters, firm_of
from storage.counting.colleagues import by_month as firms_by_month
from storage.counting.own import own_measures
from storage.counting.repeated import repeated
from storage.counting.scores import (
    ASKED_BY_US,
    Items,
    Which,
    anonymous_respondents,
    items_of,
    respondents,
    within,
)
from storage.engine.reading import Reader
from storage.people import workspace
from storage.tables.people import people
from storage.tables.surveys import campaigns, decisions, definitions, invitations, waves
from surveys.counts.figures import (
    Counts,
    DigestFigures,
    Funnel,
    GroupKind,
    MeasureCounts,
    PeriodFigures,
)
from surveys.counts.measures import NPS
from surveys.periods import Period, Zone, containing
from surveys.survey.definition import Language

_DECIMALS = 10
"""Means of the same answers must be one number whatever the order they were added in."""

_NO_FUNNEL = Funnel(0, 0, 0, 0, 0)

Group = tuple[str, GroupKind, str]
"""Measure, kind of group, group."""
Required = Mapping[tuple[int, str], Items]
"""What `items_of` returns."""


async def digest_figures(
    reader: Reader,
    period: Period,
    previous: Period,
    months: Sequence[Period],
    zone: Zone,
    language: Language,
) -> DigestFigures:
    """Count what a digest of `period` needs; `months` are its trend, the oldest first.

    An anonymous answer counts in a period that holds its whole month. Labels are in `language`,
    days in `zone`.
    """
    space = await workspace.get(reader)
    company = space.company
    whole = whole_months(period, zone)
    items, profiles = await mirrors.mirrored(reader, period, whole, company, language)
    current = await period_figures(reader, period, zone)
    before = await period_figures(reader, previous, zone)
    by_month = [await period_figures(reader, month, zone, groups=False) for month in months]
    colleagues = await firm_of(reader)
    then, now = await _named(reader, previous, period, alone=not colleagues)
    nps_by_month = [ungrouped(month).get(NPS, {}) for month in by_month]
    return DigestFigures(
        company=company,
        zone=str(zone),
        current=current,
        previous=before,
        months=tuple(by_month),
        overlap=joint(then, now),
        firms=clusters(colleagues, (then, ungrouped(before)), (now, ungrouped(current))),
        firms_by_month=await firms_by_month(reader, months, colleagues, nps_by_month),
        mirrors=items,
        profiles=profiles,
        repeated=await repeated(reader, months),
        asked=await how_asked(reader, period),
        comments=await words.comments(reader, period, zone, company, language),
        breakdowns=await attributes.breakdowns(reader, period, space.break_down_by),
        own=await own_measures(reader, {*ungrouped(before), *ungrouped(current)}, language),
    )


async def period_figures(
    reader: Reader, period: Period, zone: Zone, *, groups: bool = True
) -> PeriodFigures:
    """Count one period: its measures, by group where `groups` are wanted, and then its funnel."""
    rows = [
        *await reader.all(counted(respondents(within(period.start, period.end)), groups=groups)),
        *await reader.all(
            counted(anonymous_respondents(whole_months(period, zone)), groups=groups)
        ),
    ]
    names = await _manager_names(reader, rows)
    measures = tuple(measures_of(rows, names, await items_of(reader)))
    funnel = await _funnel(reader, period) if groups else _NO_FUNNEL
    return PeriodFigures(period, funnel, measures)


def whole_months(period: Period, zone: Zone) -> list[str]:
    """Return the keys of the calendar months that lie wholly within a period."""
    month = containing(period.start, "month", zone)
    keys = []
    while month.end <= period.end:
        if month.start >= period.start:
            keys.append(month.key)
        month = containing(month.end + timedelta(hours=1), "month", zone)
    return keys


def counted(scored: Subquery, *, groups: bool) -> Select[Any]:
    """Return how many respondents have each score, by group where `groups` are wanted."""
    wanted = ("manager_id", "segment", "touchpoint") if groups else ()
    columns = [scored.c[name] for name in wanted if name in scored.c]
    score = (scored.c.measure, scored.c.definition_id, scored.c.total, scored.c.item_count)
    count = func.count().label("count")
    return select(*score, *columns, count).group_by(*score, *columns)


def _score(total: float, items: int) -> float:
    return round(total / items, _DECIMALS)


def measures_of(
    rows: Sequence[RowMapping], names: Mapping[int, str], required: Required
) -> Iterator[MeasureCounts]:
    """Yield the measures of what `counted` found; `names` of the managers among them."""
    counts: dict[Group, Counter[float]] = defaultdict(Counter)
    partial: Counter[Group] = Counter()
    chosen: Counter[Group] = Counter()
    points: dict[Group, int] = {}
    for row in rows:
        items = required[row["definition_id"], row["measure"]]
        for group in _groups(row):
            points[group] = min(items.points, points.get(group, items.points))
            if row["item_count"] == items.required:
                counts[group][_score(row["total"], row["item_count"])] += row["count"]
                chosen[group] += row["count"] if row.get("touchpoint") == BY_MANAGER else 0
            else:
                partial[group] += row["count"]
    for group in sorted({*counts, *partial}):
        measure, kind, name = group
        label = names[int(name)] if kind == "manager" else name
        scores = dict(sorted(counts[group].items()))
        yield MeasureCounts(
            measure, kind, name, label, scores, partial[group], points[group], chosen[group]
        )


def _groups(row: RowMapping) -> Iterator[Group]:
    yield row["measure"], "all", ""
    kinds = {"manager": "manager_id", "segment": "segment", "touchpoint": "touchpoint"}
    for kind, column in kinds.items():
        if row.get(column) is not None:
            yield row["measure"], cast("GroupKind", kind), str(row[column])


async def _manager_names(reader: Reader, rows: Sequence[RowMapping]) -> dict[int, str]:
    ids = {row["manager_id"] for row in rows if row.get("manager_id") is not None}
    found = await reader.all(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))
    return {row["id"]: row["name"] for row in found}


def ungrouped(period: PeriodFigures) -> dict[str, Counts]:
    """Return measure → the counts of all its answers."""
    return {row.measure: row.counts for row in period.measures if row.group_kind == "all"}


async def _named(
    reader: Reader, previous: Period, period: Period, *, alone: bool
) -> tuple[Scores, Scores]:
    """Return two periods' scores; their people are matched here, since a planner may join badly.

    `alone`: nobody has a colleague, so without the one period the other is of no use.
    """
    required = await items_of(reader)
    before = await scores(reader, within(previous.start, previous.end), required)
    now = within(period.start, period.end)
    return before, await scores(reader, now, required) if before or not alone else {}


def joint(before: Scores, after: Scores) -> dict[str, dict[tuple[float, float], int]]:
    """Return measure → how many of those in both had which two scores."""
    pairs: dict[str, Counter[tuple[float, float]]] = defaultdict(Counter)
    for (measure, person), score in after.items():
        if (measure, person) in before:
            pairs[measure][before[measure, person], score] += 1
    return {measure: dict(sorted(counts.items())) for measure, counts in sorted(pairs.items())}


async def scores(reader: Reader, which: Which, required: Required) -> Scores:
    """Return the scores of those who answered a measure completely; `required`: `items_of`."""
    rows = await reader.all(select(respondents(which)))
    return {
        (row["measure"], row["person_id"]): _score(row["total"], row["item_count"])
        for row in rows
        if row["item_count"] == required[row["definition_id"], row["measure"]].required
    }


async def _funnel(reader: Reader, period: Period) -> Funnel:
    table = invitations.c
    fates = ("expired", "unreachable", "unknown")
    row = await reader.first(
        select(
            *stages.counted(),
            *(func.count(case((table.state == fate, 1))).label(fate) for fate in fates),
        )
        .join(definitions, definitions.c.id == table.definition_id)
        .where(
            definitions.c.audience == "customers",
            table.created_at >= period.start,
            table.created_at < period.end,
            table.state != "cancelled",
            ASKED_BY_US,
        )
    )
    reached = dict(row) if row is not None else {}
    return Funnel(**reached, not_invited=await _not_invited(reader, period))


async def _not_invited(reader: Reader, period: Period) -> dict[str, int]:
    """Count by reason; who got a personal link after all is among the invited."""
    after_all = exists().where(
        invitations.c.wave_id == decisions.c.wave_id,
        invitations.c.person_id == decisions.c.person_id,
        invitations.c.state != "cancelled",
    )
    rows = await reader.all(
        select(decisions.c.reason, func.count().label("count"))
        .join(waves, waves.c.id == decisions.c.wave_id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(definitions, definitions.c.id == campaigns.c.definition_id)
        .where(
            definitions.c.audience == "customers",
            waves.c.started_at >= period.start,
            waves.c.started_at < period.end,
            decisions.c.reason.is_not(None),
            ~after_all,
        )
        .group_by(decisions.c.reason)
        .order_by(decisions.c.reason)
    )
    return {row["reason"]: row["count"] for row in rows}
