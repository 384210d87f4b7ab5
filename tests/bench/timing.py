"""Medians of one run and their ratios."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple


class Ratio(NamedTuple):
    """What one thing takes compared with another, measured in turns; the target is only an aim.

    `spread`: the least and the greatest of the rounds' own ratios.
    """

    what: str
    seconds: float
    against: str
    base: float
    target: str = ""
    spread: tuple[float, float] | None = None
    unit: str = "ms"

    @property
    def times(self) -> float:
        """Return the ratio of the medians."""
        return self.seconds / self.base if self.base else float("inf")

    def __str__(self) -> str:
        between = f" [{self.spread[0]:.2f}–{self.spread[1]:.2f}]" if self.spread else ""
        target = f", target {self.target}" if self.target else ""
        return f"{self.times:8.2f}{between} × {self.against}: {self.what} ({self._amounts}){target}"

    @property
    def _amounts(self) -> str:
        factor = 1000 if self.unit == "ms" else 1
        return f"{factor * self.seconds:.1f} {self.unit} against {factor * self.base:.1f}"

    def row(self) -> str:
        """Return it as a row of Markdown."""
        between = f"{self.spread[0]:.2f}–{self.spread[1]:.2f}" if self.spread else ""
        cells = (
            self.what, self.against, f"{self.times:.2f}", between, self._amounts, self.target,
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"


def of_rounds(
    what: str,
    mine: Sequence[float],
    against: str,
    base: Sequence[float],
    target: str = "",
    unit: str = "ms",
) -> Ratio:
    """Return the ratio of the medians of what was measured in turns."""
    ratios = [a / b for a, b in zip(mine, base, strict=True) if b]
    spread = (min(ratios), max(ratios)) if len(ratios) > 1 else None
    return Ratio(what, median(mine), against, median(base), target, spread, unit)


def compare(
    what: str,
    function: Callable[[], object],
    against: str,
    base: Callable[[], object],
    rounds: int,
    target: str = "",
) -> Ratio:
    """Measure two functions' CPU in turns."""
    measured: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for found, run in zip(measured, (function, base), strict=True):
            start = process_time()
            run()
            found.append(process_time() - start)
    return of_rounds(what, measured[0], against, measured[1], target)


_STARTED = Path(__file__).with_name("started.py")
"""Named by its file: a bench may work in a folder where there is no `tests`."""


class Spent(NamedTuple):
    """What a finished program took: CPU seconds of it and its children, megabytes at most."""

    seconds: float
    megabytes: float


def spent(module: str, *arguments: str, **environment: str) -> Spent:
    """Start a module, run it to its end; raises RuntimeError where it fails."""
    starting = [sys.executable, str(_STARTED), module, *arguments]
    ended = subprocess.run(
        starting, env=_environment(environment), capture_output=True, text=True, check=True
    )
    code, seconds, megabytes = ended.stdout.split()
    checked(int(code), module, *arguments, said=ended.stderr)
    return Spent(float(seconds), float(megabytes))


FINDING = "doctor"
"""The one command that ends with 1 where it has done its work: it found something bad."""


def checked(code: object, *program: str, said: str = "") -> None:
    """Raise RuntimeError where a program failed by its exit code."""
    if code != 0 and not (code == 1 and FINDING in program):
        message = f"{' '.join(program)} ended with {code}: {said}"
        raise RuntimeError(message)


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "OTKLIK_LANGUAGE": "en", "PYTHONDONTWRITEBYTECODE": "", **given}
