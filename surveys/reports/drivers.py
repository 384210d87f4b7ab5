"""What goes with recommending, and how well the items of each scale measure one thing."""

from dataclasses import dataclass
from typing import Literal

Without = Literal["few", "firms", "alike", "repeated"]
WithoutAlpha = Literal["few", "firms", "alike"]
WithoutOmega = Literal["constant_item", "two_items", "no_common_factor", "loading_above_one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One question: its weight, and its correlation with recommending.

    The weight is the part of the variance of recommending, in per cent, that goes with this
    question; low…high is its 95 % interval, from resampled respondents and their firms. `share` is
    the weight in per cent of all weights together.
    """

    item: str
    label: str
    weight: float
    low: float
    high: float
    share: float
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """The questions by what goes with recommending, the heaviest first: association, not cause.

    `n` respondents answered all of them and how likely they are to recommend; `needed` is the
    fewest of whom anything is said. `r_squared` (0–1) is the part of the variance that the
    questions explain together. `without` says why there are no drivers: too few respondents, or
    colleagues of too few firms, answers that are all alike, questions that repeat one another.
    """

    n: int
    needed: int
    r_squared: float | None
    drivers: tuple[Driver, ...]
    without: Without | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleReliability:
    """The reliability of a measure's items over `n` respondents who answered all of them.

    α with its 95 % interval; ω of one factor, or why there is none. All are None where `n` is
    below `needed`, where they are colleagues of too few firms, or no two respondents differ;
    `without` says which (None in digests made before it was said).
    """

    key: str
    items: int
    n: int
    needed: int
    alpha: float | None
    low: float | None
    high: float | None
    omega: float | None
    without_omega: WithoutOmega | None
    without: WithoutAlpha | None = None
