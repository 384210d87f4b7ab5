"""The wording of reports: what measures and verdicts are called, how a figure is written."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from surveys.counts.measures import Measure, MeasureForm, measure
from surveys.messages import mark
from surveys.reports.estimates import Estimate, Judgement, Range, Verdict
from templates import precision
from templates.texts import Texts

FigureUnit = Literal["points", "index", "share", "item"]

MEASURES: Final = {
    "nps": mark("NPS"),
    "csat": mark("CSAT, satisfied customers"),
    "ces": mark("CES, ease of getting things done, 1–7"),
    "loyalty_index": mark("Customer loyalty index"),
    "service_quality": mark("Customer service quality"),
    "automation": mark("Employee automation"),
    "customer_accounting": mark("Customer accounting"),
    "self_assessment": mark("Managers’ self-assessment"),
    "departed_customers": mark("Number of departed customers"),
    "cost_per_loyal_customer": mark("Cost of a loyal customer"),
    "sales_process": mark("Improvement of the sales department"),
}
VERDICTS: Final = {
    Verdict.BETTER: mark("better"),
    Verdict.WORSE: mark("worse"),
    Verdict.NO_EVIDENCE: mark("no evidence of change"),
    Verdict.TOO_FEW: mark("too few answers before"),
    Verdict.OTHER_WORDS: mark("asked in other words before"),
}
UNVALUED: Final = {**VERDICTS, Verdict.BETTER: mark("higher"), Verdict.WORSE: mark("lower")}
"""Words for the change of a measure that is better neither higher nor lower."""
UNITS: Final[Mapping[MeasureForm, FigureUnit]] = {
    "nps": "points",
    "share": "share",
    "index": "index",
}
TENTH: Final = 0.1
LEVELS: Final = (100.0,)
PARTS: Final = 2
"""A fraction takes the plural of this number: 0.3 points, «0,3 пункта»."""
DASH: Final = "\N{EM DASH}"


def named(texts: Texts, table: Mapping[str, str], key: str) -> str:
    """Return the word for a key; a key that the table lacks stands for itself."""
    return texts(table[key]) if key in table else key.replace("_", " ")


def measure_name(texts: Texts, key: str, own: Iterable[Measure] = ()) -> str:
    """Return what a measure is called; `own` are the company's."""
    label = next((one.label for one in own if one.key == key), "")
    return label or named(texts, MEASURES, key)


def unit_of(key: str | None) -> FigureUnit:
    """Return how a measure's value is written."""
    return UNITS.get(measure(key).form, "item") if key else "index"


def figure(texts: Texts, unit: FigureUnit, value: float, digits: int | None = None) -> str:
    """Write a value: points of NPS with a sign, an index and a share whole, an item to a tenth."""
    count = value_digits(unit, [value]) if digits is None else digits
    if unit == "share":
        return texts.percent(value / 100, digits=count)
    return texts.number(value, digits=count, sign=unit == "points")


def difference(texts: Texts, unit: FigureUnit, value: float, digits: int | None = None) -> str:
    """Write a difference with its sign."""
    count = change_digits(unit, [value]) if digits is None else digits
    return texts.number(value, digits=count, sign=True)


def value_digits(unit: FigureUnit, values: Iterable[float]) -> int:
    """Return the number of digits with which values of a unit are written together."""
    landmarks = {"points": precision.ENDS_OF_POINTS, "item": precision.ZERO}
    return precision.digits(
        values, landmarks.get(unit, precision.ENDS_OF_SHARES), fewest=unit == "item"
    )


def change_digits(unit: FigureUnit, values: Iterable[float]) -> int:
    """Return the number of digits with which a change and its ends are written together."""
    return precision.digits(values, fewest=unit == "item")


def digits_of(unit: FigureUnit, change: Range) -> int:
    """Return the number of digits with which a change is written wherever it stands."""
    return change_digits(unit, [change.value, change.low, change.high])


def estimated(texts: Texts, unit: FigureUnit, value: float, low: float, high: float) -> str:
    """Write a value that stands beside its interval, and reads as lying within it."""
    ends = (low, high)
    count = precision.inside(value, ends, _ends_digits(unit, ends), value_digits(unit, [value]))
    return figure(texts, unit, value, count)


def _ends_digits(unit: FigureUnit, ends: tuple[float, float]) -> int:
    return precision.apart(ends, value_digits(unit, ends))


def interval(texts: Texts, unit: FigureUnit, low: float, high: float) -> str:
    """Write the ends of a value's interval; those that differ never read alike."""
    count = _ends_digits(unit, (low, high))
    ends = [figure(texts, unit, end, count) for end in (low, high)]
    return texts("{low} to {high}", low=ends[0], high=ends[1])


def change_interval(texts: Texts, unit: FigureUnit, change: Range) -> str:
    """Write the ends of a change's interval, with as many digits as the change has."""
    count = digits_of(unit, change)
    ends = [difference(texts, unit, end, count) for end in (change.low, change.high)]
    return texts("{low} to {high}", low=ends[0], high=ends[1])


def size(texts: Texts, unit: FigureUnit, change: Range) -> str:
    """Write how large a change is, in points and without a sign."""
    count = digits_of(unit, change)
    written = texts.number(abs(change.value), digits=count)
    n = int(precision.rounded(abs(change.value), 0)) if count == 0 else PARTS
    return texts.plural("{n} point", "{n} points", n, n=written)


def answers(texts: Texts, n: int) -> str:
    """Count answers."""
    return texts.plural("{n} answer", "{n} answers", n)


def missing(texts: Texts, n: int) -> str:
    """Say how many answers are missing for a figure."""
    return texts.plural("{n} more answer needed", "{n} more answers needed", n)


def level(texts: Texts, value: float) -> str:
    """Write the level of an interval, with tenths where it has them and never as 100 %."""
    return texts.percent(value, digits=precision.digits([100 * value], LEVELS, _tenths(value)))


def _tenths(value: float) -> int:
    return int(abs(value * 100 - round(value * 100)) > TENTH / 2)


def verdict(
    texts: Texts,
    measured: Measure,
    judged: Judgement,
    now: Estimate | None,
    before: Estimate | None,
    minimum: int,
) -> str:
    """Return the word for a measure's change, or what is missing for one."""
    if judged.verdict is Verdict.TOO_FEW:
        return _too_few(texts, now, before, minimum)
    return texts((UNVALUED if measured.better is None else VERDICTS)[judged.verdict])


def within(texts: Texts, judged: Judgement) -> str:
    """Say how large an unseen change can be at most, where it must be small."""
    margin = judged.within
    if margin is None or judged.verdict is not Verdict.NO_EVIDENCE:
        return ""
    points = texts.number(margin, None)
    return texts.plural(
        "if there is any change, it is {n} point at most",
        "if there is any change, it is {n} points at most",
        int(margin) if margin == int(margin) else PARTS,
        n=points,
    )


def _too_few(texts: Texts, now: Estimate | None, before: Estimate | None, minimum: int) -> str:
    if now is None:
        return ""
    if now.n < minimum:
        return missing(texts, minimum - now.n)
    if not before:
        return texts("nothing to compare with")
    return texts(VERDICTS[Verdict.TOO_FEW])
