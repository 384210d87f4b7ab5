"""The digest's drivers and scales: what goes with recommending, and how reliable the items are.

numpy and scipy take longer to load than the rest of a small digest takes to compute, so they are
imported only where there are answers enough for one of these; pandas is not needed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.firms import FEWEST_FIRMS
from surveys.counts.figures import AlikeAnswers, DigestFigures
from surveys.counts.measures import DRIVING
from surveys.counts.minima import MIN_SCORE
from surveys.reports.drivers import Driver, Drivers, ScaleReliability, Without

if TYPE_CHECKING:
    from scoring.rows.drivers import Predictor
    from scoring.rows.resampling import Respondents

RECOMMEND: Final = "(nps)"
"""A column's name that no question's key can be."""
USUAL: Final = 5
"""The questions of the catalog's survey, where none has been asked yet."""
A_PREDICTOR: Final = 10
"""How many respondents are needed for each question."""


def drivers(figures: DigestFigures) -> Drivers:
    """Return which questions about service go with recommending; below the minimum none."""
    asked = [row for row in figures.alike if row.measure == DRIVING]
    items = _items(asked)
    both = [row for row in asked if row.recommend is not None]
    n, needed = _people(both), A_PREDICTOR * (max(len(items), len(figures.labels)) or USUAL)
    if n < needed or not items:
        return _none(n, needed, "few")
    complete = _complete(both, items)
    if (n := _people(complete)) < (needed := A_PREDICTOR * len(items)):
        return _none(n, needed, "few")
    from scoring.rows.drivers import of_respondents  # noqa: PLC0415 (it loads numpy)

    columns = [RECOMMEND, *items]
    try:
        found = of_respondents(_respondents(complete, columns), columns)
    except NotEnoughData:
        return _none(n, needed, "firms")
    except BadInput as error:
        return _none(n, needed, "repeated" if error.field == "predictors" else "alike")
    return Drivers(
        n=found.n,
        needed=needed,
        r_squared=found.r_squared,
        drivers=tuple(_driver(one, figures) for one in found.drivers),
        without=None,
    )


def scales(figures: DigestFigures) -> tuple[ScaleReliability, ...]:
    """Return the reliability of each measure of several items, in the order of their names."""
    of_measure: dict[str, list[AlikeAnswers]] = {}
    for row in figures.alike:
        of_measure.setdefault(row.measure, []).append(row)
    return tuple(_scale(key, rows) for key, rows in sorted(of_measure.items()))


def _none(n: int, needed: int, without: Without) -> Drivers:
    return Drivers(n=n, needed=needed, r_squared=None, drivers=(), without=without)


def _people(rows: Sequence[AlikeAnswers]) -> int:
    return sum([row.count for row in rows])


def _items(rows: Sequence[AlikeAnswers]) -> list[str]:
    return sorted(set().union(*[row.scores for row in rows]))


def _complete(rows: Sequence[AlikeAnswers], items: Sequence[str]) -> list[AlikeAnswers]:
    """Return those who answered all items; nobody has answered others."""
    return [row for row in rows if len(row.scores) == len(items)]


def _driver(found: "Predictor", figures: DigestFigures) -> Driver:
    return Driver(
        item=found.name,
        label=figures.labels.get(found.name, found.name),
        weight=100 * found.weight,
        low=100 * found.low,
        high=100 * found.high,
        share=found.share,
        correlation=found.correlation,
    )


def _scale(key: str, rows: Sequence[AlikeAnswers]) -> ScaleReliability:
    items = _items(rows)
    complete = _complete(rows, items)
    n = _people(complete)
    empty = ScaleReliability(
        key=key,
        items=len(items),
        n=n,
        needed=MIN_SCORE,
        alpha=None,
        low=None,
        high=None,
        omega=None,
        without_omega=None,
        without="few",
    )
    if n < MIN_SCORE:
        return empty
    from scoring.rows.reliability import of_respondents  # noqa: PLC0415 (it loads numpy)

    try:
        found = of_respondents(_respondents(complete, items))
    except NotEnoughData as error:
        return replace(empty, without="firms" if error.needed == FEWEST_FIRMS else "alike")
    problem = found.omega.problem
    return replace(
        empty,
        alpha=found.alpha,
        low=found.low,
        high=found.high,
        omega=found.omega.omega,
        without_omega=None if problem is None else problem.value,
        without=None,
    )


def _respondents(rows: Sequence[AlikeAnswers], columns: Sequence[str]) -> "Respondents":
    """Return complete answers in `columns`: items, before them perhaps the answer to nps."""
    import numpy as np  # noqa: PLC0415 (it loads numpy)

    from scoring.rows.resampling import ALONE, Respondents  # noqa: PLC0415 (it loads numpy)

    scores = [row.scores for row in rows]
    given = [row.recommend for row in rows] if RECOMMEND in columns else []
    given += [one[name] for name in columns if name != RECOMMEND for one in scores]
    return Respondents(
        np.array(given, np.float64).reshape(len(columns), -1).T,
        np.array([row.count for row in rows], np.int64),
        np.array([ALONE if row.firm is None else row.firm for row in rows], np.int64),
    )
