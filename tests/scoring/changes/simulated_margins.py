"""How often "no change larger than the margin" is said, and how often wrongly."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from scoring.reports.family import family
from surveys.counts.figures import DigestFigures, Margins, MeasureCounts
from tests.scoring.reports import digest_samples as samples

MARGIN: Final = 10.0
SHARES: Final = (0.2, 0.3, 0.5)
"""Detractors, passives, promoters before."""


def said(n: int, change: float, digests: int, seed: int) -> int:
    """Count the digests of n answers on each side that say it; the NPS truly moves by `change`."""
    chance = np.random.default_rng(seed)
    move = change / 200
    after = (SHARES[0] - move, SHARES[1], SHARES[2] + move)
    found = 0
    for _ in range(digests):
        sides = [chance.multinomial(n, shares).tolist() for shares in (SHARES, after)]
        judged = family(_figures(*sides)).of("nps", "previous")
        found += judged is not None and judged.within is not None
    return found


def _figures(before: Sequence[int], after: Sequence[int]) -> DigestFigures:
    quiet = samples.empty()
    now, then = (
        MeasureCounts("nps", "all", "", "", dict(zip((3.0, 8.0, 10.0), side, strict=True)), 0, 11)
        for side in (after, before)
    )
    return replace(
        quiet,
        current=replace(quiet.current, measures=(now,)),
        previous=replace(quiet.previous, measures=(then,)),
        margins=Margins(nps=MARGIN),
    )
