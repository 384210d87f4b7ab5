"""The digest's view of managers by themselves and by their customers.

One word a manager, over all items, stepped down over the managers; words on single items only
within a manager for whom it holds, at that manager's level [`scoring.changes.gap.told`]. So however
many managers and items there are, at most 5 % of digests say something of somebody that is not so.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from scoring.changes import gap
from scoring.changes.gap import Agreement, Gap, Rated
from scoring.estimates import means
from scoring.estimates.counts import Counts, Scale, mean, total
from scoring.estimates.indices import scale_of
from scoring.reports.disclosure import MIN_GAP
from scoring.reports.measures import CONFIDENCE
from surveys.counts.figures import DigestFigures, MirrorItem, MirrorProfile

HUNDRED = (0, 100)


def mirror(figures: DigestFigures) -> dict[str, Any]:
    """Return, per manager and mirror item, the manager's own view, the customers', the company's.

    Scores are on the item's own scale; a manager's `profile` is on it too where all items share
    one, else on 0–100.
    """
    ordered = sorted(figures.mirrors, key=lambda item: (item.manager, item.manager_id))
    words = gap.told({one.manager_id: _profile(one) for one in figures.profiles if _known(one)})
    return {
        "items": list({item.item: _head(item) for item in figures.mirrors}.values()),
        "managers": [
            _manager(manager_id, name, list(found), words.get(manager_id))
            for (manager_id, name), found in groupby(
                ordered, key=lambda item: (item.manager_id, item.manager)
            )
        ],
    }


def _known(profile: MirrorProfile) -> bool:
    return total(profile.customers) >= MIN_GAP


def _profile(found: MirrorProfile) -> Rated:
    return Rated(found.own, found.customers, scale_of(found.points))


def _manager(
    manager_id: int, name: str, items: Sequence[MirrorItem], over_all: Gap | None
) -> dict[str, Any]:
    gaps = _gaps(items, over_all)
    return {
        "manager_id": manager_id,
        "name": name,
        "profile": over_all and _over_all(over_all, items),
        "items": [_mirrored(item, gaps.get(item.item)) for item in items],
    }


def _gaps(items: Sequence[MirrorItem], over_all: Gap | None) -> Mapping[str, Gap]:
    """Test single items only of a manager for whom the word holds, at that manager's level."""
    rated = {
        item.item: Rated(item.self_score, item.customers, _scale(item))
        for item in items
        if item.self_score is not None and total(item.customers) >= MIN_GAP
    }
    if over_all is None or over_all.agreement is None:
        return {key: gap.item_gap(one) for key, one in rated.items()}
    if over_all.agreement is Agreement.IN_AGREEMENT:
        return {key: gap.item_gap(one, level=over_all.level) for key, one in rated.items()}
    return gap.told(rated, error=1 - over_all.level)


def _over_all(found: Gap, items: Sequence[MirrorItem]) -> dict[str, Any]:
    ends = {(item.low, item.high) for item in items if item.self_score is not None}
    low, high = ends.pop() if len(ends) == 1 else HUNDRED
    part = (high - low) / 100
    return {
        "n": found.n,
        "low": low,
        "high": high,
        "self": low + part * found.own,
        "customers": low + part * found.customers,
        **_written(found, part),
    }


def _written(found: Gap, part: float = 1.0) -> dict[str, Any]:
    ends = {"value": found.gap, "low": found.low, "high": found.high}
    return {
        "gap": {**{end: part * value for end, value in ends.items()}, "level": found.level},
        "agreement": found.agreement and found.agreement.value,
    }


def _scale(item: MirrorItem) -> Scale:
    return Scale(item.low, item.high, item.high - item.low + 1)


def _head(item: MirrorItem) -> dict[str, Any]:
    return {"item": item.item, "label": item.label, "low": item.low, "high": item.high}


def _mirrored(item: MirrorItem, found: Gap | None) -> dict[str, Any]:
    n, everybody = total(item.customers), total(item.company)
    return {
        **_head(item),
        "self": item.self_score,
        "customers": _customers(item.customers, _scale(item)),
        "n": n,
        "company": {"value": mean(item.company), "n": everybody} if everybody >= MIN_GAP else None,
        **(_written(found) if found else {"gap": None, "agreement": None}),
        "missing": max(MIN_GAP - n, 0),
    }


def _customers(counts: Counts, scale: Scale) -> dict[str, Any] | None:
    if total(counts) < MIN_GAP:
        return None
    found = means.estimate(counts, scale, level=CONFIDENCE)
    return {"value": found.mean, "low": found.low, "high": found.high, "n": found.n}
