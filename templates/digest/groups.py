"""Tables of groups: the NPS by segment, touchpoint, channel and the company's own attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.scores import BreakdownGroup, BreakdownTable, Group
from templates.digest.shown import ScoredShown, scored
from templates.texts import Texts
from templates.wording import DASH, named

LONGEST_LABEL: Final = 60
TOUCHPOINTS: Final = {
    "invitation": mark("Invited by the company"),
    "link": mark("By a link from the company"),
    "event": mark("After an event"),
    "manager": mark("Invited by the manager"),
    "open": mark("Open link"),
    "imported": mark("Imported"),
}
BY_CHANNEL: Final = mark("By where they answered")
CHANNELS: Final = {
    "telegram": mark("In Telegram"),
    "web": mark("On the web page"),
    "import": mark("Imported"),
}
_ALWAYS: Final = frozenset({"telegram", "import"})
"""Channels that every company has: where nobody came by another, there is nothing to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShown(ScoredShown):
    """A row: `ours` where the name is the program's own word."""

    name: str
    ours: bool
    share: str


class BreakdownShown(NamedTuple):
    """A table by one attribute; `apart` says how many anonymous answers are in no group."""

    caption: str
    rows: list[GroupShown]
    apart: str


def by_segment(texts: Texts, found: tuple[Group, ...]) -> list[GroupShown]:
    """Return a row for each segment."""
    return [_group(texts, group, group.label or group.group or DASH) for group in found]


def by_touchpoint(texts: Texts, found: tuple[Group, ...]) -> list[GroupShown]:
    """Return a row for each way of being asked."""
    return [_group(texts, group, _ours(texts, TOUCHPOINTS, group)) for group in found]


def by_channel(texts: Texts, found: tuple[Group, ...]) -> list[GroupShown]:
    """Return a row for each way of answering, where there is more than Telegram."""
    if all(group.group in _ALWAYS for group in found):
        return []
    return [_group(texts, group, _ours(texts, CHANNELS, group)) for group in found]


def _ours(texts: Texts, names: Mapping[str, str], group: Group) -> str:
    if group.group in names:
        return named(texts, names, group.group)
    return group.label or group.group or DASH


def breakdowns(texts: Texts, document: Digest) -> list[BreakdownShown]:
    """Return a table for each of the company's own attributes that has anything to show."""
    return [_breakdown(texts, table) for table in document.breakdowns if table.groups]


def _breakdown(texts: Texts, table: BreakdownTable) -> BreakdownShown:
    return BreakdownShown(
        caption=texts("By «{attribute}»", attribute=_cut(table.name)),
        rows=[_of_attribute(texts, group) for group in table.groups],
        apart=_apart(texts, table.apart),
    )


def _of_attribute(texts: Texts, group: BreakdownGroup) -> GroupShown:
    names: Mapping[str, str] = {
        "value": _cut(group.label) or DASH,
        "others": texts.plural("others ({n} value)", "others ({n} values)", group.values),
        "unstated": texts("not stated"),
    }
    return _group(texts, group, names[group.kind], ours=group.kind != "value")


def _apart(texts: Texts, n: int) -> str:
    if n == 0:
        return ""
    return texts.plural(
        "{n} anonymous answer is in no group here.",
        "{n} anonymous answers are in no group here.",
        n,
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _group(texts: Texts, group: Group, name: str, *, ours: bool = False) -> GroupShown:
    found = scored(texts, group)
    return GroupShown(
        name=name,
        ours=ours,
        share=texts.percent(group.share / 100),
        n=found.n,
        score=found.score,
        whisker=found.whisker,
        missing=found.missing,
    )
