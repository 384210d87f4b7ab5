"""What a later digest of a period says of the one that was sent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from templates.digest_words import DASH, MEASURES, Row, answers, figure, named, unit_of
from templates.texts import Texts


def moved(texts: Texts, document: Row) -> str:
    """Say which figures are no longer those of the digest that was sent, empty where none is."""
    row = document["moved"]
    if not row:
        return ""
    sent = datetime.fromisoformat(row["sent_at"]).astimezone(ZoneInfo(document["zone"]))
    day = texts.date(sent.date())
    if row["answers"]:
        said = texts.plural(
            "Since the digest of {day} was sent, {n} answer was changed",
            "Since the digest of {day} was sent, {n} answers were changed",
            row["answers"],
            day=day,
        )
    else:
        said = texts("Since the digest of {day} was sent, answers were changed", day=day)
    figures = "; ".join(_measure(texts, each) for each in row["measures"])
    return ": ".join(filter(None, [said, figures])) + "."


def _measure(texts: Texts, row: Row) -> str:
    return texts(
        "{measure} was {before}, is {now}",
        measure=named(texts, MEASURES, row["key"]),
        before=_figure(texts, row["key"], row["before"]),
        now=_figure(texts, row["key"], row["now"]),
    )


def _figure(texts: Texts, key: str, row: Row | None) -> str:
    if row is None:
        return DASH
    return f"{figure(texts, unit_of(key), row['value'])} ({answers(texts, row['n'])})"
