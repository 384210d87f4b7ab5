"""What a digest says against what is so: simulated companies whose truth is known."""

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from tests.prove.lines import Line, Lines, some
from tests.scoring.changes.simulated import SETTINGS, told
from tests.scoring.changes.simulated_managers import drawn
from tests.scoring.changes.simulated_margins import MARGIN, said
from tests.scoring.changes.simulated_months import named
from tests.scoring.changes.simulated_words import false_words
from tests.scoring.estimates import enumerated
from tests.scoring.estimates.coverage import Coverage
from tests.scoring.rows.simulated_drivers import POPULATIONS, SAMPLES, held

ALLOWED = 0.05
COVERED = 0.94
SLIDES = (
    (40, 0.0, 0),
    (200, 0.0, 0),
    (40, 0.28, 0),
    (200, 0.14, 0),
    (200, 0.28, 0),
    (120, 0.0, 15),
    (120, 0.0, 6),
)
"""Number of people, how much their opinion falls in a year (.14 is 10 points), firms."""


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
        for size in (3, 6):
            found = false_words(20, customers, 10 * scale, seed, size=size)
            name = f"false words: 20 managers, {customers} customers in firms of {size}"
            yield _false(name, found.false, found.digests)


async def trends(_folder: Path, scale: int, seed: int) -> Lines:
    """Twelve months without a trend and with one, half of the people coming back each month."""
    years = 50 * scale
    for people, slide, firms in SLIDES:
        found, blind = named(people, years, seed, slide=slide, of_firms=firms)
        who = f"{people // 2} answers a month" + (f", {firms} firms" if firms else "")
        if not slide:
            yield _false(f"false trends: {who}", found, years)
        if firms:
            yield some(f"without the firms: {who}", blind, f"{years} trials")
        if slide:
            share = f"{found / years:.3f}"
            figure = f"slides named: {who}, slide {slide}"
            yield Line(figure, "> .05", share, _trials(found, years), found / years > ALLOWED)


async def managers(_folder: Path, scale: int, seed: int) -> Lines:
    """Managers whose true scores scatter by so many points: errors of drawn and raw scores."""
    for number in (8, 20, 50):
        for spread in (0, 15, 30):
            found = drawn(number, spread, 30 * scale, seed)
            yield Line(
                f"drawn scores' error: {number} managers, {spread} points apart",
                "< raw",
                f"{found.drawn:.1f}",
                f"raw {found.raw:.1f}; {found.companies} companies, of which "
                f"{found.none / found.companies:.2f} have no differences",
                found.drawn < found.raw,
            )


async def margins(_folder: Path, scale: int, seed: int) -> Lines:
    """A change as large as the margin: how often it is said to be smaller."""
    for n in (300, 1000, 3000):
        digests = 100 * scale
        yield _false(f"margin wrongly said: n = {n}", said(n, MARGIN, digests, seed), digests)
        right = said(n, 0, digests, seed)
        figure = f"margin said of no change: n = {n}"
        yield Line(figure, "", f"{right / digests:.3f}", _trials(right, digests), None)


async def coverage(_folder: Path, _scale: int, _seed: int) -> Lines:
    """The intervals of 95 %: every possible sample of each size, so without any chance."""
    for n in (10, 20, 50, 100):
        yield _covered(f"NPS, n = {n}", enumerated.of_nps(n))
        yield _covered(f"share, n = {n}", enumerated.of_share(n))
    for n in (5, 10, 20):
        yield _covered(f"mean of 1–5, n = {n}", enumerated.of_mean(n))
    for sizes in ((10, 10), (10, 30), (30, 30)):
        for unchanged in (True, False):
            of = f"n = {sizes[0]} and {sizes[1]}, {'the same' if unchanged else 'another'} truth"
            yield _covered(
                f"change of an NPS, {of}", enumerated.of_nps_change(sizes, unchanged=unchanged)
            )
            yield _covered(
                f"change of a share, {of}", enumerated.of_share_change(sizes, unchanged=unchanged)
            )
    for unchanged in (True, False):
        of = f"n = 5 and 5, {'the same' if unchanged else 'another'} truth"
        yield _covered(
            f"change of a mean, {of}", enumerated.of_mean_change((5, 5), unchanged=unchanged)
        )


async def drivers(_folder: Path, scale: int, seed: int) -> Lines:
    """Samples of made-up populations: do the intervals hold what goes with recommending?"""
    for name, population in POPULATIONS.items():
        for n in SAMPLES:
            found = held(population, n, 10 * scale, seed)
            behind = f"{found.samples} trials, Monte Carlo error {found.error:.4f}, "
            least = f"smallest of a question {min(found.shares):.3f}"
            share, met = f"{found.mean:.3f}", found.mean + 2 * found.error >= COVERED
            yield Line(f"covered: drivers, {name}, n = {n}", "≥ .94", share, behind + least, met)


def _covered(figure: str, found: Coverage) -> Line:
    """Return the line of a mean coverage; its smallest is that of truths near the ends."""
    least = f"smallest over the truths {found.worst:.3f}"
    return Line(f"covered: {figure}", "≥ .94", f"{found.mean:.3f}", least, found.mean >= COVERED)


def _false(figure: str, false: int, tried: int) -> Line:
    """Return the line of a share of false words, which must not be above 5 %."""
    share = false / tried
    within = share - 2 * _error(false, tried) <= ALLOWED
    return Line(figure, "≤ .05", f"{share:.4f}", _trials(false, tried), within)


def _trials(found: int, tried: int) -> str:
    return f"{tried} trials, Monte Carlo error {_error(found, tried):.4f}"


def _error(found: int, tried: int) -> float:
    share = found / tried
    return sqrt(max(share, 1 / tried) * (1 - share) / tried)
