"""The digest's wording: what measures, verdicts and reasons are called, how a figure is written."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from templates import precision
from templates.texts import Texts, mark

Row = Mapping[str, Any]
Unit = Literal["points", "index", "share", "item"]

MEASURES: Final = {
    "nps": mark("NPS"),
    "csat": mark("CSAT, satisfied customers"),
    "ces": mark("CES, ease of getting things done, 1–7"),
    "loyalty_index": mark("Customer loyalty index"),
    "service_quality": mark("Customer service quality"),
    "automation": mark("Employee automation"),
    "customer_accounting": mark("Customer accounting"),
    "self_assessment": mark("Managers’ self-assessment"),
}
VERDICTS: Final = {
    "better": mark("better"),
    "worse": mark("worse"),
    "no_evidence": mark("no evidence of change"),
    "too_few": mark("too few answers before"),
}
UNVALUED: Final = {"better": mark("higher"), "worse": mark("lower")}
"""A higher self-assessment is neither better nor worse."""
SEGMENTS: Final = {
    "detractors": mark("Detractors"),
    "passives": mark("Passives"),
    "promoters": mark("Promoters"),
}
SPEAKERS: Final = {
    "detractor": mark("Detractors, 0–6"),
    "passive": mark("Passives, 7–8"),
    "promoter": mark("Promoters, 9–10"),
    "none": mark("Without a score"),
}
AGREEMENT: Final = {
    "over_rater": mark("rates oneself higher"),
    "under_rater": mark("rates oneself lower"),
    "in_agreement": mark("no difference to be told"),
}
TOUCHPOINTS: Final = {
    "invitation": mark("Invited by the company"),
    "link": mark("By a link from the company"),
    "event": mark("After an event"),
    "manager": mark("Invited by the manager"),
    "open": mark("Open link"),
    "imported": mark("Imported"),
}
TENTH: Final = 0.1
LEVELS: Final = (100.0,)
ENDS: Final = ("value", "low", "high")
PARTS: Final = 2
"""What a fraction is counted like: 0.3 points, «0,3 пункта»."""
DASH: Final = "\N{EM DASH}"


def named(texts: Texts, table: Mapping[str, str], key: str) -> str:
    """Return the word for a key; one that no table knows stands for itself."""
    return texts(table[key]) if key in table else key.replace("_", " ")


def unit_of(measure: str | None) -> Unit:
    """Return how a measure's value is written."""
    units: dict[str | None, Unit] = {"nps": "points", "csat": "share"}
    return units.get(measure, "index")


def figure(texts: Texts, unit: Unit, value: float, digits: int | None = None) -> str:
    """Write a value: points of NPS with a sign, an index and a share whole, an item to a tenth."""
    count = value_digits(unit, [value]) if digits is None else digits
    if unit == "share":
        return texts.percent(value / 100, digits=count)
    return texts.number(value, digits=count, sign=unit == "points")


def difference(texts: Texts, unit: Unit, value: float, digits: int | None = None) -> str:
    """Write a difference with its sign."""
    count = change_digits(unit, [value]) if digits is None else digits
    return texts.number(value, digits=count, sign=True)


def value_digits(unit: Unit, values: Iterable[float]) -> int:
    """Return with how many digits values of a unit are written together."""
    landmarks = {"points": precision.ENDS_OF_POINTS, "item": precision.ZERO}
    return precision.digits(
        values, landmarks.get(unit, precision.ENDS_OF_SHARES), fewest=unit == "item"
    )


def change_digits(unit: Unit, values: Iterable[float]) -> int:
    """Return with how many digits a change and its ends are written together."""
    return precision.digits(values, fewest=unit == "item")


def digits_of(unit: Unit, change: Row) -> int:
    """Return with how many digits a change is written wherever it stands."""
    return change_digits(unit, [change[end] for end in ENDS])


def interval(texts: Texts, unit: Unit, estimate: Row, *, change: bool = False) -> str:
    """Write the ends of an interval, of a change with as many digits as the change has."""
    ends = [estimate["low"], estimate["high"]]
    if change:
        count = digits_of(unit, estimate)
        low, high = (difference(texts, unit, end, count) for end in ends)
    else:
        count = value_digits(unit, ends)
        low, high = (figure(texts, unit, end, count) for end in ends)
    return texts("{low} to {high}", low=low, high=high)


def size(texts: Texts, unit: Unit, change: Row) -> str:
    """Write how large a change is, in points and without a sign."""
    count = digits_of(unit, change)
    written = texts.number(abs(change["value"]), digits=count)
    n = int(precision.rounded(abs(change["value"]), 0)) if count == 0 else PARTS
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


def verdict(texts: Texts, measure: str | None, row: Row, minimum: int) -> str:
    """Return the word for a measure's change, or what is missing for one."""
    word = row["verdict"]
    if word == "too_few":
        return _too_few(texts, row, minimum)
    table = {**VERDICTS, **UNVALUED} if measure == "self_assessment" else VERDICTS
    return named(texts, table, word)


def within(texts: Texts, row: Row) -> str:
    """Say how large a change can be that was not found, where it must be small."""
    if row.get("within") is None or row["verdict"] != "no_evidence":
        return ""
    margin = row["within"]
    points = texts.number(margin, None)
    return texts.plural(
        "if there is any, by {n} point at most",
        "if there is any, by {n} points at most",
        int(margin) if margin == int(margin) else PARTS,
        n=points,
    )


def _too_few(texts: Texts, row: Row, minimum: int) -> str:
    now, before = (row[side]["n"] if row[side] else 0 for side in ("current", "previous"))
    if 0 < now < minimum:
        return missing(texts, minimum - now)
    if now and not before:
        return texts("nothing to compare with")
    return named(texts, VERDICTS, "too_few")
