"""The digest's managers: each one's score, in an order that says no more than the answers do."""

from collections.abc import Mapping

from scoring.changes.shrinkage import Shrinkage, shrink
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.nps import Segments
from scoring.estimates.ranks import rank_groups
from scoring.reports.groups import managers_choice, missing, rows_of, score, two_groups
from surveys.counts.figures import DigestFigures
from surveys.reports.estimates import Estimate
from surveys.reports.scores import ManagerScore, ManagersOrder

UNPLACED = (0, None)


def managers(figures: DigestFigures) -> tuple[tuple[ManagerScore, ...], ManagersOrder]:
    """Return the managers and what they are ordered by, those with too few answers last.

    From eight managers on they stand by their scores drawn to the mean
    (`scoring.changes.shrinkage`), or by name where only chance separates them; fewer than eight
    stand by the raw score. Only a manager whose interval overlaps nobody else's has a rank.
    """
    rows = {row.group: row for row in rows_of(figures, "manager")}
    segments = {key: nps.counts_to_segments(row.counts) for key, row in rows.items()}
    drawn = _drawn(segments)
    scores = {key: score(one) for key, one in segments.items()}
    places = _places({key: found for key, found in scores.items() if found})
    by: ManagersOrder = "score" if drawn is None else "drawn"
    if drawn is not None and drawn.between == 0:
        by, places = "name", {}
    found = {
        key: ManagerScore(
            manager_id=int(key),
            name=row.label,
            n=segments[key].n,
            score=scores[key],
            missing=missing(segments[key].n),
            by_manager=managers_choice(row),
            drawn=None if drawn is None else drawn.scores.get(key),
            rank=places.get(key, UNPLACED)[1],
            own_choice=two_groups(*figures.asked.managers.get(int(key), ({}, {}))),
        )
        for key, row in rows.items()
    }
    ordered = sorted(found, key=lambda key: _place(found[key], places.get(key, UNPLACED)[0], by))
    return tuple(found[key] for key in ordered), by


def _drawn(segments: Mapping[str, Segments]) -> Shrinkage[str] | None:
    try:
        return shrink(segments)
    except NotEnoughData:
        return None


def _places(scores: Mapping[str, Estimate]) -> dict[str, tuple[int, int | None]]:
    """Return key → (first place of its group, rank or None)."""
    return {
        key: (group.first, group.first if len(group.keys) == 1 < len(scores) else None)
        for group in rank_groups(scores)
        for key in group.keys
    }


def _place(row: ManagerScore, first: int, by: ManagersOrder) -> tuple[bool, int, float, str]:
    if row.score is None:
        return (True, first, row.missing, row.name)
    values = {"drawn": row.drawn or 0.0, "score": row.score.value, "name": 0.0}
    return (False, first, -values[by], row.name)
