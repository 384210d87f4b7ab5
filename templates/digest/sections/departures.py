"""Why customers leave: what they said themselves beside what their managers counted."""

from collections.abc import Iterator
from typing import NamedTuple

from surveys.reports.digest import DepartureReason, Digest
from templates import charts
from templates.digest.sections.themes import ENDS, SHARE
from templates.digest.shown import whisker
from templates.texts import Texts
from templates.wording import figure, interval


class ReasonShown(NamedTuple):
    """A reason; `share` and `whisker` are empty where too few customers told."""

    name: str
    customers: str
    share: str
    interval: str
    whisker: charts.Whisker | None
    counted: str


class DeparturesShown(NamedTuple):
    """The section: who told, what it cannot show, a row for each reason."""

    told: str
    counted: str
    unsaid: str
    rows: list[ReasonShown]


def departures(texts: Texts, document: Digest) -> DeparturesShown | None:
    """Return the section, None where nobody told or counted a reason."""
    found = document.departures
    if found is None:
        return None
    return DeparturesShown(
        told=texts.plural(
            "{n} customer who left gave a reason.",
            "{n} customers who left gave a reason.",
            found.told,
        ),
        counted=texts.plural(
            "Customers lost, as {n} manager counted: {lost}.",
            "Customers lost, as {n} managers counted: {lost}.",
            found.managers,
            lost=texts.number(found.counted),
        ),
        unsaid=texts(
            "Those who left and said nothing may have had other reasons; managers count what they "
            "know of, and the same customer may be in both counts."
        ),
        rows=[_row(texts, row) for row in found.reasons],
    )


def _row(texts: Texts, row: DepartureReason) -> ReasonShown:
    share = row.share
    return ReasonShown(
        name=row.label,
        customers=texts.number(row.customers),
        share="" if share is None else figure(texts, SHARE, share.value),
        interval="" if share is None else interval(texts, SHARE, share.low, share.high),
        whisker=whisker(share, ENDS),
        counted=texts.number(row.counted),
    )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield the section for a terminal."""
    found = departures(texts, document)
    if found is None:
        return
    yield f"{found.told} {found.counted}"
    for row in found.rows:
        share = f" ({row.share}; {row.interval})" if row.share else ""
        counted = texts("managers: {n}", n=row.counted)
        yield f"• {row.name}: {row.customers}{share}; {counted}"
    yield found.unsaid
