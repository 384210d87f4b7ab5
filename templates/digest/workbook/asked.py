"""Who answered, and what goes with recommending."""

from collections.abc import Iterator

from surveys.messages import mark
from surveys.reports.digest import Digest, FunnelSection
from templates.digest.nothing import nothing
from templates.digest.sections.drivers import drivers as shown_drivers
from templates.digest.sections.funnel import STAGES
from templates.digest.workbook.tables import (
    ENDS,
    PlainRow,
    PlainTable,
    ends,
    estimate,
    percent,
    table,
)
from templates.reasons import COUNTED
from templates.texts import Texts


def funnel(texts: Texts, document: Digest) -> PlainTable:
    """Return how far invitations came, and those that are none of the stages."""
    found = document.funnel
    asked = found.invited or found.not_invited_total
    return table(
        texts,
        mark("Invitations"),
        (mark("stage"), mark("invitations"), mark("share")),
        _stages(texts, found) if asked else (),
        () if asked else [nothing(texts, document)["funnel"]],
    )


def _stages(texts: Texts, found: FunnelSection) -> Iterator[PlainRow]:
    reached, shares = found.by_stage(), found.shares.by_stage()
    for key, name in STAGES.items():
        yield [texts(name), reached[key], percent(shares[key]) if found.invited else None]
    for count, name in (
        (found.expired, texts("not finished in time")),
        (found.unreachable, texts("could not be reached")),
        (found.unknown, texts("of unknown delivery")),
    ):
        if count:
            yield [name, count, None]


def response(texts: Texts, document: Digest) -> PlainTable:
    """Return the response rate, and the scores before and after the reminder."""
    headings = (mark("figure"), mark("value"), *ENDS, mark("of how many"))
    return table(texts, mark("Response"), headings, _response(texts, document))


def _response(texts: Texts, document: Digest) -> Iterator[PlainRow]:
    found = document.funnel
    for name, one in (
        (mark("response rate"), found.response),
        (mark("response rate in the period before"), found.previous_response),
        (mark("finished, of those who began"), found.completion),
    ):
        if one is not None:
            yield [texts(name), *estimate(one, share=True)]
    if found.late is not None:
        yield [texts(mark("NPS before the reminder")), *estimate(found.late.first)]
        yield [texts(mark("NPS after the reminder")), *estimate(found.late.second)]
        yield [texts(mark("difference")), *ends(found.late.change), None]


def not_asked(texts: Texts, document: Digest) -> PlainTable:
    """Return how many people were not asked, and why."""
    rows = []
    for one in document.funnel.not_invited:
        reason = texts.plural(*COUNTED[one.reason], one.people, n="").strip()
        rows.append((reason, one.people))
    return table(texts, mark("Not asked"), (mark("reason"), mark("people, once a wave")), rows)


def drivers(texts: Texts, document: Digest) -> PlainTable:
    """Return the questions by what goes with recommending."""
    found, shown = document.drivers, shown_drivers(texts, document)
    rows: list[PlainRow] = []
    if found is not None:
        rows = [
            [
                one.label,
                *(percent(value) for value in (one.weight, one.low, one.high, one.share)),
                one.correlation,
                texts("the better, the less likely to recommend") if one.correlation < 0 else None,
            ]
            for one in found.drivers
        ]
    names = (mark("question"), mark("weight"), *ENDS)
    more = (mark("share of all weights"), mark("correlation"), mark("remark"))
    return table(
        texts,
        mark("Recommending and service"),
        (*names, *more),
        rows,
        [shown.explained, shown.missing],
    )
