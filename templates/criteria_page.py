"""The criteria page in four parts, as lines of plain text for a terminal and for the chat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from surveys.counts.measures import Measure, measure
from surveys.counts.minima import MIN_CHANGE
from surveys.messages import Language, mark
from surveys.reports.criteria import Criteria, CriterionRow, IndexFigure
from surveys.reports.estimates import Verdict
from templates.criteria import (
    FACTS,
    LACKING,
    amount,
    coverage,
    fact,
    index_interval,
    loyal,
    payback,
    time_study,
    to_do,
    weights_said,
)
from templates.digest.shown import since
from templates.hints import HINTS
from templates.texts import Texts
from templates.wording import MEASURES, UNVALUED, VERDICTS, measure_name, missing, named

PagePart = Literal["rows", "look", "index", "money"]
PARTS: Final[tuple[PagePart, ...]] = ("rows", "look", "index", "money")
SOURCES: Final = {
    "customers": mark("customers’ answers"),
    "managers": mark("managers’ answers"),
    "facts": mark("facts"),
}


@dataclass(frozen=True, slots=True)
class PageBlock:
    """Lines that belong together below a title; those of an entry below its first are indented."""

    title: str
    entries: tuple[tuple[str, ...], ...]


def render_text(document: Criteria, zone: str, language: Language) -> str:
    """Return the page for a terminal."""
    texts = Texts(language)
    blocks = [block for part in PARTS for block in blocks_of(texts, document, zone, part)]
    written = []
    for block in blocks:
        lines = [block.title]
        for first, *rest in block.entries:
            lines += [first, *(f"  {line}" for line in rest)]
        written.append("\n".join(lines))
    return "\n\n".join(written) + "\n"


def blocks_of(texts: Texts, document: Criteria, zone: str, part: PagePart) -> list[PageBlock]:
    """Return one part of the page; a part without anything to say is empty."""
    index = PageBlock(texts("CRM effectiveness index"), tuple(_index(texts, document, zone)))
    known: Mapping[PagePart, list[PageBlock]] = {
        "rows": [_rows(texts, document, zone)],
        "look": [_weak(texts, document)],
        "index": [index],
        "money": [_money(texts, document), _unsaid(texts, document)],
    }
    return [block for block in known[part] if block.entries]


def _rows(texts: Texts, document: Criteria, zone: str) -> PageBlock:
    title = texts(
        "Criteria of the work with customers, {period}", period=texts.period(document.period.key)
    )
    return PageBlock(title, tuple(tuple(_row(texts, row, document, zone)) for row in document.rows))


def _row(texts: Texts, row: CriterionRow, document: Criteria, zone: str) -> Iterator[str]:
    name = measure_name(texts, row.key, document.own)
    measured = measure(row.key, document.own)
    if row.value is None:
        yield texts("{criterion}: no figure yet", criterion=name)
    else:
        parts = [amount(texts, row, document.currency)]
        if row.verdict is not None:
            parts.append(_verdict(texts, row.verdict, measured, row.n))
        yield f"{name}: {', '.join(parts)}"
        yield _behind(texts, row, document, zone)
    shown = since(texts, measured, row.since, MIN_CHANGE)
    if shown is not None:
        moved = f"{shown.change.value} ({shown.change.interval})" if shown.change else ""
        yield ", ".join(filter(None, (shown.wave, moved, shown.verdict)))
    if row.to_do is not None:
        yield to_do(texts, row.to_do)


def _verdict(texts: Texts, word: Verdict, measured: Measure, n: int) -> str:
    """Return the word for a change; what was before is not known here, so that none is "few"."""
    if word is not Verdict.TOO_FEW:
        return texts((VERDICTS if measured.better else UNVALUED)[word])
    if n < MIN_CHANGE:
        return missing(texts, MIN_CHANGE - n)
    return texts("few answers before, or none")


def _behind(texts: Texts, row: CriterionRow, document: Criteria, zone: str) -> str:
    """Say where a figure comes from, and how old that is."""
    parts = [texts(SOURCES[row.source])]
    study = document.study
    if row.key == "sales_process" and study and (study.answers_before or study.answers_after):
        parts.append(texts("minutes of the time study"))
    if row.source != "facts" and row.n:
        parts.append(texts.plural("{n} answer", "{n} answers", row.n))
    if row.as_of is not None:
        day = texts.date(row.as_of.astimezone(ZoneInfo(zone)).date())
        parts.append(texts("as of {day}", day=day))
        if document.made_at is not None and document.made_at > row.as_of:
            days = (document.made_at - row.as_of).days
            parts.append(texts.plural("{n} day old", "{n} days old", days))
    return ", ".join(parts)


def _weak(texts: Texts, document: Criteria) -> PageBlock:
    """Return the hints for criteria that are weak."""
    entries = []
    for row in document.rows:
        if row.is_weak and row.key in HINTS:
            hints = tuple(_hint(texts, row.key))
            entries.append((measure_name(texts, row.key, document.own), *hints))
    if entries:
        rule = texts(
            "Weak is here what became worse, by a test of the answers or by the facts, and answers "
            "that score below 60 of 100. These are places to look; nobody promises that it helps."
        )
        entries.append((rule,))
    return PageBlock(texts("What others look at first"), tuple(entries))


def _hint(texts: Texts, key: str) -> Iterator[str]:
    for hint in HINTS[key]:
        yield texts("{hint} ({source})", hint=texts(hint.text), source=texts(hint.source))


def _index(texts: Texts, document: Criteria, zone: str) -> Iterator[tuple[str, ...]]:
    index = document.index
    if index is None:
        yield (texts("CRM effectiveness index: no criterion has a score yet."),)
        return
    yield (
        texts(
            "CRM effectiveness index: {value} of 100 ({interval}); with equal weights {equal}",
            value=texts.number(index.index, digits=1),
            interval=index_interval(texts, index, 1),
            equal=texts.number(index.equal_weights, digits=1),
        ),
    )
    if said := coverage(texts, index):
        yield (said,)
    yield (weights_said(texts, index.adopted, zone),)
    yield from ((line,) for line in _weights(texts, index))


def _weights(texts: Texts, index: IndexFigure) -> Iterator[str]:
    for key, weight in index.weights.items():
        line = f"{named(texts, MEASURES, key)}: {texts.percent(weight)}"
        if key in index.without:
            without = texts.number(index.without[key], digits=1)
            line = texts("{line}; without it {value}", line=line, value=without)
        yield line


def _money(texts: Texts, document: Criteria) -> PageBlock:
    lines = [
        f"{texts(FACTS[one.key])}: {fact(texts, one, document.currency)}" for one in document.facts
    ]
    lines += [payback(texts, one) for one in document.payback]
    if document.study is not None:
        lines += time_study(texts, document.study, document.currency)
    if document.facts:
        lines += [
            f"{texts(LACKING[one.key])}: {to_do(texts, one.to_do)}" for one in document.lacking
        ]
    if document.loyal is not None:
        lines.append(loyal(texts, document.loyal))
    return PageBlock(texts("What the facts come to"), tuple((line,) for line in lines))


def _unsaid(texts: Texts, document: Criteria) -> PageBlock:
    lines = tuple((texts(one.template),) for one in document.unsaid)
    return PageBlock(texts("What cannot be concluded"), lines)


KNOWN: Final[Mapping[PagePart, str]] = {
    "rows": mark("Criteria"),
    "look": mark("Where to look first"),
    "index": mark("Index and weights"),
    "money": mark("Money"),
}
"""What the parts are called on buttons."""
