"""The digest's wording: what measures, verdicts and reasons are called, how a figure is written."""

from collections.abc import Mapping
from math import ceil
from typing import Any, Final, Literal

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
    "too_few": mark("too few answers"),
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
    "in_agreement": mark("in agreement"),
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
ROUNDED_AWAY: Final = 0.5
DASH: Final = "\N{EM DASH}"


def named(texts: Texts, table: Mapping[str, str], key: str) -> str:
    """Return the word for a key; one that no table knows stands for itself."""
    return texts(table[key]) if key in table else key.replace("_", " ")


def unit_of(measure: str | None) -> Unit:
    """Return how a measure's value is written."""
    units: dict[str | None, Unit] = {"nps": "points", "csat": "share"}
    return units.get(measure, "index")


def figure(texts: Texts, unit: Unit, value: float) -> str:
    """Write a value: points of NPS with a sign, an index and a share whole, an item to a tenth."""
    if unit == "share":
        return texts.percent(value / 100)
    return texts.number(value, digits=unit == "item", sign=unit == "points")


def difference(texts: Texts, unit: Unit, value: float) -> str:
    """Write a difference with its sign."""
    return texts.number(value, digits=unit == "item", sign=True)


def unit_of_change(unit: Unit, change: Row) -> Unit:
    """Return the unit to write a change in: tenths where its interval ends just off zero.

    Written whole, «0 to +49» would contradict the word beside it.
    """
    near = 0 < change["low"] < ROUNDED_AWAY or -ROUNDED_AWAY < change["high"] < 0
    return "item" if near else unit


def interval(texts: Texts, unit: Unit, estimate: Row, *, change: bool = False) -> str:
    """Write the ends of an interval."""
    write = difference if change else figure
    low, high = (write(texts, unit, estimate[end]) for end in ("low", "high"))
    return texts("{low} to {high}", low=low, high=high)


def answers(texts: Texts, n: int) -> str:
    """Count answers."""
    return texts.plural("{n} answer", "{n} answers", n)


def missing(texts: Texts, n: int) -> str:
    """Say how many answers are missing for a figure."""
    return texts.plural("{n} more answer needed", "{n} more answers needed", n)


def level(texts: Texts, document: Row) -> str:
    """Write the level of the changes' intervals, with a tenth where it has one."""
    value = document["scorecard"]["level"]
    return texts.percent(value, digits=abs(value * 100 - round(value * 100)) > TENTH / 2)


def verdict(texts: Texts, measure: str | None, row: Row) -> str:
    """Return the word for a measure's change, however many answers a first period has."""
    word = row["verdict"]
    if word == "too_few" and row["current"] and not row["previous"]:
        return texts("nothing to compare with")
    table = {**VERDICTS, **UNVALUED} if measure == "self_assessment" else VERDICTS
    return named(texts, table, word)


def headline(texts: Texts, document: Row) -> str:
    """Return the sentence a director reads: what changed, by how much, whether it is chance."""
    row = document["headline"]
    if not row["measure"] or not row["current"]:
        return texts("There are no answers to compute from in this period.")
    name = named(texts, MEASURES, row["measure"])
    value = figure(texts, unit_of(row["measure"]), row["current"]["value"])
    if row["verdict"] == "too_few":
        return _alone(texts, document, name, value)
    return _changed(texts, document, name, value)


def _alone(texts: Texts, document: Row, name: str, value: str) -> str:
    previous = texts.period(document["previous"]["key"])
    if document["headline"]["previous"] is None:
        return texts(
            "{measure} is {value}. There is nothing to compare it with: no answers in {previous}.",
            measure=name,
            value=value,
            previous=previous,
        )
    return texts(
        "{measure} is {value}. There are too few answers to compare it with {previous}.",
        measure=name,
        value=value,
        previous=previous,
    )


def _changed(texts: Texts, document: Row, name: str, value: str) -> str:
    row = document["headline"]
    size = abs(row["change"]["value"])
    points = texts.plural("{n} point", "{n} points", int(size + 0.5))
    values = {
        "measure": name,
        "value": value,
        "points": points,
        "previous": texts.period(document["previous"]["key"]),
    }
    if row["verdict"] == "no_evidence":
        return texts(
            "{measure} is {value}. Its difference of {points} from {previous} "
            "is no more than chance explains.",
            **values,
        )
    if row["change"]["value"] > 0:
        return texts(
            "{measure} is {value}: up by {points} on {previous}, more than chance explains.",
            **values,
        )
    return texts(
        "{measure} is {value}: down by {points} on {previous}, more than chance explains.",
        **values,
    )


def evidence(texts: Texts, document: Row) -> str:
    """Return the numbers behind the headline: intervals, answers, what could have been seen."""
    row = document["headline"]
    if not row["current"]:
        return ""
    unit = unit_of(row["measure"])
    parts = [
        texts(
            "{level} interval of the value: {interval}, {answers}.",
            level=texts.percent(document["method"]["confidence"]),
            interval=interval(texts, unit, row["current"]),
            answers=answers(texts, row["current"]["n"]),
        )
    ]
    if row["change"] and row["verdict"] != "too_few":
        parts.append(_change_evidence(texts, unit, document))
    return " ".join(parts)


def _change_evidence(texts: Texts, unit: Unit, document: Row) -> str:
    row = document["headline"]
    return texts(
        "Change: {interval} at the {level} level. A change of {detectable} or more would have "
        "been noticed with a probability of {power}.",
        interval=interval(texts, unit, row["change"], change=True),
        level=level(texts, document),
        detectable=texts.plural("{n} point", "{n} points", ceil(row["detectable"])),
        power=texts.percent(document["method"]["power"]),
    )
