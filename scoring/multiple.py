"""Many comparisons at once: the level each verdict needs, and Holm's procedure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from scoring.errors import BadInput
from surveys.messages import mark

Key = TypeVar("Key", bound=Hashable)
FAMILY_ERROR = 0.05


def level_for(criteria: int) -> float:
    """Return the level 1 − .05/k of each of k verdicts read together [Bonferroni]."""
    if criteria < 1:
        raise BadInput(
            field="criteria", problem=mark("must be at least 1, not {given}"), given=criteria
        )
    return 1 - FAMILY_ERROR / criteria


def holm(p_values: Mapping[Key, float]) -> dict[Key, float]:
    """Return Holm's adjusted p values, in the order given.

    Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian
    Journal of Statistics 6, 65–70.
    """
    if not all(0 <= p <= 1 for p in p_values.values()):
        raise BadInput(field="p_values", problem=mark("must lie between 0 and 1"))
    adjusted: dict[Key, float] = {}
    largest = 0.0
    for rank, key in enumerate(sorted(p_values, key=lambda key: p_values[key])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[key]))
        adjusted[key] = largest
    return {key: adjusted[key] for key in p_values}
