"""The digest's numbers: small count tables out of any number of answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select

from storage.counting import alike, attributes, invited, spans, wordings, words
from storage.counting.asked import how_asked
from storage.counting.departures import departures
from storage.counting.dependence.colleagues import with_anonymous
from storage.counting.invited import Invited
from storage.counting.kept import Cells
from storage.counting.measured import CountedRow, measures_of
from storage.counting.mirrors import compared
from storage.counting.own import own_measures
from storage.counting.scores import (
    EVERYBODY,
    SurveyKind,
    Which,
    anonymous_respondents,
    counted,
    counted_within,
    items_of,
)
from storage.engine.reading import Reader
from storage.facts import facts
from storage.people import workspace
from storage.people.names import told_apart
from storage.tables.surveys import anonymous_sheets, definitions
from surveys.counts.facts import MonthFacts
from surveys.counts.figures import (
    Clusters,
    Codes,
    Counts,
    DigestFigures,
    EventFigures,
    Firm,
    Funnel,
    Joint,
    MeasureCounts,
    PeriodFigures,
)
from surveys.counts.measures import DRIVING, NPS
from surveys.messages import Language
from surveys.periods import Period, Zone, containing, whole_months
from surveys.reports.scope import COMPANY, Scope

_NO_FUNNEL = Funnel(0, 0, 0, 0, 0)
_OF_CUSTOMERS = definitions.c.audience == "customers"


async def digest_figures(
    reader: Reader,
    period: Period,
    previous: Period,
    months: Sequence[Period],
    zone: Zone,
    language: Language,
    scope: Scope = COMPANY,
) -> DigestFigures:
    """Count what a digest of `period` needs; `months` are its trend, the oldest first.

    `previous` is the period it is compared with, any that is over before. An anonymous answer
    counts in a period that holds its whole month. Labels are in `language`, days in `zone`. In a
    `scope` narrower than the company there are neither anonymous answers nor what is known of the
    whole company alone: facts, reasons for leaving, who was not invited.
    """
    space = await workspace.get(reader)
    company, only = space.company, attributes.only(reader.dialect, scope)
    mirrored = await spans.figure(reader, spans.MIRRORS, period.start, period.end, only=only)
    items, profiles = await compared.mirrored(
        reader,
        period,
        _anonymous_months(period, zone, only),
        mirrored,
        company,
        language,
        everyone=only is EVERYBODY,
    )
    current = await period_figures(reader, period, zone, only=only)
    before = await period_figures(reader, previous, zone, only=only)
    asked, asked_before = [await _invited(reader, one, only) for one in (period, previous)]
    both = spans.two(previous, period)
    hidden = [await _anonymous(reader, one, zone, only) for one in (previous, period)]
    by_month = [
        await period_figures(reader, month, zone, groups=False, only=only) for month in months
    ]
    found = DigestFigures(
        company=company,
        zone=str(zone),
        current=replace(current, funnel=asked.funnel),
        previous=replace(before, funnel=asked_before.funnel),
        months=tuple(by_month),
        other_words=await wordings.other_words(reader, before.versions, current.versions),
        other_months=await wordings.other_months(reader, by_month),
        overlap=_joint(await spans.figure(reader, spans.OVERLAP, *both, only=only)),
        firms=with_anonymous(
            _firms(await spans.figure(reader, spans.FIRMS, *both, only=only)), *hidden
        ),
        firms_by_month=await _firms_by_month(reader, months, zone, only),
        mirrors=items,
        profiles=profiles,
        repeated=await _repeated(reader, months, only),
        asked=how_asked(
            await spans.figure(reader, spans.ASKED, period.start, period.end, only=only),
            asked.delivered,
        ),
        comments=await words.comments(reader, period, zone, company, language, only=only),
        earlier=await words.comments(reader, previous, zone, company, language, only=only),
        breakdowns=await attributes.breakdowns(reader, period, space.break_down_by, only),
        own=await own_measures(
            reader, {row.measure for row in (*before.measures, *current.measures)}, language
        ),
        events=await _after_events(reader, (period, previous), zone, company, language, only),
        alike=alike.alike_answers(
            await spans.figure(reader, spans.ALIKE, period.start, period.end, only=only)
        ),
        labels=await alike.labels(reader, DRIVING, company, language),
        joints=await _joints(reader, period, only),
        joints_before=await _joints(reader, previous, only),
    )
    return await _with_company(reader, found, zone, language) if only is EVERYBODY else found


async def _with_company(
    reader: Reader, found: DigestFigures, zone: Zone, language: Language
) -> DigestFigures:
    """Add what is known of the whole company alone."""
    period, before = found.current.period, found.previous.period
    months = whole_months(period, zone)
    known = await _known_facts(reader, containing(period.start, "month", zone).key, months)
    away = await invited.not_invited(reader, period)
    return replace(
        found,
        current=replace(found.current, funnel=replace(found.current.funnel, not_invited=away)),
        facts=tuple(await facts.of_months(reader, months)),
        facts_before=tuple(await facts.of_months(reader, whole_months(before, zone))),
        departures=await departures(reader, period, language),
        known_facts=known,
        invested=_invested(known),
    )


def _anonymous_months(period: Period, zone: Zone, only: Which) -> list[str]:
    """Return the months whose anonymous answers count; none where a batch would be cut."""
    return whole_months(period, zone) if only is EVERYBODY else []


async def _joints(reader: Reader, period: Period, only: Which) -> dict[tuple[str, str], Joint]:
    found: dict[tuple[str, str], dict[tuple[float, float], int]] = defaultdict(dict)
    for one, other, first, second, count in await spans.figure(
        reader, spans.JOINTS, period.start, period.end, only=only
    ):
        found[one, other][first, second] = count
    return dict(found)


async def _known_facts(reader: Reader, first: str, months: Sequence[str]) -> tuple[MonthFacts, ...]:
    """Return the facts of all months until the period's end."""
    last = max(months, default=first)
    known = [month for month in await facts.known_months(reader) if month <= last]
    return tuple(await facts.of_months(reader, known))


