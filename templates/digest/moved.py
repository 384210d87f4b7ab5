"""What a later digest of a period says of the one that was sent."""

from zoneinfo import ZoneInfo

from surveys.reports.digest import Digest, MovedMeasure
from surveys.reports.estimates import Figure
from templates import precision
from templates.texts import Texts
from templates.wording import DASH, FigureUnit, answers, figure, measure_name, unit_of, value_digits


def moved(texts: Texts, document: Digest) -> str:
    """Say which figures differ from the digest that was sent, empty where none does."""
    found = document.moved
    if found is None:
        return ""
    day = texts.date(found.sent_at.astimezone(ZoneInfo(document.zone)).date())
    if found.answers:
        said = texts.plural(
            "Since the digest of {day} was sent, {n} answer was changed",
            "Since the digest of {day} was sent, {n} answers were changed",
            found.answers,
            day=day,
        )
    else:
        said = texts("Since the digest of {day} was sent, answers were changed", day=day)
    figures = "; ".join(_measure(texts, document, each) for each in found.measures)
    return ": ".join(filter(None, [said, figures])) + "."


def _measure(texts: Texts, document: Digest, row: MovedMeasure) -> str:
    unit = unit_of(row.key)
    known = [one.value for one in (row.before, row.now) if one]
    digits = precision.apart(known, value_digits(unit, known))
    return texts(
        "{measure} was {before}, is {now}",
        measure=measure_name(texts, row.key, document.own),
        before=_figure(texts, unit, row.before, digits),
        now=_figure(texts, unit, row.now, digits),
    )


def _figure(texts: Texts, unit: FigureUnit, found: Figure | None, digits: int) -> str:
    if found is None:
        return DASH
    return f"{figure(texts, unit, found.value, digits)} ({answers(texts, found.n)})"
