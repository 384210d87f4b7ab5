"""A digest's whole scoring over 50 managers, 5 segments and 24 months, words included."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from scoring.estimates import nps
from scoring.reports.digest import digest
from surveys.counts.figures import Counts, DigestFigures, MeasureCounts
from tests.bench.timing import Ratio, compare
from tests.scoring.reports import digest_samples as samples

MANAGERS, SEGMENTS, MONTHS = 50, 5, 24
EACH = 200
DIGESTS_A_YEAR = 12


def bench() -> Iterator[Ratio]:
    """Compare a digest with the bare estimates of all its groups: what the words cost."""
    figures = company()
    tables = [row.counts for row in figures.current.measures if row.measure == "nps"]
    tables += [month.measures[0].counts for month in figures.months]
    whole, bare = partial(scored, figures), partial(estimated, tables)
    yield compare("a digest with step-down, trend and shrinkage", whole, "bare estimates", bare)


def scored(figures: DigestFigures) -> int:
    """Compute the document."""
    return digest(figures, samples.NOW, "ru").answers


def estimated(tables: Sequence[Counts]) -> int:
    """Estimate every group's score and nothing else."""
    return len([nps.from_counts(table) for table in tables])


def company() -> DigestFigures:
    """Return a company of that size, its period, the one before and its months."""
    chance = np.random.default_rng(1)
    quiet = samples.rich()
    groups = [
        *(_row(chance, "manager", str(number)) for number in range(MANAGERS)),
        *(_row(chance, "segment", f"s{number}") for number in range(SEGMENTS)),
    ]
    month = quiet.months[0]
    return replace(
        quiet,
        current=replace(quiet.current, measures=(*quiet.current.measures[:3], *groups)),
        months=tuple(replace(month, measures=(_row(chance, "all", ""),)) for _ in range(MONTHS)),
        mirrors=(),
        profiles=(),
    )


def _row(chance: np.random.Generator, kind: str, name: str) -> MeasureCounts:
    scores = chance.choice(11, EACH, p=[0.02] * 6 + [0.08, 0.1, 0.2, 0.25, 0.25])
    counts = dict(sorted(Counter(map(float, scores.tolist())).items()))
    return MeasureCounts("nps", kind, name, name, counts, 0, 11)  # type: ignore[arg-type] # one of the kinds
