"""What goes with recommending: the questions about service by their relative weights."""

from collections.abc import Iterator
from typing import NamedTuple

from surveys.reports import drivers as document_of
from surveys.reports.digest import Digest
from templates import charts
from templates.texts import Texts


class DriverShown(NamedTuple):
    """One question; `against`: whoever judges it better is less likely to recommend."""

    label: str
    weight: str
    interval: str
    whisker: charts.Whisker
    against: bool


class DriversShown(NamedTuple):
    """The section: its rows, or `missing`, what stands in their way and how to get them."""

    rows: list[DriverShown]
    explained: str
    end: str
    missing: str


def drivers(texts: Texts, document: Digest) -> DriversShown:
    """Return the section."""
    found = document.drivers
    if found is None or found.r_squared is None:
        return DriversShown(rows=[], explained="", end="", missing=_missing(texts, found))
    most = max(1.0, *(row.high for row in found.drivers))
    return DriversShown(
        rows=[_driver(texts, row, most) for row in found.drivers],
        explained=texts.plural(
            "From {n} customer who answered all questions. The questions together go with {share} "
            "of the differences in recommending.",
            "From {n} customers who answered all questions. The questions together go with {share} "
            "of the differences in recommending.",
            found.n,
            share=texts.percent(found.r_squared),
        ),
        end=texts.number(most),
        missing="",
    )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield the section for a terminal."""
    found = drivers(texts, document)
    yield texts("What goes with recommending (an association, not a cause):")
    if found.missing:
        yield found.missing
    for row in found.rows:
        yield f"• {row.label.rstrip('.')}: {row.weight} ({row.interval})"


def _driver(texts: Texts, row: document_of.Driver, most: float) -> DriverShown:
    ends = [texts.number(end, digits=1) for end in (row.low, row.high)]
    return DriverShown(
        label=row.label,
        weight=texts.percent(row.weight / 100, digits=1),
        interval=texts("{low} to {high}", low=ends[0], high=ends[1]),
        whisker=charts.whisker(row.low, row.weight, row.high, (0, most)),
        against=row.correlation < 0,
    )


def _missing(texts: Texts, found: document_of.Drivers | None) -> str:
    if found is None:
        return texts("Not computed when this digest was made.")
    if found.without == "alike":
        return texts(
            "Everybody gave the same answer to at least one of the questions, on recommending or "
            "on service: there is nothing that could go together."
        )
    if found.without == "firms":
        return texts(
            "Nearly all who answered are colleagues of fewer than ten firms: what their firms have "
            "in common cannot be told from what goes with recommending."
        )
    if found.without == "repeated":
        return texts("The questions repeat one another: their parts cannot be told apart.")
    if not found.n:
        said = texts(
            "Nobody has answered in this period both how likely they are to recommend and every "
            "question about service; {needed} are needed, ten a question.",
            needed=texts.number(found.needed),
        )
    else:
        said = _so_far(texts, found)
    how = texts(
        "Ask the same customers with both surveys, «Likelihood to recommend» and «Service quality»."
    )
    return f"{said} {how}"


def _so_far(texts: Texts, found: document_of.Drivers) -> str:
    return texts.plural(
        "So far {n} customer has answered in this period both how likely they are to recommend and "
        "every question about service; {needed} are needed, ten a question.",
        "So far {n} customers have answered in this period both how likely they are to recommend "
        "and every question about service; {needed} are needed, ten a question.",
        found.n,
        needed=texts.number(found.needed),
    )
