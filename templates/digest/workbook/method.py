"""What the digest is about, and the numbers that go into its definitions."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from surveys.messages import mark
from surveys.reports.digest import Digest, MovedMeasure
from surveys.reports.drivers import ScaleReliability
from surveys.reports.estimates import Figure
from templates.digest.headline import evidence, first_and_last, headline, unfinished
from templates.digest.moved import moved as said_moved
from templates.digest.part import titled, told
from templates.digest.sections.method import OMEGA, unsaid_of
from templates.digest.workbook.tables import (
    ANSWERS,
    ENDS,
    PlainRow,
    PlainTable,
    part,
    percent,
    table,
)
from templates.texts import Texts
from templates.wording import measure_name, unit_of


def head(texts: Texts, document: Digest) -> PlainTable:
    """Return what stands at the head of the page."""
    zone = ZoneInfo(document.zone)
    first, last = first_and_last(document)
    rows: list[PlainRow] = [
        [texts(mark("company")), document.company or None],
        [texts(mark("part")), titled(texts, document.part) or None],
        [texts(mark("period")), texts.period(document.period.key)],
        [texts(mark("first day")), first],
        [texts(mark("last day")), last],
        [texts(mark("period before")), texts.period(document.previous.key)],
        [texts(mark("computed")), document.generated_at.astimezone(zone)],
        [texts(mark("time zone")), document.zone],
    ]
    notes = [
        headline(texts, document),
        unfinished(texts, document),
        evidence(texts, document),
        said_moved(texts, document),
        told(texts, document.part),
    ]
    known = [row for row in rows if row[1] is not None]
    return table(texts, mark("Digest"), (mark("figure"), mark("value")), known, notes)


def moved(texts: Texts, document: Digest) -> PlainTable:
    """Return what changed since the digest of this period was sent."""
    found = document.moved
    return table(
        texts,
        mark("Changed since it was sent"),
        (mark("measure"), mark("as sent"), ANSWERS, mark("now"), ANSWERS),
        () if found is None else [_moved(texts, document, one) for one in found.measures],
    )


def _moved(texts: Texts, document: Digest, one: MovedMeasure) -> PlainRow:
    name = measure_name(texts, one.key, document.own)
    return [name, *_figure(one.key, one.before), *_figure(one.key, one.now)]


def _figure(key: str, found: Figure | None) -> PlainRow:
    if found is None:
        return (None, None)
    share = unit_of(key) == "share"
    return (percent(found.value) if share else found.value, found.n)


def method(texts: Texts, document: Digest) -> PlainTable:
    """Return levels, minima and margins."""
    headings = (mark("figure"), mark("value"))
    return table(texts, mark("How this was computed"), headings, _method(texts, document))


def _method(texts: Texts, document: Digest) -> Iterator[PlainRow]:
    found = document.method
    minimum, margins = found.minimum, found.margins
    for name, value in (
        (mark("level of intervals"), part(found.confidence)),
        (mark("changes judged together"), found.compared),
        (mark("unchanged digests that say what is not so, at most"), part(found.error)),
        (mark("fewest answers for a score"), minimum.score),
        (mark("fewest answers for a change"), minimum.change),
        (mark("fewest customers for a gap"), minimum.gap),
        (mark("fewest customers for a word about a manager"), minimum.word),
        (mark("fewest months for a word on the trend"), minimum.months),
        (mark("small change of the NPS, points"), margins.nps),
        (mark("small change of an index, points"), margins.index),
    ):
        yield [texts(name), value]
    for key, n in found.partial.items():
        name = measure_name(texts, key, document.own)
        yield [texts("incomplete answers left out: {measure}", measure=name), n]


def scales(texts: Texts, document: Digest) -> PlainTable:
    """Return how well the questions of each measure go together."""
    names = (mark("measure"), mark("questions"), ANSWERS, "α", *ENDS, "ω")
    return table(
        texts,
        mark("Scales"),
        (*names, mark("remark")),
        [_scale(texts, document, one) for one in document.scales],
    )


def _scale(texts: Texts, document: Digest, one: ScaleReliability) -> PlainRow:
    remark = unsaid_of(texts, one)
    if not remark and one.without_omega:
        remark = texts(OMEGA[one.without_omega])
    name = measure_name(texts, one.key, document.own)
    return [name, one.items, one.n, one.alpha, one.low, one.high, one.omega, remark or None]
