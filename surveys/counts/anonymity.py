"""What may be shown of anonymous answers: batches, coarse dates, no group that can be guessed.

A sheet is taken apart into *parts*: the questions that one index counts together, and every other
question by itself. A part is released with at least four others that answered exactly the same of
these questions; from then on the five are counted together or not at all. So every figure, sum and
difference of figures is about five people or more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from surveys.counts.minima import MIN_ANONYMOUS
from surveys.periods import Zone, containing

if TYPE_CHECKING:
    from surveys.survey.definition import Survey

Given = tuple[str, float | None]
"""An answer's JSON and its score."""


@dataclass(frozen=True, slots=True)
class Part:
    """Anonymous answers by question key, with their month ("2026-09") and coarse breakdown."""

    month: str
    breakdown: str | None
    answers: Mapping[str, Given]


def coarse_month(now: datetime, zone: Zone) -> str:
    """Return the only date an anonymous answer keeps: "2026-09"."""
    return containing(now, "month", zone).key


def counted_together(survey: "Survey") -> tuple[frozenset[str], ...]:
    """Return the survey's question keys, joined where an index counts several of them."""
    joined: list[tuple[set[str], set[str]]] = []
    for question in survey.questions:
        keys, measures = {question.key}, set(question.measures)
        apart = []
        for other in joined:
            if measures & other[1]:
                keys |= other[0]
                measures |= other[1]
            else:
                apart.append(other)
        joined = [*apart, (keys, measures)]
    return tuple(frozenset(keys) for keys, _ in joined)


def parts_of(sheet: Part, together: Iterable[frozenset[str]]) -> list[Part]:
    """Take a sheet apart; what was skipped is in no part."""
    given = {key: answer for key, answer in sheet.answers.items() if answer[0] != "null"}
    taken = ({key: given[key] for key in sorted(keys & given.keys())} for keys in together)
    return [replace(sheet, answers=answers) for answers in taken if answers]


def release(waiting: Iterable[Part]) -> tuple[list[Sequence[Part]], list[Part]]:
    """Return the full batches among the waiting parts, as they may be shown, and what still waits.

    A batch is dated with its latest month. It loses a breakdown that fewer than five people share,
    and one from which fewer than five could be found by subtraction.
    """
    alike: dict[frozenset[str], list[Part]] = defaultdict(list)
    for part in waiting:
        alike[frozenset(part.answers)].append(part)
    full = [parts for parts in alike.values() if len(parts) >= MIN_ANONYMOUS]
    rest = [part for parts in alike.values() if len(parts) < MIN_ANONYMOUS for part in parts]
    return [_coarse(batch) for parts in full for batch in _by_month(parts)], rest


def _by_month(parts: Iterable[Part]) -> list[list[Part]]:
    """Split into batches by month; a month of fewer than five joins the next, or the one before."""
    batches: list[list[Part]] = [[]]
    for _, month in groupby(sorted(parts, key=_month), key=_month):
        if len(batches[-1]) >= MIN_ANONYMOUS:
            batches.append([])
        batches[-1] += month
    if len(batches) > 1 and len(batches[-1]) < MIN_ANONYMOUS:
        last = batches.pop()
        batches[-1] += last
    return batches


def _month(part: Part) -> str:
    return part.month


def _coarse(batch: Sequence[Part]) -> list[Part]:
    shown = disclosable(Counter(part.breakdown or "" for part in batch)) - {""}
    month = max(map(_month, batch))
    return [
        replace(part, month=month, breakdown=part.breakdown if part.breakdown in shown else None)
        for part in batch
    ]


def disclosable(people: Mapping[str, int], minimum: int = MIN_ANONYMOUS) -> frozenset[str]:
    """Return the groups whose figures may be shown beside the total.

    Groups below `minimum` are hidden. Subtracting the shown groups from the total gives the hidden
    ones together, so the smallest shown groups are hidden too until those are at least `minimum`.
    """
    by_size = sorted((group for group, count in people.items() if count), key=lambda g: people[g])
    hidden = [group for group in by_size if people[group] < minimum]
    shown = by_size[len(hidden) :]
    while hidden and shown and sum(people[group] for group in hidden) < minimum:
        hidden.append(shown.pop(0))
    return frozenset(shown)
