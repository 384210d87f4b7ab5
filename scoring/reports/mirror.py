"""The digest's view of managers by themselves and by their customers.

Each manager gets one word over all items, stepped down over the managers. Single items get words
only where that word holds, at that manager's level [`scoring.changes.gap.told`]. So however many
managers and items there are, at most 5 % of digests say something wrong about somebody.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from scoring.changes import gap
from scoring.changes.gap import Gap, Rated
from scoring.estimates.counts import Scale, mean, scale_of, total
from scoring.reports.measures import CONFIDENCE
from surveys.counts.figures import DigestFigures, MirrorItem, MirrorProfile
from surveys.counts.minima import MIN_GAP
from surveys.reports.estimates import Agreement, Estimate, Figure, RangeAtLevel
from surveys.reports.mirror import Mirror, MirrorHead, MirrorManager, MirrorRow, MirrorWhole

HUNDRED: Final = (0, 100)


def mirror(figures: DigestFigures) -> Mirror:
    """Return the managers with their own view of each mirror item and that of the customers."""
    ordered = sorted(figures.mirrors, key=lambda item: (item.manager, item.manager_id))
    words = gap.told({one.manager_id: _profile(one) for one in figures.profiles if _known(one)})
    return Mirror(
        items=tuple({item.item: _head(item) for item in figures.mirrors}.values()),
        managers=tuple(
            _manager(manager_id, name, list(found), words.get(manager_id))
            for (manager_id, name), found in groupby(
                ordered, key=lambda item: (item.manager_id, item.manager)
            )
        ),
    )


def _known(profile: MirrorProfile) -> bool:
    return total(profile.customers) >= MIN_GAP


def _profile(found: MirrorProfile) -> Rated:
    return Rated(found.own, found.customers, scale_of(found.points), found.firms)


def _manager(
    manager_id: int, name: str, items: Sequence[MirrorItem], over_all: Gap | None
) -> MirrorManager:
    gaps = _gaps(items, over_all)
    return MirrorManager(
        manager_id=manager_id,
        name=name,
        profile=None if over_all is None else _over_all(over_all, items),
        items=tuple(_row(item, gaps.get(item.item)) for item in items),
    )


def _gaps(items: Sequence[MirrorItem], over_all: Gap | None) -> Mapping[str, Gap]:
    """Test single items only for a manager whose word holds, at that manager's level."""
    rated = {
        item.item: Rated(item.self_score, item.customers, _scale(item), item.firms)
        for item in items
        if item.self_score is not None and total(item.customers) >= MIN_GAP
    }
    if over_all is None or over_all.agreement is None:
        return {key: gap.item_gap(one) for key, one in rated.items()}
    if over_all.agreement is Agreement.IN_AGREEMENT:
        return {key: gap.item_gap(one, level=over_all.level) for key, one in rated.items()}
    return gap.told(rated, error=1 - over_all.level)


def _over_all(found: Gap, items: Sequence[MirrorItem]) -> MirrorWhole:
    ends = {(item.low, item.high) for item in items if item.self_score is not None}
    low, high = ends.pop() if len(ends) == 1 else HUNDRED
    part = (high - low) / 100
    return MirrorWhole(
        n=found.n,
        low=low,
        high=high,
        self=low + part * found.own,
        customers=low + part * found.customers,
        gap=_range(found, part),
        agreement=found.agreement,
    )


def _range(found: Gap, part: float = 1.0) -> RangeAtLevel:
    """Return a gap brought from 0–100 to a scale that is `part` as long."""
    return RangeAtLevel(
        value=part * found.gap, low=part * found.low, high=part * found.high, level=found.level
    )


def _scale(item: MirrorItem) -> Scale:
    return Scale(item.low, item.high, item.high - item.low + 1)


def _head(item: MirrorItem) -> MirrorHead:
    return MirrorHead(item=item.item, label=item.label, low=item.low, high=item.high)


def _row(item: MirrorItem, found: Gap | None) -> MirrorRow:
    n, everybody = total(item.customers), total(item.company)
    return MirrorRow(
        item=item.item,
        label=item.label,
        low=item.low,
        high=item.high,
        self=item.self_score,
        customers=_customers(item),
        n=n,
        company=Figure(value=mean(item.company), n=everybody) if everybody >= MIN_GAP else None,
        gap=None if found is None else _range(found),
        agreement=None if found is None else found.agreement,
        missing=max(MIN_GAP - n, 0),
    )


def _customers(item: MirrorItem) -> Estimate | None:
    if total(item.customers) < MIN_GAP:
        return None
    found = gap.rating(Rated(item.low, item.customers, _scale(item), item.firms), level=CONFIDENCE)
    return Estimate(value=found.mean, low=found.low, high=found.high, n=found.n)
