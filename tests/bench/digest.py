"""A digest's whole scoring over 50 managers, 5 segments and 24 months, words included."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn
from unittest.mock import patch

import numpy as np

from scoring.changes.multiple import HolmStep
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.reports import digest as reports
from scoring.reports import family, managers
from scoring.reports.digest import digest
from scoring.reports.measures import CONFIDENCE
from surveys.counts.figures import Counts, DigestFigures, Firm, GroupKind, MeasureCounts
from surveys.messages import mark
from surveys.reports.digest import Effectiveness
from surveys.reports.drivers import Drivers
from tests.bench.scale import Scale
from tests.bench.timing import Ratio, compare
from tests.scoring.reports import digest_samples as samples

SEGMENTS, MONTHS = 5, 24
EACH = 200
FIRMS_OF_A_MANAGER = 10
DIGESTS_A_YEAR = 12


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare a digest with the bare estimates of its groups; the difference is what words cost."""
    figures, rounds = company(scale.managers), scale.compared
    tables = [row.counts for row in figures.current.measures if row.measure == "nps"]
    tables += [month.measures[0].counts for month in figures.months]
    whole, bare = partial(scored, figures), partial(estimated, tables)
    yield compare("a digest, the whole of it", whole, "bare estimates", bare, rounds)
    less, sections = partial(plain, figures), "a digest without step-down, trend and shrinkage"
    yield compare("the same", whole, sections, less, rounds)
    least = partial(short, figures)
    without = "a digest without these, drivers, reliability and the index"
    yield compare("the same", whole, without, least, rounds, "≤ 1.5")
    grouped = partial(scored, replace(figures, **colleagues(scale.managers)))
    yield compare("a digest of colleagues", grouped, "a digest of strangers", whole, rounds)


def plain(figures: DigestFigures) -> int:
    """Compute the document with one level for all words, without trend, ordered by raw scores."""

    def refuse(*_: object) -> NoReturn:
        raise NotEnoughData(what=mark("months"), needed=1, have=0)

    def alone(p_values: Mapping[object, float]) -> dict[object, HolmStep]:
        return {key: HolmStep(CONFIDENCE, p <= 1 - CONFIDENCE) for key, p in p_values.items()}

    with (
        patch.object(family, "trend", refuse),
        patch.object(family, "step_down", alone),
        patch.object(managers, "shrink", refuse),
    ):
        return scored(figures)


def short(figures: DigestFigures) -> int:
    """Compute the same without what goes with recommending, reliability and the CRM index."""
    no_index = Effectiveness(index=None, change=None, common=())
    none = Drivers(n=0, needed=0, r_squared=None, drivers=(), without="few")
    with (
        patch.object(reports, "drivers", lambda _: none),
        patch.object(reports, "scales", lambda _: ()),
        patch.object(reports, "effectiveness", lambda *_: no_index),
    ):
        return plain(figures)


def colleagues(managers: int) -> dict[str, Any]:
    """Return firms of some answers each, in both periods and in all months."""
    chance = np.random.default_rng(2)

    def firms(periods: int) -> Counter[Firm]:
        sizes = chance.integers(0, 4, (FIRMS_OF_A_MANAGER * managers, periods)).tolist()
        return Counter(tuple((n, 100.0 * min(n, 1)) for n in firm) for firm in sizes)

    measures = ("nps", "loyalty_index", "service_quality")
    return {"firms": {key: firms(2) for key in measures}, "firms_by_month": firms(MONTHS)}


def scored(figures: DigestFigures) -> int:
    """Compute the document."""
    return digest(figures, samples.NOW, "ru").answers


def estimated(tables: Sequence[Counts]) -> int:
    """Estimate every group's score and nothing else."""
    return len([nps.from_counts(table) for table in tables])


def company(managers: int) -> DigestFigures:
    """Return a company of that size, its period, the one before and its months."""
    chance = np.random.default_rng(1)
    quiet = samples.rich()
    groups = [
        *(_row(chance, "manager", str(number)) for number in range(managers)),
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


def _row(chance: np.random.Generator, kind: GroupKind, name: str) -> MeasureCounts:
    scores = chance.choice(11, EACH, p=[0.02] * 6 + [0.08, 0.1, 0.2, 0.25, 0.25])
    counts = dict(sorted(Counter(map(float, scores.tolist())).items()))
    return MeasureCounts("nps", kind, name, name, counts, 0, 11)
