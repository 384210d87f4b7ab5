"""The digest's first sentences: what changed, by how much, and whether that is more than chance.

No sentence says more than the interval of its change, which stands below it: no zero is called a
change, and what was not found is not called chance.
"""

from collections.abc import Iterator
from typing import Final

from templates.digest_words import (
    MEASURES,
    Row,
    answers,
    difference,
    digits_of,
    figure,
    interval,
    level,
    named,
    size,
    unit_of,
    within,
)
from templates.texts import Texts, mark

OF_CUSTOMERS: Final = {"nps", "loyalty_index", "service_quality"}
SAID: Final = {"better", "worse"}
UNCHANGED: Final = {
    "nps": mark("NPS has not changed: {value}"),
    "loyalty_index": mark("The customer loyalty index has not changed: {value}"),
    "service_quality": mark("Customer service quality has not changed: {value}"),
    "automation": mark("Employee automation has not changed: {value}"),
    "customer_accounting": mark("Customer accounting has not changed: {value}"),
    "self_assessment": mark("Managers’ self-assessment has not changed: {value}"),
}


def headline(texts: Texts, document: Row) -> str:
    """Return the sentence a director reads, and what else moved where the first stood still."""
    row = document["headline"]
    if not row["measure"] or not row["current"]:
        return texts("There are no answers to compute from in this period.")
    n, needed = row["current"]["n"], document["method"]["minimum"]["change"]
    if n < needed:
        return _early(texts, row["measure"], n)
    if row["verdict"] == "too_few":
        return _alone(texts, document)
    said = _changed(texts, document)
    if row["verdict"] in SAID:
        return said
    return " ".join([said, *_others(texts, document)])


def evidence(texts: Texts, document: Row) -> str:
    """Return the numbers behind the headline: intervals, their levels, answers."""
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
        parts.append(
            texts(
                "Change: {value}, {level} interval {interval}.",
                value=difference(
                    texts, unit, row["change"]["value"], digits_of(unit, row["change"])
                ),
                interval=interval(texts, unit, row["change"], change=True),
                level=level(texts, row["level"]),
            )
        )
    return " ".join(parts)


def _early(texts: Texts, measure: str, n: int) -> str:
    if measure in OF_CUSTOMERS:
        return texts.plural(
            "{n} customer has answered: too early to judge.",
            "{n} customers have answered: too early to judge.",
            n,
        )
    return texts.plural(
        "There is {n} answer: too early to judge.", "There are {n} answers: too early to judge.", n
    )


def _alone(texts: Texts, document: Row) -> str:
    row = document["headline"]
    values = {
        "measure": named(texts, MEASURES, row["measure"]),
        "value": figure(texts, unit_of(row["measure"]), row["current"]["value"]),
        "previous": texts.period(document["previous"]["key"]),
    }
    if row["previous"] is None:
        return texts(
            "{measure} is {value}. There is nothing to compare it with: no answers in {previous}.",
            **values,
        )
    return texts(
        "{measure} is {value}. There are too few answers in {previous} to compare it with.",
        **values,
    )


def _changed(texts: Texts, document: Row) -> str:
    row = document["headline"]
    unit = unit_of(row["measure"])
    values = {
        "measure": named(texts, MEASURES, row["measure"]),
        "value": figure(texts, unit, row["current"]["value"]),
        "points": size(texts, unit, row["change"]),
        "previous": texts.period(document["previous"]["key"]),
        "within": within(texts, row),
    }
    if row["verdict"] == "no_evidence":
        return _not_told_apart(texts, row, values)
    small = row["within"] is not None
    if row["change"]["value"] > 0:
        if small:
            return texts(
                "{measure} is {value}: up by {points} on {previous}, little, but more than chance "
                "usually brings.",
                **values,
            )
        return texts(
            "{measure} is {value}: up by {points} on {previous}, more than chance usually brings.",
            **values,
        )
    if small:
        return texts(
            "{measure} is {value}: down by {points} on {previous}, little, but more than chance "
            "usually brings.",
            **values,
        )
    return texts(
        "{measure} is {value}: down by {points} on {previous}, more than chance usually brings.",
        **values,
    )


def _not_told_apart(texts: Texts, row: Row, values: dict[str, str]) -> str:
    if row["change"]["value"] == 0:
        said = texts(UNCHANGED[row["measure"]], value=values["value"])
        return "; ".join(filter(None, [said, values["within"]])) + "."
    if row["within"] is None:
        return texts(
            "{measure} is {value}. These answers cannot tell its difference of {points} from "
            "{previous} from a chance one.",
            **values,
        )
    return texts(
        "{measure} is {value}. These answers cannot tell its difference of {points} from "
        "{previous} from a chance one; {within}.",
        **values,
    )


def _others(texts: Texts, document: Row) -> Iterator[str]:
    """Say which criteria moved while the first measure stood still."""
    for row in document["scorecard"]["criteria"]:
        if row["key"] == document["headline"]["measure"] or row["verdict"] not in SAID:
            continue
        values = {
            "measure": named(texts, MEASURES, row["key"]),
            "points": size(texts, unit_of(row["key"]), row["change"]),
        }
        if row["change"]["value"] > 0:
            yield texts("{measure}: up by {points}.", **values)
        else:
            yield texts("{measure}: down by {points}.", **values)
