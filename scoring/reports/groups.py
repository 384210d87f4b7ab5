"""The digest's breakdowns: NPS by month, segment, touchpoint and manager.

No score of fewer than `MIN_SCORE` answers is printed; what is missing is (method §4, small groups).
"""

from dataclasses import asdict
from typing import Any, Final

from scoring.changes.shrinkage import Shrinkage, shrink
from scoring.errors import NotEnoughData
from scoring.estimates import nonresponse, nps
from scoring.estimates.composition import Stratum, weighted
from scoring.estimates.counts import total
from scoring.estimates.firms import firms
from scoring.estimates.intervals import Interval
from scoring.reports.digest_measures import comparison, estimate
from scoring.reports.disclosure import MIN_MANAGER_NPS, rank_groups
from scoring.reports.family import Family, JudgedTrend, counts_of, measured
from surveys.counts.figures import Counts, DigestFigures, GroupKind, MeasureCounts

MIN_SCORE: Final = MIN_MANAGER_NPS
SEGMENTS: Final = ("detractors", "passives", "promoters")


def nps_section(figures: DigestFigures, found: Family) -> dict[str, Any] | None:
    """Return all that is said about the NPS of the period, None where nobody was asked."""
    counts = counts_of(figures.current, "nps")
    n = total(counts)
    if n == 0:
        return None
    segments = dict(zip(SEGMENTS, nps.counts_to_segments(counts), strict=True))
    compared = comparison(figures, "nps", found)
    return {
        "counts": segments,
        "n": n,
        "shares": {name: 100 * count / n for name, count in segments.items()},
        "distribution": [counts.get(score, 0) for score in range(nps.SCORE_MAX + 1)],
        "score": compared.pop("current"),
        **compared,
        "by_manager": _chosen(measured(figures.current, "nps")),
        "trend": trend(figures, found),
        "slope": _slope(found.trend),
        "weighted": _weighted(figures),
        "firms": _firms(figures),
        "segments": groups(figures, "segment"),
        "touchpoints": groups(figures, "touchpoint"),
    }


def trend(figures: DigestFigures, found: Family) -> list[dict[str, Any]]:
    """Return the months, oldest first; one with too few answers has no score.

    `limits` are the control limits about the mean of all months, where there is a trend.
    """
    limits = found.trend.trend.limits if found.trend else (None,) * len(figures.months)
    return [
        {
            "key": month.period.key,
            "start": month.period.start.isoformat(),
            **shown(counts_of(month, "nps")),
            "limits": ends and ends._asdict(),
        }
        for month, ends in zip(figures.months, limits, strict=True)
    ]


def _slope(found: JudgedTrend | None) -> dict[str, Any] | None:
    """Return the change over the months by the line through them, with its word."""
    if found is None:
        return None
    line = found.trend
    return {
        "months": line.months,
        "center": line.center,
        "change": {"value": line.slope * line.span, **found.change._asdict()},
        "level": found.level,
        "verdict": found.verdict.value,
    }


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


def managers(figures: DigestFigures) -> dict[str, Any]:
    """Return {managers, managers_by}: each one's score, those with too few answers last.

    From eight managers on they stand by their scores drawn to the mean, `drawn`
    (`scoring.changes.shrinkage`); by name where nothing but chance is between them; of fewer, by
    the raw score. Only a manager whose interval meets nobody else's has a rank.
    """
    drawn = _drawn(figures)
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
    by = "score" if drawn is None else "drawn"
    if drawn is not None and drawn.between == 0:
        by, ranks = "name", {}
    for key, row in rows.items():
        row["drawn"] = drawn.scores.get(key) if drawn is not None else None
        row["rank"] = ranks.get(key, (0, None))[1]
        row["own_choice"] = told_apart(*figures.asked.managers.get(int(key), ({}, {})))
    ordered = sorted(rows, key=lambda key: _place(rows[key], ranks.get(key, (0, None))[0], by))
    return {"managers": [rows[key] for key in ordered], "managers_by": by}


def _weighted(figures: DigestFigures) -> dict[str, Any] | None:
    """Return the score weighted to the delivered invitations by segment, None where it cannot be.

    Not where a survey is anonymous or came by open links alone: those answers have no invitation.
    """
    strata = {
        name: Stratum(nps.counts_to_segments(counts), delivered)
        for name, (counts, delivered) in figures.asked.segments.items()
    }
    try:
        found = weighted(strata)
    except NotEnoughData:
        return None
    parts = [{**asdict(part), "segments": list(part.segments)} for part in found.parts]
    return {**asdict(found), "parts": parts, "empty": list(found.empty)}


def _firms(figures: DigestFigures) -> dict[str, Any] | None:
    """Return the score with colleagues taken into account and with one vote a firm.

    None below ten firms, or where no two colleagues answered.
    """
    try:
        found = firms(figures.asked.firms)
    except NotEnoughData:
        return None
    return asdict(found) if found.largest > 1 else None


def told_apart(first: Counts, second: Counts) -> dict[str, Any] | None:
    """Return {first, second, change} of two groups, None below ten answers in either."""
    try:
        return nonresponse.written(nonresponse.apart(first, second))
    except NotEnoughData:
        return None


def _drawn(figures: DigestFigures) -> Shrinkage[str] | None:
    rows = _rows(figures, "manager")
    try:
        return shrink({row.group: nps.counts_to_segments(row.counts) for row in rows})
    except NotEnoughData:
        return None


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


def _place(row: dict[str, Any], first: int, by: str) -> tuple[Any, ...]:
    score = row["score"]
    if score is None:
        return (True, first, row["missing"], row["name"])
    value = {"drawn": row["drawn"], "score": score["value"], "name": 0.0}[by]
    return (False, first, -value, row["name"])
