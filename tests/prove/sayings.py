"""What a digest says against what is so: simulated companies whose truth is known."""

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import numpy as np

from scoring.changes.trend import trend
from tests.prove.lines import Line, Lines
from tests.scoring.changes.simulated import SETTINGS, told
from tests.scoring.changes.simulated_months import company
from tests.scoring.changes.simulated_words import false_words

ALLOWED = 0.05


async def verdicts(_folder: Path, scale: int, seed: int) -> Lines:
    """Digests of unchanged, partly changed, contented and returning customers."""
    for name, setting in SETTINGS.items():
        found = told(setting, 100 * scale, seed)
        yield _false(f"false verdicts: {name}", found.false, found.digests)
        if setting.fallen:
            each = 2 * found.digests
            yield Line(
                f"changes found: {name}",
                "≥ fixed",
                f"{found.true / each:.3f}",
                f"held against .05/k each: {found.fixed / each:.3f}",
                found.true >= found.fixed,
            )


async def words(_folder: Path, scale: int, seed: int) -> Lines:
    """Digests on managers who see themselves just as their customers do."""
    for line in _words(scale, seed):
        yield line


def _words(scale: int, seed: int) -> Iterator[Line]:
    for customers in (10, 30):
        for managers in (5, 20, 60):
            found = false_words(managers, customers, 50 * scale, seed)
            name = f"false words: {managers} managers, {customers} customers each"
            yield _false(name, found.false, found.digests)


async def trends(_folder: Path, scale: int, seed: int) -> Lines:
    """Twelve months without a trend, half of the people coming back each month."""
    chance = np.random.default_rng(seed)
    for people in (40, 200):
        found = (trend(*company(people, 12, chance)) for _ in range(50 * scale))
        named = sum(line.p_value <= ALLOWED for line in found)
        yield _false(f"false trends: {people // 2} answers a month", named, 50 * scale)


def _false(figure: str, false: int, tried: int) -> Line:
    """Return a share that must not be above 5 %, as far as so many trials can tell."""
    share = false / tried
    error = sqrt(max(share, 1 / tried) * (1 - share) / tried)
    behind = f"{tried} trials, Monte Carlo error {error:.4f}"
    return Line(figure, "≤ .05", f"{share:.4f}", behind, share - 2 * error <= ALLOWED)
