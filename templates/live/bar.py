"""What stands above the digest where it is a page: the way to the others, the period, the filter.

Nothing in it belongs to one session, so that a page can be kept for whoever asks for it next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from surveys.messages import mark
from surveys.reports.scope import NamedPart
from templates.texts import Texts

PLACES = (
    ("", mark("Digest")),
    ("/criteria", mark("Criteria")),
    ("/cases", mark("Cases")),
    ("/rows", mark("Data")),
    ("/out", mark("End the session")),
)
"""The pages beside the digest: the end of the address, and the name."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page; `here`: it is the one that is shown."""

    text: str
    url: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class BarChoice:
    """What can be chosen: `value` as the address has it."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices that belong together below a label."""

    label: str
    choices: Sequence[BarChoice]


@dataclass(frozen=True, slots=True)
class OfferedParts:
    """What the company's digest can be narrowed down by.

    `years`, `quarters`, `months`, `weeks`: keys of periods; managers and campaigns with numbers.
    """

    periods: Sequence[tuple[str, Sequence[str]]]
    segments: Sequence[str]
    teams: Sequence[str]
    managers: Sequence[tuple[int, str]]
    campaigns: Sequence[tuple[int, str]]
    attributes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar as the page shows it; an empty list of choices is not offered."""

    path: str
    ways: Sequence[Way]
    chosen: str
    periods: Sequence[ChoiceGroup]
    segments: Sequence[BarChoice]
    teams: Sequence[BarChoice]
    managers: Sequence[BarChoice]
    campaigns: Sequence[BarChoice]
    attributes: Sequence[BarChoice]
    value: str


UNITS = {
    "year": mark("Years"),
    "quarter": mark("Quarters"),
    "month": mark("Months"),
    "week": mark("Weeks"),
}


def ways(texts: Texts, path: str, here: str, period: str) -> list[Way]:
    """Return the ways between the pages, each for the same period."""
    query = f"?{urlencode({'period': period})}" if period else ""
    return [Way(texts(name), f"{path}{end}{query}", end == here) for end, name in PLACES]


def bar(texts: Texts, path: str, period: str, part: NamedPart | None, offered: OfferedParts) -> Bar:
    """Return the bar of a digest; what is chosen is offered even where nobody has it any more."""
    now = part or NamedPart()
    manager = [] if now.manager_id is None else [(now.manager_id, now.manager or "")]
    campaign = [] if now.campaign_id is None else [(now.campaign_id, now.campaign or "")]
    return Bar(
        path=path,
        ways=ways(texts, path, "", period),
        chosen=texts.period(period),
        periods=_periods(texts, period, offered.periods),
        segments=_named(offered.segments, now.segment),
        teams=_named(offered.teams, now.team),
        managers=_numbered([*offered.managers, *manager], now.manager_id),
        campaigns=_numbered([*offered.campaigns, *campaign], now.campaign_id),
        attributes=_named(offered.attributes, now.attribute),
        value=now.value or "",
    )


def _periods(
    texts: Texts, period: str, offered: Sequence[tuple[str, Sequence[str]]]
) -> list[ChoiceGroup]:
    known = {key for _, keys in offered for key in keys}
    found = (
        []
        if period in known
        else [ChoiceGroup("", [BarChoice(period, texts.period(period), chosen=True)])]
    )
    found += [
        ChoiceGroup(
            texts(UNITS[unit]), [BarChoice(key, texts.period(key), key == period) for key in keys]
        )
        for unit, keys in offered
        if keys
    ]
    return found


def _named(names: Sequence[str], chosen: str | None) -> list[BarChoice]:
    wanted = [] if chosen is None else [chosen]
    return [BarChoice(one, one, one == chosen) for one in dict.fromkeys([*names, *wanted])]


def _numbered(known: Sequence[tuple[int, str]], chosen: int | None) -> list[BarChoice]:
    return [BarChoice(str(one), name, one == chosen) for one, name in dict(known).items()]
