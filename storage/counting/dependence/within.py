"""Who answered for several measures in one period, and how: an index over measures needs it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from storage.counting.pairs import scores_within
from storage.counting.scores import Which, items_of
from storage.engine.reading import Reader
from surveys.counts.figures import Joint


async def joints_within(
    reader: Reader, start: datetime, end: datetime, measures: Sequence[str], only: Which
) -> dict[tuple[str, str], Joint]:
    """Return pair of measures → the pairs of scores of those who gave both, where there are any."""
    of_person: dict[int, dict[str, float]] = defaultdict(dict)
    found = await scores_within(reader, start, end, only, await items_of(reader))
    for (measure, person), score in found.items():
        of_person[person][measure] = score
    joints = {
        (one, other): Counter(
            (given[one], given[other])
            for given in of_person.values()
            if one in given and other in given
        )
        for one, other in combinations(measures, 2)
    }
    return {pair: dict(joint) for pair, joint in joints.items() if joint}