def _invested(known: Sequence[MonthFacts]) -> Decimal | None:
    """Return what the CRM has cost to introduce, None if nothing is told."""
    told = [one.values.get("crm_investment") for one in known]
    return sum((one for one in told if one is not None), Decimal(0)) or None


async def _after_events(
    reader: Reader,
    periods: tuple[Period, Period],
    zone: Zone,
    company: str,
    language: Language,
    only: Which,
) -> EventFigures:
    """Count what customers answered after events, in a period and in the one before."""
    now, before = [await _of_events(reader, one, zone, only) for one in periods]
    names = {row.measure for row in (*now, *before)}
    said, earlier = [
        await words.comments(reader, one, zone, company, language, "transactional", only)
        for one in periods
    ]
    return EventFigures(
        current=now,
        previous=before,
        comments=said,
        earlier=earlier,
        own=await own_measures(reader, names, language, "transactional"),
    )


async def _of_events(
    reader: Reader, period: Period, zone: Zone, only: Which
) -> tuple[MeasureCounts, ...]:
    after_events = counted_within("transactional", only, _OF_CUSTOMERS, groups=False)
    rows = [
        *await reader.all(after_events, {"start": period.start, "end": period.end}),
        *await _hidden(reader, period, zone, only, "transactional"),
    ]
    return tuple(measures_of(rows, {}, await items_of(reader)))


async def period_figures(
    reader: Reader,
    period: Period,
    zone: Zone,
    *,
    groups: bool = True,
    only: Which = EVERYBODY,
) -> PeriodFigures:
    """Count the measures of one period, by group where `groups` are wanted; no funnel."""
    figure = spans.GROUPS if groups else spans.TOTALS
    rows = [
        *await spans.figure(reader, figure, period.start, period.end, only=only),
        *await _hidden(reader, period, zone, only, groups=groups),
    ]
    names = await _manager_names(reader, rows)
    measures = tuple(measures_of(rows, names, await items_of(reader)))
    versions: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        versions[row["measure"]].add(row["definition_id"])
    asked = {measure: frozenset(numbers) for measure, numbers in versions.items()}
    return PeriodFigures(period, _NO_FUNNEL, measures, asked)


async def _invited(reader: Reader, period: Period, only: Which) -> Invited:
    groups = await spans.figure(reader, spans.INVITED, period.start, period.end, only=only)
    return await invited.invited(reader, groups, only)


async def _hidden(
    reader: Reader,
    period: Period,
    zone: Zone,
    only: Which,
    kind: SurveyKind = "relationship",
    *,
    groups: bool = False,
) -> Sequence[CountedRow]:
    """Count a period's released anonymous respondents; one look tells where there are none."""
    months = _anonymous_months(period, zone, only)
    any_of_them = select(anonymous_sheets.c.id).where(anonymous_sheets.c.month.in_(months)).limit(1)
    if not months or await reader.scalar(any_of_them) is None:
        return []
    return await reader.all(counted(anonymous_respondents(months, kind), groups=groups))


async def _anonymous(reader: Reader, period: Period, zone: Zone, only: Which) -> dict[str, Counts]:
    """Return measure → the counts of a period's anonymous answers."""
    rows = await _hidden(reader, period, zone, only)
    return {one.measure: one.counts for one in measures_of(rows, {}, await items_of(reader))}


async def _firms_by_month(
    reader: Reader, months: Sequence[Period], zone: Zone, only: Which
) -> Clusters:
    if not months:
        return {}
    found = _firms(
        await spans.figure(reader, spans.FIRMS_BY_MONTH, *spans.borders(months), only=only)
    )
    if not found:
        return {}
    hidden = [await _anonymous(reader, month, zone, only) for month in months]
    return with_anonymous(found, *hidden)[NPS]


async def _repeated(reader: Reader, months: Sequence[Period], only: Which) -> dict[Codes, int]:
    if not months:
        return {}
    rows = await spans.figure(reader, spans.REPEATED, *spans.borders(months), only=only)
    return {tuple(codes): count for codes, count in rows}


def _joint(rows: Cells) -> dict[str, Joint]:
    found: dict[str, dict[tuple[float, float], int]] = defaultdict(dict)
    for measure, before, after, count in rows:
        found[measure][before, after] = count
    return {measure: dict(sorted(pairs.items())) for measure, pairs in sorted(found.items())}


def _firms(rows: Cells) -> dict[str, Clusters]:
    found: dict[str, dict[Firm, int]] = defaultdict(dict)
    for measure, firm, count in rows:
        found[measure][tuple((n, total) for n, total in firm)] = count
    return dict(found)


async def _manager_names(reader: Reader, rows: Sequence[CountedRow]) -> dict[int, str]:
    ids = {row["manager_id"] for row in rows if row.get("manager_id") is not None}
    if not ids:
        return {}
    return await told_apart(reader, ids)
