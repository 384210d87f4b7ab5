"""The figures of a digest that are kept: which there are, and how each is counted from answers."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage.counting import alike, asked, invited
from storage.counting.dependence import colleagues, repeated
from storage.counting.dependence.within import joints_within
from storage.counting.kept import Cells, KeptFigure, cells
from storage.counting.mirrors import compared
from storage.counting.pairs import joint, scores, scores_within
from storage.counting.scores import (
    EVERYBODY,
    Which,
    counted_within,
    given_by,
    items_of,
    within,
)
from storage.engine.reading import Reader
from storage.tables.surveys import invitations
from surveys.counts.measures import CRITERIA, NPS
from surveys.periods import Period, Unit, Zone, last_complete, months_until, previous

Moments = Sequence[datetime]
GROUPS = "groups"
"""How many respondents of a period have each score, by group."""
TOTALS = "totals"
"""The same of everybody together."""
OVERLAP = "overlap"
"""Who answered in a period and in the one it is compared with, and how."""
FIRMS = "firms"
"""How many firms answered so in these two periods, where colleagues did."""
FIRMS_BY_MONTH = "firms_by_month"
"""The same in the months of a trend."""
MIRRORS = "firms_mirrors"
"""Customers' answers to the mirrored items of a period, by manager and firm.

Whoever changes a person's firm makes the figures stale whose names begin with ``firms``.
"""
ALIKE = "firms_alike"
"""How many respondents of a firm gave the same answers to the items of a measure in a period."""
JOINTS = "joints"
"""Who gave which two measures within a period, and how."""
REPEATED = "repeated"
"""Who answered the NPS in several months of a trend."""
INVITED = "invited"
"""Customers' invitations made in a period, by how far they came.

They are no answers: triggers of their own forget this figure alone.
"""
ASKED = "asked"
"""How the respondents of a period came to answer, and with which score."""
_TREND_MONTHS = 12
REMEMBERED = timedelta(days=3 * 366)
"""No digest of a complete period asks for anything longer ago than this."""
_UNITS: tuple[Unit, ...] = ("month", "quarter", "year")


async def figure(reader: Reader, name: str, *moments: datetime, only: Which = EVERYBODY) -> Cells:
    """Return a figure: what is kept of it, else what is counted now.

    Nothing is kept for a part of the company: the answers to `only` its invitations are counted.
    """
    if only is not EVERYBODY:
        return sorted(await _COUNTED[name](reader, moments, only), key=repr)
    wanted = KeptFigure(name, moments)
    found = await cells(reader, wanted)
    return await count(reader, wanted) if found is None else found


async def count(reader: Reader, wanted: KeptFigure) -> Cells:
    """Count a figure from the answers; the same answers make the same cells in the same order."""
    return sorted(await _COUNTED[wanted.name](reader, wanted.moments, EVERYBODY), key=repr)


async def differs(reader: Reader, kept: KeptFigure, found: Cells) -> bool:
    """Tell whether a kept figure differs from the answers now, cell by cell."""
    return bool(json.loads(json.dumps(await count(reader, kept))) != found)


def of_complete_periods(now: datetime, zone: Zone) -> list[KeptFigure]:
    """Return what the digests of the last complete month, quarter and year consist of."""
    found: list[KeptFigure] = []
    for unit in _UNITS:
        period = last_complete(now, unit, zone)
        found += of_digest(
            period, previous(period, zone), months_until(period, zone, _TREND_MONTHS)
        )
    return list(dict.fromkeys(found))


def of_digest(period: Period, before: Period, months: Sequence[Period]) -> list[KeptFigure]:
    """Return what the digest of a period consists of."""
    span = (period.start, period.end)
    return [
        *(KeptFigure(TOTALS, (month.start, month.end)) for month in months),
        KeptFigure(GROUPS, span),
        KeptFigure(GROUPS, (before.start, before.end)),
        KeptFigure(OVERLAP, two(before, period)),
        KeptFigure(FIRMS, two(before, period)),
        KeptFigure(FIRMS_BY_MONTH, borders(months)),
        KeptFigure(MIRRORS, span),
        KeptFigure(ALIKE, span),
        KeptFigure(JOINTS, span),
        KeptFigure(JOINTS, (before.start, before.end)),
        KeptFigure(REPEATED, borders(months)),
        KeptFigure(INVITED, span),
        KeptFigure(INVITED, (before.start, before.end)),
        KeptFigure(ASKED, span),
    ]


def two(before: Period, period: Period) -> tuple[datetime, ...]:
    """Return the starts and ends of two periods; the border of two neighbours stands once."""
    ends = () if before.end == period.start else (before.end,)
    return (before.start, *ends, period.start, period.end)


def _both(moments: Moments) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """Return what `two` was made of."""
    start, border, *_, end = moments
    return (start, border), (moments[-2], end)


def borders(months: Sequence[Period]) -> tuple[datetime, ...]:
    """Return the starts of successive months, and the end of the last."""
    return (*(month.start for month in months), months[-1].end)


async def _groups(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    return await _by_score(reader, moments, only, groups=True)


async def _totals(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    return await _by_score(reader, moments, only, groups=False)


async def _by_score(
    reader: Reader, moments: Moments, only: Which, *, groups: bool
) -> list[dict[str, Any]]:
    start, end = moments
    statement = counted_within("relationship", only, groups=groups)
    return [dict(row) for row in await reader.all(statement, {"start": start, "end": end})]


async def _overlap(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    """Look only at those who answered in both periods, who are mostly few."""
    required = await items_of(reader)
    earlier, later = (within(*span, only=only) for span in _both(moments))
    person = invitations.c.person_id
    before = await scores(reader, earlier & person.in_(given_by(later)), required)
    if not before:
        return []
    after = await scores(reader, later & person.in_(given_by(earlier)), required)
    return [
        [measure, first, second, count]
        for measure, pairs in joint(before, after).items()
        for (first, second), count in pairs.items()
    ]


async def _firms(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    firms = await colleagues.firm_of(reader)
    if not firms:
        return []
    required = await items_of(reader)
    sides = [await scores_within(reader, *span, only, required) for span in _both(moments)]
    return [
        [measure, firm, count]
        for measure, found in colleagues.of_named(firms, *sides).items()
        for firm, count in found.items()
    ]


async def _firms_by_month(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    found = await colleagues.by_month(reader, moments, only)
    return [[NPS, firm, count] for firm, count in found.items()]


async def _mirrors(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    start, end = moments
    return await compared.counted(reader, start, end, only)


async def _alike(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    start, end = moments
    return await alike.counted(reader, start, end, only)


async def _joints(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    start, end = moments
    found = await joints_within(reader, start, end, CRITERIA, only)
    return [
        [one, other, *pair, count]
        for (one, other), joint in found.items()
        for pair, count in joint.items()
    ]


async def _repeated(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    return await repeated.counted(reader, moments, only)


async def _invited(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    start, end = moments
    return await invited.counted(reader, start, end, only)


async def _asked(reader: Reader, moments: Moments, only: Which) -> list[Any]:
    start, end = moments
    return await asked.counted(reader, start, end, only)


_COUNTED: Mapping[str, Callable[[Reader, Moments, Which], Awaitable[list[Any]]]] = {
    GROUPS: _groups,
    TOTALS: _totals,
    OVERLAP: _overlap,
    FIRMS: _firms,
    FIRMS_BY_MONTH: _firms_by_month,
    MIRRORS: _mirrors,
    ALIKE: _alike,
    JOINTS: _joints,
    REPEATED: _repeated,
    INVITED: _invited,
    ASKED: _asked,
}
