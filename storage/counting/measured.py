"""From rows of respondents to the counts of each measure, of everybody and by group."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping

from storage.answering.invitations import BY_MANAGER
from storage.counting.pairs import Required, score
from surveys.counts.figures import GroupKind, MeasureCounts

_KINDS: Final[tuple[tuple[GroupKind, str], ...]] = (
    ("manager", "manager_id"),
    ("segment", "segment"),
    ("touchpoint", "touchpoint"),
    ("channel", "channel"),
)
"""A kind of group, and the column that names it."""
CountedRow = RowMapping | Mapping[str, Any]
GroupKey = tuple[str, GroupKind, str]
"""Measure, kind of group, group."""


def measures_of(
    rows: Sequence[CountedRow], names: Mapping[int, str], required: Required
) -> Iterator[MeasureCounts]:
    """Yield the measures in the rows that `counted` found; `names`: manager's id → name."""
    counts: dict[GroupKey, dict[float, int]] = defaultdict(dict)
    partial: Counter[GroupKey] = Counter()
    chosen: Counter[GroupKey] = Counter()
    points: dict[GroupKey, int] = {}
    for row in rows:
        items = required[row["definition_id"], row["measure"]]
        count, complete = row["count"], row["item_count"] == items.required
        mean = score(row["total"], row["item_count"]) if complete else 0.0
        own = complete and row.get("touchpoint") == BY_MANAGER
        for group in _groups(row):
            if points.setdefault(group, items.points) > items.points:
                points[group] = items.points
            if not complete:
                partial[group] += count
                continue
            of_group = counts[group]
            of_group[mean] = of_group.get(mean, 0) + count
            if own:
                chosen[group] += count
    for group in sorted({*counts, *partial}):
        measure, kind, name = group
        label = names[int(name)] if kind == "manager" else name
        scores = dict(sorted(counts[group].items()))
        yield MeasureCounts(
            measure, kind, name, label, scores, partial[group], points[group], chosen[group]
        )


def _groups(row: CountedRow) -> Iterator[GroupKey]:
    measure = row["measure"]
    yield measure, "all", ""
    for kind, column in _KINDS:
        if (group := row.get(column)) is not None:
            yield measure, kind, str(group)
