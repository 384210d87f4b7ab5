"""Many comparisons at once: which of them hold, and the level at which each one is printed."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from scoring.errors import BadInput
from surveys.messages import mark

KeyT = TypeVar("KeyT", bound=Hashable)
FAMILY_ERROR: Final = 0.05


@dataclass(frozen=True, slots=True)
class HolmStep:
    """What became of one comparison: whether it holds, and the level that decided it.

    An interval of this level leaves zero exactly where the comparison holds.
    """

    level: float
    holds: bool


def step_down(p_values: Mapping[KeyT, float], error: float = FAMILY_ERROR) -> dict[KeyT, HolmStep]:
    """Return each comparison's step, in the order given; all words together err in `error`.

    Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6, 65–70: the j-th smallest of k p values is held against error/(k − j + 1), and
    the first that fails ends the procedure; it and all that follow share its level.
    """
    if not all(0 <= p <= 1 for p in p_values.values()):
        raise BadInput(field="p_values", problem=mark("must lie between 0 and 1"))
    found: dict[KeyT, HolmStep] = {}
    holds, allowed = True, error
    for rank, key in enumerate(sorted(p_values, key=lambda key: p_values[key])):
        if holds:
            allowed = error / (len(p_values) - rank)
            holds = p_values[key] <= allowed
        found[key] = HolmStep(1 - allowed, holds)
    return {key: found[key] for key in p_values}
