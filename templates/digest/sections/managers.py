"""The managers: each one's score, and how much of it rests on the manager's own choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.estimates import TwoGroups
from surveys.reports.scores import ManagersChoice, ManagerScore, ManagersOrder
from templates import charts
from templates.digest.shown import NPS_ENDS, ScoredShown, scored, two_groups
from templates.texts import Texts
from templates.wording import DASH

UNFOLDED: Final = 40
ENDS: Final = 10
"""So many managers are all shown; of more, so many at each end."""
LISTED: Final = 200
"""So many fit into a page of 300 kB."""
CHOSEN_BY_ALL: Final = mark("{share} of the answers by managers’ own invitations")
ORDERS: Final[Mapping[ManagersOrder, str]] = {
    "drawn": mark(
        "Ordered by scores drawn towards the mean of all managers, the more so the fewer answers "
        "they have."
    ),
    "name": mark("By name: the managers’ scores differ no more than chance would make them."),
}
"""What orders managers where it is not the score."""
CHOSEN_BY_ONE: Final = mark("invited by the manager: {share}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerShown(ScoredShown):
    """A row; `drawn_at` is where the score drawn towards the mean stands."""

    name: str
    rank: str
    chosen: str
    drawn_at: float | None


class ManagersPart(NamedTuple):
    """Rows that stand together; `folded`: a tap shows them; `drawn`: one of them has a score."""

    caption: str
    rows: list[ManagerShown]
    folded: bool = False

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(row.score for row in self.rows)


class ManagersShown(NamedTuple):
    """The section: a row for each manager, in parts, and what they are ordered by."""

    rows: list[ManagerShown]
    parts: list[ManagersPart]
    by: ManagersOrder
    left: str


def managers(texts: Texts, document: Digest) -> ManagersShown:
    """Return a row for each manager, in the document's order."""
    rows = [_manager(texts, row) for row in document.managers]
    return ManagersShown(
        rows=rows,
        parts=_parts(texts, rows),
        by=document.managers_by,
        left=left_out(texts, len(rows) - LISTED),
    )


def left_out(texts: Texts, count: int) -> str:
    """Say how many managers a page of 300 kB has no room for, empty for none."""
    if count <= 0:
        return ""
    return texts.plural(
        "{n} more manager is in digest.json.", "{n} more managers are in digest.json.", count
    )


def _parts(texts: Texts, rows: list[ManagerShown]) -> list[ManagersPart]:
    """Return all rows as one part; of very many the ends, and folded all the others.

    At the ends stand those who have a score.
    """
    told = [row for row in rows if row.score]
    if len(rows) <= UNFOLDED or len(told) <= 2 * ENDS:
        return [ManagersPart(caption=texts("NPS by manager"), rows=rows[:LISTED])]
    first, last = told[:ENDS], told[-ENDS:]
    others = [row for row in rows if row not in first and row not in last][: LISTED - 2 * ENDS]
    said = texts.plural(
        "{n} more manager: between them, or without a score",
        "{n} more managers: between them, or without a score",
        len(others),
    )
    return [
        ManagersPart(caption=texts("NPS by manager: the first {n}", n=ENDS), rows=first),
        ManagersPart(caption=said, rows=others, folded=True),
        ManagersPart(caption=texts("NPS by manager: the last {n}", n=ENDS), rows=last),
    ]


def chosen(texts: Texts, said: str, found: ManagersChoice | None) -> str:
    """Say which part of the answers came by managers' own invitations, empty for none."""
    return "" if found is None else texts(said, share=texts.percent(found.share / 100))


def _manager(texts: Texts, row: ManagerScore) -> ManagerShown:
    found = scored(texts, row)
    choice = [chosen(texts, CHOSEN_BY_ONE, row.by_manager), _own_choice(texts, row.own_choice)]
    return ManagerShown(
        name=row.name,
        rank=DASH if row.rank is None else texts.number(row.rank),
        chosen="; ".join(filter(None, choice)),
        n=found.n,
        score=found.score,
        whisker=found.whisker,
        missing=found.missing,
        drawn_at=None
        if row.drawn is None
        else charts.position(row.drawn, *NPS_ENDS, 0, charts.ROW_WIDTH),
    )


def _own_choice(texts: Texts, found: TwoGroups | None) -> str:
    if found is None:
        return ""
    written = two_groups(texts, found)
    return texts(
        "NPS of the company’s invitations {company}, of the manager’s own {own}; difference "
        "{change}",
        company=written["first"],
        own=written["second"],
        change=written["change"],
    )
