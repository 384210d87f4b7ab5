"""The digest's breakdowns: NPS by month, segment, touchpoint and manager; the mirror items.

No score of fewer than `MIN_SCORE` answers and no gap of fewer than `MIN_GAP` customers is
printed; what is missing is (method §4, small groups).
"""

from itertools import groupby
from typing import Any, Final

from scoring import gap, means, nps
from scoring.counts import Scale, mean, total
from scoring.digest_measures import comparison, counts_of, estimate, measured
from scoring.disclosure import MIN_GAP, MIN_MANAGER_NPS, rank_groups
from scoring.errors import NotEnoughData
from scoring.intervals import Interval
from scoring.measures import CONFIDENCE
from surveys.counts.figures import Counts, DigestFigures, GroupKind, MeasureCounts, MirrorItem

MIN_SCORE: Final = MIN_MANAGER_NPS
SEGMENTS: Final = ("detractors", "passives", "promoters")


def nps_section(figures: DigestFigures, at: float) -> dict[str, Any] | None:
    """Return all that is said about the NPS of the period, None where nobody was asked."""
    counts = counts_of(figures.current, "nps")
    n = total(counts)
    if n == 0:
        return None
    segments = dict(zip(SEGMENTS, nps.counts_to_segments(counts), strict=True))
    compared = comparison(figures, "nps", at)
    return {
        "counts": segments,
        "n": n,
        "shares": {name: 100 * count / n for name, count in segments.items()},
        "distribution": [counts.get(score, 0) for score in range(nps.SCORE_MAX + 1)],
        "score": compared.pop("current"),
        **compared,
        "by_manager": _chosen(measured(figures.current, "nps")),
        "trend": trend(figures),
        "segments": groups(figures, "segment"),
        "touchpoints": groups(figures, "touchpoint"),
    }


def trend(figures: DigestFigures) -> list[dict[str, Any]]:
    """Return the months, oldest first; one with too few answers has no score."""
    return [
        {
            "key": month.period.key,
            "start": month.period.start.isoformat(),
            **shown(counts_of(month, "nps")),
        }
        for month in figures.months
    ]


def groups(figures: DigestFigures, kind: GroupKind) -> list[dict[str, Any]]:
    """Return the groups of one kind with their share of its answers in per cent, largest first."""
    rows = _rows(figures, kind)
    answers = sum(total(row.counts) for row in rows)
    found = [
        {
            "group": row.group,
            "label": row.label,
            "share": 100 * total(row.counts) / answers,
            **shown(row.counts),
        }
        for row in rows
    ]
    return sorted(found, key=lambda group: (-group["n"], group["label"]))


def managers(figures: DigestFigures) -> list[dict[str, Any]]:
    """Return each manager's score, best first, those with too few answers last.

    Only a manager whose interval meets nobody else's has a rank.
    """
    rows = {
        row.group: {
            "manager_id": int(row.group),
            "name": row.label,
            **shown(row.counts),
            "by_manager": _chosen(row),
        }
        for row in _rows(figures, "manager")
    }
    ranks = _ranks({key: row["score"] for key, row in rows.items() if row["score"]})
    ordered = sorted(rows, key=lambda key: _place(rows[key], ranks.get(key, (0, None))[0]))
    return [{**rows[key], "rank": ranks.get(key, (0, None))[1]} for key in ordered]


def mirror(figures: DigestFigures) -> dict[str, Any]:
    """Return, per manager and mirror item, the manager's own view, the customers', the company's.

    Scores are on the item's own scale.
    """
    ordered = sorted(figures.mirrors, key=lambda item: (item.manager, item.manager_id))
    items = {item.item: _head(item) for item in figures.mirrors}
    return {
        "items": list(items.values()),
        "managers": [
            {"manager_id": manager_id, "name": name, "items": [_mirrored(item) for item in found]}
            for (manager_id, name), found in groupby(
                ordered, key=lambda item: (item.manager_id, item.manager)
            )
        ],
    }


def shown(counts: Counts) -> dict[str, Any]:
    """Return {n, score, missing}: no score where `missing` more answers are needed for one."""
    n = total(counts)
    enough = n >= MIN_SCORE
    score = estimate("nps", counts) if enough else None
    return {"n": n, "score": score, "missing": max(MIN_SCORE - n, 0)}


def _chosen(row: MeasureCounts | None) -> dict[str, Any] | None:
    """Return {n, share in per cent} of the answers to managers' own invitations, None for none."""
    if row is None or row.by_manager == 0:
        return None
    return {"n": row.by_manager, "share": 100 * row.by_manager / total(row.counts)}


def _rows(figures: DigestFigures, kind: GroupKind) -> list[MeasureCounts]:
    found = (row for row in figures.current.measures if row.measure == "nps")
    return [row for row in found if row.group_kind == kind and total(row.counts)]


def _ranks(scores: dict[str, dict[str, Any]]) -> dict[str, tuple[int, int | None]]:
    """Return key → (first place of its group, rank or None)."""
    intervals = {key: Interval(score["low"], score["high"]) for key, score in scores.items()}
    return {
        key: (group.first, group.first if len(group.keys) == 1 < len(scores) else None)
        for group in rank_groups(intervals)
        for key in group.keys
    }


def _place(row: dict[str, Any], first: int) -> tuple[Any, ...]:
    score = row["score"]
    return (score is None, first, -score["value"] if score else row["missing"], row["name"])


def _head(item: MirrorItem) -> dict[str, Any]:
    return {"item": item.item, "label": item.label, "low": item.low, "high": item.high}


def _mirrored(item: MirrorItem) -> dict[str, Any]:
    scale = Scale(item.low, item.high, item.high - item.low + 1)
    n, everybody = total(item.customers), total(item.company)
    return {
        **_head(item),
        "self": item.self_score,
        "customers": _customers(item.customers, scale),
        "n": n,
        "company": {"value": mean(item.company), "n": everybody} if everybody >= MIN_GAP else None,
        **_gap(item, scale),
        "missing": max(MIN_GAP - n, 0),
    }


def _customers(counts: Counts, scale: Scale) -> dict[str, Any] | None:
    if total(counts) < MIN_GAP:
        return None
    found = means.estimate(counts, scale, level=CONFIDENCE)
    return {"value": found.mean, "low": found.low, "high": found.high, "n": found.n}


def _gap(item: MirrorItem, scale: Scale) -> dict[str, Any]:
    if item.self_score is None:
        return {"gap": None, "agreement": None}
    try:
        found = gap.item_gap(item.self_score, item.customers, scale, level=CONFIDENCE)
    except NotEnoughData:
        return {"gap": None, "agreement": None}
    return {
        "gap": {"value": found.gap, "low": found.low, "high": found.high},
        "agreement": found.agreement.value,
    }
