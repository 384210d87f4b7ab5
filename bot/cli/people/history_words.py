"""What `otklik import history` says: how the file was read, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.operations.history.answers import History
from bot.operations.history.plan import OWN, ReadingPlan
from bot.operations.history.preview import NAMES, samples, warnings
from bot.telling import told
from surveys.messages import mark
from templates.texts import Texts

_LONGEST_TEXT = 60
_MOST_HEADINGS = 40


def preview(texts: Texts, history: History, plan: ReadingPlan, zone: str) -> Iterator[str]:
    """Yield what was understood, before anything is taken."""
    sheet = history.sheet
    if sheet.tool:
        yield texts("This is an export of {tool}.", tool=texts(sheet.tool))
    if sheet.above:
        yield texts("Left out above the headings: {lines}", lines=_listed(texts, sheet.above))
    if sheet.is_guess:
        yield texts(
            "The encoding seems to be {name}; if the words look wrong, state it: --encoding.",
            name=sheet.encoding,
        )
    read = [
        f"{_called(texts, name)} {texts.quoted(_cut(said))}" for name, said in sheet.columns.items()
    ]
    yield texts("Columns read: {columns}", columns=", ".join(read))
    if sheet.unused:
        yield texts("Columns left out: {columns}", columns=_listed(texts, sheet.unused))
    if sheet.zone:
        yield texts("Times that name no zone are read as {zone}.", zone=sheet.zone)
    if plan.on and history.undated:
        day = texts.date(date.fromisoformat(plan.on))
        number = texts.number(history.undated)
        yield texts("Answers without a date: {n}; they are put on {day}.", n=number, day=day)
    yield from _dates(texts, history)
    for warning in warnings(history):
        yield told(texts, warning)
    if history.rows:
        yield texts("The first as read:")
    for row in samples(history, zone):
        yield f"  {texts('line {line}', line=row.pop('line'))}: {_row(texts, row, zone)}"


def _called(texts: Texts, name: str) -> str:
    return texts(NAMES[name]) if name in NAMES else name.removeprefix(OWN)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


def _listed(texts: Texts, headings: Sequence[str]) -> str:
    shown = [texts.quoted(_cut(heading)) for heading in headings[:_MOST_HEADINGS]]
    return ", ".join(shown if len(headings) <= _MOST_HEADINGS else [*shown, "…"])


def _row(texts: Texts, row: dict[str, Any], zone: str) -> str:
    at = row.pop("date")
    when = (
        texts.moment(datetime.fromisoformat(at), zone)
        if "T" in at
        else texts.date(date.fromisoformat(at))
    )
    score = row.pop("score")
    return " · ".join([when, str(score), *(_cut(" ".join(said.split())) for said in row.values())])


def _dates(texts: Texts, history: History) -> Iterator[str]:
    for reading in history.readings:
        yield texts(
            "Dates: {rows} as {format}: {because}",
            rows=texts.number(reading.rows),
            format=reading.read_as,
            because=texts(reading.because),
        )


def expected(texts: Texts, result: Mapping[str, Any]) -> Iterator[str]:
    """Yield what taking the file would do."""
    if result["settings"]:
        yield result["settings"]
    yield from _counts(texts, result)


def summary(texts: Texts, result: Mapping[str, Any], *, check: bool) -> Iterator[str]:
    """Yield what became of the file."""
    if result["settings"]:
        yield result["settings"]
    yield texts("Only a check: nothing was written.") if check else texts("Done.")
    yield from _counts(texts, result)
    for title, lines in (
        (mark("Refused:"), result["problems"]),
        (mark("Left out:"), result["left_out_rows"]),
    ):
        if lines:
            yield texts(title)
            yield from (f"  {line}" for line in lines)
    if result["new_managers"]:
        managers = ", ".join(result["new_managers"])
        yield texts("Managers not known here: {names}", names=managers)


def _counts(texts: Texts, result: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many rows, answers and customers there are; every row is counted once."""
    names = ("rows", "added", "changed", "unchanged", "refused", "left_out", "customers")
    counts = {name: texts.number(result[name]) for name in names}
    yield texts(
        "Rows in the file: {rows} = new {added} + changed {changed} + unchanged {unchanged} + "
        "refused {refused} + left out {left_out}.",
        **counts,
    )
    answers = result["added"] + result["unchanged"]
    if result["first"]:
        first, last = (texts.date(date.fromisoformat(result[end])) for end in ("first", "last"))
        yield texts(
            "Answers: {rows}, customers: {customers}; from {first} to {last}.",
            rows=texts.number(answers),
            customers=counts["customers"],
            first=first,
            last=last,
        )
    if result["customers"] < answers:
        yield texts(
            "A digest counts each customer once a period, with the latest answer in it: over all "
            "this time {customers} answers, not {rows}.",
            rows=texts.number(answers),
            customers=counts["customers"],
        )
    if not result["nameless"]:
        yield texts(
            "Customers known here: {known}, new: {new}.",
            known=texts.number(result["customers"] - result["new_customers"]),
            new=texts.number(result["new_customers"]),
        )
    yield from _ties(texts, result)


def _ties(texts: Texts, result: Mapping[str, Any]) -> Iterator[str]:
    """Yield which of several answers of one customer at one moment counts as the latest."""
    if not result["of_one_moment"]:
        return
    place = texts("the lower line is the later one")
    if result["newest_first"]:
        place = texts("the higher line is the later one, since the file has the newest first")
    yield texts(
        "Answers of one customer at the same moment or on the same day without a time: {n}. Of "
        "these {place}; of two files, the one brought in later.",
        n=texts.number(result["of_one_moment"]),
        place=place,
    )
