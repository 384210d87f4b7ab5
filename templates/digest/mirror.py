"""The mirror: one table per manager, with the manager's view, the customers' and the company's."""

from dataclasses import dataclass
from typing import Final

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.estimates import Agreement, RangeAtLevel
from surveys.reports.mirror import MirrorManager, MirrorRow, MirrorWhole
from templates import charts
from templates.digest.shown import ChangeShown, EstimateShown, estimate, whisker
from templates.texts import Texts
from templates.wording import (
    DASH,
    change_interval,
    difference,
    digits_of,
    figure,
    level,
    missing,
)

AGREEMENT: Final = {
    Agreement.OVER_RATER: mark("rates oneself higher"),
    Agreement.UNDER_RATER: mark("rates oneself lower"),
    Agreement.IN_AGREEMENT: mark("no difference to be told"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapShown:
    """A gap with its word, both empty where there are too few customers; `word` is the style."""

    gap: ChangeShown | None
    agreement: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeShown(GapShown):
    """All items together."""

    self: str
    customers: str
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShown(GapShown):
    """One item, with the places of its three views in the drawing."""

    label: str
    self: str
    customers: EstimateShown | None
    company: str
    missing: str
    whisker: charts.Whisker | None
    self_at: float | None
    company_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorShown:
    """One manager; `ends` of the scale where all items share one."""

    name: str
    profile: WholeShown | None
    items: list[ItemShown]
    ends: list[str]
    missing: str


def mirror(texts: Texts, document: Digest) -> list[MirrorShown]:
    """Return a table a manager."""
    return [_manager(texts, row) for row in document.mirror.managers]


def _manager(texts: Texts, row: MirrorManager) -> MirrorShown:
    ends = {(item.low, item.high) for item in row.items}
    return MirrorShown(
        name=row.name,
        profile=None if row.profile is None else _whole(texts, row.profile),
        items=[_item(texts, item) for item in row.items],
        ends=[texts.number(end) for end in ends.pop()] if len(ends) == 1 else [],
        missing=""
        if any(item.customers for item in row.items)
        else missing(texts, min(item.missing for item in row.items)),
    )


def _whole(texts: Texts, row: MirrorWhole) -> WholeShown:
    return WholeShown(
        self=figure(texts, "item", row.self),
        customers=figure(texts, "item", row.customers),
        n=texts.number(row.n),
        gap=_gap(texts, row.gap),
        agreement=_agreement(texts, row.agreement),
        word=row.agreement or "none",
    )


def _item(texts: Texts, row: MirrorRow) -> ItemShown:
    ends = (row.low, row.high)
    return ItemShown(
        label=row.label,
        self=DASH if row.self is None else figure(texts, "item", row.self),
        customers=estimate(texts, "item", row.customers),
        company="" if row.company is None else figure(texts, "item", row.company.value),
        missing=missing(texts, row.missing) if row.missing else "",
        whisker=whisker(row.customers, ends),
        self_at=_at(row.self, ends),
        company_at=_at(None if row.company is None else row.company.value, ends),
        gap=None if row.gap is None else _gap(texts, row.gap),
        agreement=_agreement(texts, row.agreement),
        word=row.agreement or "none",
    )


def _gap(texts: Texts, found: RangeAtLevel) -> ChangeShown:
    return ChangeShown(
        value=difference(texts, "item", found.value, digits_of("item", found)),
        interval=change_interval(texts, "item", found),
        level=level(texts, found.level),
    )


def _agreement(texts: Texts, word: Agreement | None) -> str:
    return "" if word is None else texts(AGREEMENT[word])


def _at(value: float | None, ends: tuple[float, float]) -> float | None:
    return None if value is None else charts.position(value, *ends, 0, charts.ROW_WIDTH)
