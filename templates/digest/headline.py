"""The digest's first sentences: what changed, by how much, and whether that is more than chance.

No sentence says more than the interval below it: no zero is called a change, and a change that was
not found is not called chance.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from surveys.counts.measures import Measure, measure
from surveys.reports.digest import Digest, Headline
from surveys.reports.estimates import Difference, Estimate, Verdict
from templates.digest.sections.events import lines
from templates.texts import Texts
from templates.wording import (
    answers,
    change_interval,
    difference,
    digits_of,
    estimated,
    interval,
    level,
    measure_name,
    size,
    unit_of,
    within,
)

SAID: Final = {Verdict.BETTER, Verdict.WORSE}


def headline(texts: Texts, document: Digest) -> str:
    """Return the sentence a director reads, and what else changed where its own measure did not."""
    found = document.headline
    if found.measure is None or found.current is None:
        said = ". ".join(lines(texts, document))
        return f"{said}." if said else texts("There are no answers to compute from in this period.")
    if found.current.n < document.method.minimum.change:
        return _early(texts, measure(found.measure, document.own), found.current.n)
    if found.verdict is Verdict.OTHER_WORDS:
        said = _asked_otherwise(texts, document, found.measure, found.current)
        return " ".join([said, *_others(texts, document)])
    if found.verdict is Verdict.TOO_FEW or found.change is None:
        return _alone(texts, document, found.measure, found.current)
    said = _changed(texts, document, found.measure, found.current, found.change)
    if found.verdict in SAID:
        return said
    return " ".join([said, *_others(texts, document)])


def unfinished(texts: Texts, document: Digest) -> str:
    """Say that the period is not over, where it was not when the digest was computed."""
    if document.generated_at >= document.period.end:
        return ""
    day = document.generated_at.astimezone(ZoneInfo(document.zone)).date()
    return texts("The period is not over: this is how it stands on {day}.", day=texts.date(day))


def first_and_last(document: Digest) -> tuple[date, date]:
    """Return the period's first and last day; the end of a period is exclusive."""
    zone = ZoneInfo(document.zone)
    ends = (document.period.start, document.period.end - timedelta(microseconds=1))
    first, last = (moment.astimezone(zone).date() for moment in ends)
    return first, last


def evidence(texts: Texts, document: Digest) -> str:
    """Return the numbers behind the headline: intervals, their levels, answers."""
    found = document.headline
    current, change = found.current, found.change
    if found.measure is None or current is None:
        return ""
    unit = unit_of(found.measure)
    parts = [
        texts(
            "{measure}: {level} interval {interval}; {answers}.",
            measure=measure_name(texts, found.measure, document.own),
            level=texts.percent(document.method.confidence),
            interval=interval(texts, unit, current.low, current.high),
            answers=answers(texts, current.n),
        )
    ]
    if change and found.level and found.verdict is not Verdict.TOO_FEW:
        parts.append(
            texts(
                "Change: {value} ({level} interval: {interval}).",
                value=difference(texts, unit, change.value, digits_of(unit, change)),
                interval=change_interval(texts, unit, change),
                level=level(texts, found.level),
            )
        )
    return " ".join(parts)


def _early(texts: Texts, measured: Measure, n: int) -> str:
    if measured.of_customers:
        return texts.plural(
            "{n} customer has answered: too early to judge.",
            "{n} customers have answered: too early to judge.",
            n,
        )
    return texts.plural(
        "There is {n} answer: too early to judge.", "There are {n} answers: too early to judge.", n
    )


def _alone(texts: Texts, document: Digest, key: str, current: Estimate) -> str:
    values = {
        "measure": measure_name(texts, key, document.own),
        "value": estimated(texts, unit_of(key), current.value, current.low, current.high),
        "previous": texts.period(document.previous.key),
    }
    if document.headline.previous is None:
        return texts(
            "{measure} is {value}. There is nothing to compare it with: no such answers in "
            "{previous}.",
            **values,
        )
    return texts(
        "{measure} is {value}. There are too few answers in {previous} to compare it with.",
        **values,
    )


def _asked_otherwise(texts: Texts, document: Digest, key: str, current: Estimate) -> str:
    return texts(
        "{measure} is {value}. In {previous} it was asked in other words or on another scale, so "
        "the two are not compared.",
        measure=measure_name(texts, key, document.own),
        value=estimated(texts, unit_of(key), current.value, current.low, current.high),
        previous=texts.period(document.previous.key),
    )


def _changed(
    texts: Texts, document: Digest, key: str, current: Estimate, change: Difference
) -> str:
    found = document.headline
    unit = unit_of(key)
    values = {
        "measure": measure_name(texts, key, document.own),
        "value": estimated(texts, unit, current.value, current.low, current.high),
        "points": size(texts, unit, change),
        "previous": texts.period(document.previous.key),
        "within": within(texts, found),
    }
    if found.verdict is Verdict.NO_EVIDENCE:
        return _not_told_apart(texts, found, change, values)
    small = found.within is not None
    if change.value > 0:
        if small:
            return texts(
                "{measure} is {value}: up by {points} on {previous}, a small change, but "
                "more than chance usually brings.",
                **values,
            )
        return texts(
            "{measure} is {value}: up by {points} on {previous}, more than chance usually brings.",
            **values,
        )
    if small:
        return texts(
            "{measure} is {value}: down by {points} on {previous}, a small change, but more "
            "than chance usually brings.",
            **values,
        )
    return texts(
        "{measure} is {value}: down by {points} on {previous}, more than chance usually brings.",
        **values,
    )


def _not_told_apart(
    texts: Texts, found: Headline, change: Difference, values: dict[str, str]
) -> str:
    if change.value == 0:
        return _same(texts, found, values)
    if found.within is None:
        return texts(
            "{measure} is {value}. It differs from {previous} by {points}, which these answers "
            "cannot tell from chance.",
            **values,
        )
    return texts(
        "{measure} is {value}. It differs from {previous} by {points}, which these answers "
        "cannot tell from chance; {within}.",
        **values,
    )


def _same(texts: Texts, found: Headline, values: dict[str, str]) -> str:
    """Say that the figure is the same, which is not yet that nothing has changed."""
    if found.within is None:
        return texts(
            "{measure} is {value}, the same as in {previous}. That does not show that nothing has "
            "changed: these answers could hide a change.",
            **values,
        )
    return texts("{measure} is {value}, the same as in {previous}; {within}.", **values)


def _others(texts: Texts, document: Digest) -> Iterator[str]:
    """Say which criteria changed while the first measure did not."""
    for row in document.scorecard.criteria:
        if row.key == document.headline.measure or row.change is None or row.verdict not in SAID:
            continue
        values = {
            "measure": measure_name(texts, row.key, document.own),
            "points": size(texts, unit_of(row.key), row.change),
        }
        if row.change.value > 0:
            yield texts("{measure}: up by {points}.", **values)
        else:
            yield texts("{measure}: down by {points}.", **values)
