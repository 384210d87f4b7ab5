"""Managers: their scores, and themselves beside their customers."""

from collections.abc import Iterator

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.mirror import MirrorManager, MirrorRow, MirrorWhole
from surveys.reports.scores import ManagerScore
from templates.digest.nothing import nothing
from templates.digest.sections.managers import ORDERS
from templates.digest.sections.mirror import AGREEMENT
from templates.digest.workbook.nps import LACKING, SCORE
from templates.digest.workbook.tables import (
    ANSWERS,
    ENDS,
    PlainRow,
    PlainTable,
    at_level,
    ends,
    estimate,
    percent,
    scored,
    table,
)
from templates.texts import Texts
from templates.wording import missing


def managers(texts: Texts, document: Digest) -> PlainTable:
    """Return each manager's score, and how much of it rests on the manager's own choice."""
    found = document.managers
    said = nothing(texts, document)["managers"]
    if found:
        said = texts(ORDERS[document.managers_by]) if document.managers_by in ORDERS else ""
    return table(
        texts,
        mark("Managers"),
        (
            mark("manager"),
            mark("place"),
            *SCORE,
            mark("drawn towards the mean"),
            mark("by own invitations"),
            mark("share of answers"),
            mark("NPS of the company’s invitations"),
            mark("NPS of own invitations"),
            mark("difference"),
            *ENDS,
            LACKING,
        ),
        [_manager(texts, one) for one in found],
        [said],
    )


def _manager(texts: Texts, one: ManagerScore) -> PlainRow:
    by, choice = one.by_manager, one.own_choice
    return [
        one.name,
        one.rank,
        *scored(one),
        one.drawn,
        *((None, None) if by is None else (by.n, percent(by.share))),
        *((None, None) if choice is None else (choice.first.value, choice.second.value)),
        *ends(None if choice is None else choice.change),
        missing(texts, one.missing) if one.missing else None,
    ]


def mirror(texts: Texts, document: Digest) -> PlainTable:
    """Return each manager over all questions together, and each question by itself."""
    names = (mark("manager"), mark("question"), mark("self"), mark("customers"))
    gap = (mark("gap"), *ENDS, mark("level"), mark("word"), LACKING)
    found = document.mirror.managers
    return table(
        texts,
        mark("Self and customers"),
        (*names, *ENDS, ANSWERS, mark("company’s average"), *gap),
        [row for one in found for row in _of_manager(texts, one)],
        () if found else [nothing(texts, document)["mirror"]],
    )


def _of_manager(texts: Texts, one: MirrorManager) -> Iterator[PlainRow]:
    if one.profile is not None:
        yield _whole(texts, one.name, one.profile)
    for row in one.items:
        yield _item(texts, one.name, row)


def _whole(texts: Texts, name: str, row: MirrorWhole) -> PlainRow:
    views = (row.self, row.customers, None, None, row.n, None)
    word = None if row.agreement is None else texts(AGREEMENT[row.agreement])
    return [name, texts(mark("all questions together")), *views, *at_level(row.gap), word, None]


def _item(texts: Texts, name: str, row: MirrorRow) -> PlainRow:
    return [
        name,
        row.label,
        row.self,
        *estimate(row.customers),
        None if row.company is None else row.company.value,
        *at_level(row.gap),
        None if row.agreement is None else texts(AGREEMENT[row.agreement]),
        missing(texts, row.missing) if row.missing else None,
    ]
