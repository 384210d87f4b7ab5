"""Cases: how many, how soon somebody responds, how many are resolved and put right."""

from collections.abc import Iterator
from typing import NamedTuple

from surveys.counts.minima import MIN_MEDIAN
from surveys.reports.casework import Casework, Median
from surveys.reports.digest import Digest
from surveys.reports.estimates import Estimate
from templates.texts import Texts
from templates.wording import figure, interval


class CaseRow(NamedTuple):
    """One figure of the section: its interval, and what it rests on."""

    name: str
    value: str
    interval: str
    base: str


class CasesShown(NamedTuple):
    """The section, or what is `missing` for one; `standing` is how things stood at the end."""

    missing: str
    standing: str
    rows: list[CaseRow]
    notes: list[str]


def cases(texts: Texts, document: Digest) -> CasesShown:
    """Return the section."""
    found = document.casework
    if found is None or not (found.opened or found.open or found.asked):
        said = texts(
            "No cases in this period. A low score opens one, and so does a customer who writes to "
            "the manager; which scores are low stands in the survey."
        )
        return CasesShown(missing=said, standing="", rows=[], notes=[])
    rows = [_response(texts, found.response), _resolved(texts, found), _recovered(texts, found)]
    return CasesShown(
        missing="",
        standing=_standing(texts, found, document.zone),
        rows=[row for row in rows if row is not None],
        notes=list(_notes(texts, found)),
    )


def _standing(texts: Texts, found: Casework, zone: str) -> str:
    opened = texts.plural("{n} case was opened.", "{n} cases were opened.", found.opened)
    still = texts.plural("{n} case open", "{n} cases open", found.open)
    late = texts.plural("{n} of them overdue", "{n} of them overdue", found.overdue)
    return texts(
        "{opened} As of {moment}: {still}, {late}.",
        opened=opened,
        moment=texts.moment(found.until, zone),
        still=still,
        late=late,
    )


def _response(texts: Texts, found: Median | None) -> CaseRow | None:
    if found is None:
        return None
    value = texts("half of them or more wait still")
    if found.value is not None:
        value = _hours(texts, found.value)
    return CaseRow(
        name=texts("Time to the first response, median"),
        value=value,
        interval=_ends(texts, found),
        base=texts.plural("of {n} case", "of {n} cases", found.n),
    )


def _ends(texts: Texts, found: Median) -> str:
    if found.low is None and found.n < MIN_MEDIAN:
        return texts("too few for an interval")
    if found.low is None:
        return texts("no interval: too many wait still")
    if found.high is None:
        return texts("from {low}", low=_hours(texts, found.low))
    return texts(
        "from {low} to {high}", low=_hours(texts, found.low), high=_hours(texts, found.high)
    )


_HOUR, _DAY = 60, 48


def _hours(texts: Texts, hours: float) -> str:
    """Write a time: minutes below an hour, days from two days on."""
    if hours < 1:
        return texts("{n} min", n=texts.number(hours * _HOUR))
    if hours < _DAY:
        return texts("{n} h", n=texts.number(hours, 1))
    return texts("{n} d", n=texts.number(hours / 24, 1))


def _resolved(texts: Texts, found: Casework) -> CaseRow | None:
    base = texts.plural("of {n} case opened", "of {n} cases opened", found.opened)
    return _share(texts, texts("Resolved cases"), found.resolved_share, base)


def _recovered(texts: Texts, found: Casework) -> CaseRow | None:
    base = texts.plural(
        "of {n} customer asked in the period", "of {n} customers asked in the period", found.asked
    )
    return _share(texts, texts("Recovered: «it was put right»"), found.recovered_share, base)


def _share(texts: Texts, name: str, found: Estimate | None, base: str) -> CaseRow | None:
    if found is None:
        return None
    return CaseRow(
        name=name,
        value=figure(texts, "share", found.value),
        interval=interval(texts, "share", found.low, found.high),
        base=base,
    )


def _notes(texts: Texts, found: Casework) -> Iterator[str]:
    if found.response is not None and found.response.waiting:
        yield texts.plural(
            "{n} case has had no response yet and counts as the longest wait.",
            "{n} cases have had no response yet and count as the longest waits.",
            found.response.waiting,
        )
    if found.unanswered:
        yield texts.plural(
            "{n} customer asked said nothing and counts as not recovered.",
            "{n} customers asked said nothing and count as not recovered.",
            found.unanswered,
        )
    if not found.asked:
        yield texts(
            "Nobody has been asked yet whether it was put right: the next survey asks each "
            "customer with a resolved case."
        )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield the section for a terminal and the short message."""
    found = cases(texts, document)
    if found.missing:
        yield found.missing
        return
    yield found.standing
    yield from (f"• {row.name}: {row.value} ({row.interval}; {row.base})" for row in found.rows)
    yield from found.notes


def line(texts: Texts, document: Digest) -> str:
    """Return the cases in a line for the chat, empty where there are none."""
    found = document.casework
    if found is None or not (found.opened or found.open):
        return ""
    return texts(
        "Cases: {opened} opened, {open} open, {overdue} overdue.",
        opened=texts.number(found.opened),
        open=texts.number(found.open),
        overdue=texts.number(found.overdue),
    )
