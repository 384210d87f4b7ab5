"""The mirror: a picture a manager, with the manager's view, the customers' and the company's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypedDict

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.estimates import Agreement, RangeAtLevel
from surveys.reports.mirror import MirrorManager, MirrorRow, MirrorWhole
from templates import charts
from templates.charts import wrapped
from templates.digest.sections.managers import LISTED, left_out
from templates.digest.shown import ChangeShown, EstimateShown, estimate
from templates.texts import Texts
from templates.wording import (
    DASH,
    answers,
    change_interval,
    difference,
    digits_of,
    figure,
    level,
    missing,
)

AGREEMENT: Final = {
    Agreement.OVER_RATER: mark("rates themselves higher"),
    Agreement.UNDER_RATER: mark("rates themselves lower"),
    Agreement.IN_AGREEMENT: mark("no evidence of a difference"),
}

PICTURES: Final = 10
"""How many managers are drawn; the words about all others stand in one table."""
EDGES: Final = (8.0, 312.0)
"""Where the scale begins and ends in a drawing of 320 units."""
LINE: Final = 40
LINES: Final = 3
"""Letters in a line of a question, and lines; what is longer stands in the table."""
LINE_HEIGHT: Final = 16.0
ROW_GAP: Final = 16.0
SCALE_HEIGHT: Final = 18.0


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
    answers: str


class TextLine(NamedTuple):
    """A line of a question's text in the drawing."""

    text: str
    y: float


class Tick(NamedTuple):
    """A mark of the scale below the drawing."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShown(GapShown):
    """One item: its figures, and the places of its three views in the drawing at height `y`."""

    label: str
    self: str
    customers: EstimateShown | None
    company: str
    missing: str
    lines: list[TextLine]
    numbers: str
    numbers_y: float
    y: float
    ticks: list[float]
    whisker: charts.Whisker | None
    self_at: float | None
    company_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestShown:
    """One manager in words alone; `missing` is what stands in their way."""

    name: str
    profile: WholeShown | None
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorShown(RestShown):
    """One manager; `said` is the drawing in words, `scale` its marks where all items share one."""

    items: list[ItemShown]
    scale: list[Tick]
    height: float
    said: str


class MirrorsShown(NamedTuple):
    """The section: pictures of `managers`, and of the `rest` their word alone."""

    managers: list[MirrorShown]
    rest: list[RestShown]
    left: str


def mirror(texts: Texts, document: Digest) -> MirrorsShown:
    """Return a picture a manager; of many, those of whom a word is said and the widest gaps."""
    rows = document.mirror.managers
    drawn = {row.manager_id for row in sorted(rows, key=_telling)[:PICTURES]}
    others = [row for row in rows if row.manager_id not in drawn][: LISTED - PICTURES]
    return MirrorsShown(
        managers=[_manager(texts, row) for row in rows if row.manager_id in drawn],
        rest=[RestShown(**_said(texts, row)) for row in others],
        left=left_out(texts, len(rows) - LISTED),
    )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield a line for each manager whose gap is known, for a terminal."""
    found = mirror(texts, document)
    said = [
        _line(texts, one.name, one.profile)
        for one in (*found.managers, *found.rest)
        if one.profile is not None
    ]
    if said:
        yield texts("Self and customers")
        yield from said
        if found.left:
            yield found.left


def _line(texts: Texts, name: str, whole: WholeShown) -> str:
    views = texts(
        "All questions together: self {own}, customers {theirs} ({answers})",
        own=whole.self,
        theirs=whole.customers,
        answers=whole.answers,
    )
    found = whole.gap
    if found is None:
        return f"• {name}. {views}"
    gap = f"{texts('Gap')} {found.value} ({found.interval}; {found.level})"
    return f"• {name}. {', '.join(filter(None, [gap, whole.agreement]))}. {views}"


def _telling(row: MirrorManager) -> tuple[bool, bool, float]:
    """Order by how much there is to tell: a word first, then the wider gap."""
    found = row.profile
    if found is None:
        return (True, True, 0.0)
    said = found.agreement not in {Agreement.OVER_RATER, Agreement.UNDER_RATER}
    return (False, said, -abs(found.gap.value) / (found.high - found.low))


def _manager(texts: Texts, row: MirrorManager) -> MirrorShown:
    ends = {(item.low, item.high) for item in row.items}
    items, top = [], 0.0
    for item in row.items:
        items.append(_item(texts, item, top))
        top = items[-1].y + ROW_GAP
    return MirrorShown(
        **_said(texts, row),
        items=items,
        scale=_scale(texts, *ends.pop()) if len(ends) == 1 else [],
        height=top + SCALE_HEIGHT,
        said="; ".join(f"{item.label.rstrip('.')}: {item.numbers}" for item in items),
    )


class _Said(TypedDict):
    name: str
    profile: WholeShown | None
    missing: str


def _said(texts: Texts, row: MirrorManager) -> _Said:
    return {
        "name": row.name,
        "profile": None if row.profile is None else _whole(texts, row.profile),
        "missing": ""
        if any(item.customers for item in row.items)
        else missing(texts, min((item.missing for item in row.items), default=0)),
    }


def _scale(texts: Texts, low: int, high: int) -> list[Tick]:
    return [
        Tick(x=x, label=texts.number(point))
        for point, x in zip(range(low, high + 1), _ticks(low, high), strict=True)
    ]


def _ticks(low: int, high: int) -> list[float]:
    return [charts.position(point, low, high, *EDGES) for point in range(low, high + 1)]


def _whole(texts: Texts, row: MirrorWhole) -> WholeShown:
    return WholeShown(
        self=figure(texts, "item", row.self),
        customers=figure(texts, "item", row.customers),
        n=texts.number(row.n),
        answers=answers(texts, row.n),
        gap=_gap(texts, row.gap),
        agreement=_agreement(texts, row.agreement),
        word=row.agreement or "none",
    )


def _item(texts: Texts, row: MirrorRow, top: float) -> ItemShown:
    ends = (row.low, row.high)
    lines = [
        TextLine(text=text, y=top + (number + 1) * LINE_HEIGHT)
        for number, text in enumerate(wrapped(row.label, LINE, LINES))
    ]
    below = lines[-1].y + LINE_HEIGHT
    gap = None if row.gap is None else _gap(texts, row.gap)
    customers = estimate(texts, "item", row.customers)
    found = row.customers
    return ItemShown(
        label=row.label,
        self=DASH if row.self is None else figure(texts, "item", row.self),
        customers=customers,
        company="" if row.company is None else figure(texts, "item", row.company.value),
        missing=missing(texts, row.missing) if row.missing else "",
        lines=lines,
        numbers=_numbers(texts, row, customers),
        numbers_y=below,
        y=below + LINE_HEIGHT,
        ticks=_ticks(*ends),
        whisker=None
        if found is None
        else charts.placed(found.low, found.value, found.high, ends, EDGES),
        self_at=_at(row.self, ends),
        company_at=_at(None if row.company is None else row.company.value, ends),
        gap=gap,
        agreement=_agreement(texts, row.agreement),
        word=row.agreement or "none",
    )


def _numbers(texts: Texts, row: MirrorRow, customers: EstimateShown | None) -> str:
    """Say the two views in one line."""
    own = DASH if row.self is None else figure(texts, "item", row.self)
    if customers is None:
        return texts(
            "self {own}, customers: {missing}", own=own, missing=missing(texts, row.missing)
        )
    return texts(
        "self {own}, customers {theirs} (n = {n})",
        own=own,
        theirs=customers.value,
        n=customers.n,
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
    return None if value is None else charts.position(value, *ends, *EDGES)
