"""What stands above the digest where it is a page: the way to the others, the period, the filter.

Nothing in it belongs to one session, so that a page can be kept for whoever asks for it next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from surveys.messages import mark
from surveys.reports.scope import COMPANY, NamedPart, Scope
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
class LiveBar:
    """The bar as the page shows it; an empty list of choices is not offered."""

    path: str
    ways: Sequence[Way]
    chosen: str
    unfiltered: str
    periods: Sequence[ChoiceGroup]
    against: Sequence[BarChoice]
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


def query_of(period: str | None, scope: Scope = COMPANY, against: str | None = None) -> str:
    """Return what an address ends with that names a period and a part of the company."""
    attribute, value = scope.attribute or (None, None)
    named = {
        "period": period,
        "against": against,
        "segment": scope.segment,
        "team": scope.team,
        "manager": scope.manager,
        "campaign": scope.campaign,
        "attribute": attribute,
        "value": value,
    }
    chosen = {name: wanted for name, wanted in named.items() if wanted}
    return f"?{urlencode(chosen)}" if chosen else ""


def ways(texts: Texts, path: str, here: str, query: str) -> list[Way]:
    """Return the ways between the pages, each with the same end of the address."""
    return [Way(texts(name), f"{path}{end}{query}", end == here) for end, name in PLACES]


def bar(
    texts: Texts,
    path: str,
    period: str,
    part: NamedPart | None,
    offered: OfferedParts,
    against: str | None = None,
) -> LiveBar:
    """Return the bar of a digest; what is chosen is offered even where nobody has it any more."""
    now = part or NamedPart()
    attribute = (now.attribute, now.value) if now.attribute and now.value else None
    scope = Scope(now.segment, now.team, now.manager_id, now.campaign_id, attribute)
    manager = [] if now.manager_id is None else [(now.manager_id, now.manager or "")]
    campaign = [] if now.campaign_id is None else [(now.campaign_id, now.campaign or "")]
    return LiveBar(
        path=path,
        ways=ways(texts, path, "", query_of(period, scope, against)),
        unfiltered=f"{path}{query_of(period, against=against)}",
        chosen=texts.period(period),
        periods=_periods(texts, period, offered.periods),
        against=_earlier(texts, period, offered.periods, against),
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


def _earlier(
    texts: Texts,
    period: str,
    offered: Sequence[tuple[str, Sequence[str]]],
    chosen: str | None,
) -> list[BarChoice]:
    """Return the periods of the same length that a period can be compared with."""
    alike = next((keys for _, keys in offered if period in keys), ())
    keys = [key for key in alike if key < period]
    wanted = [] if chosen is None or chosen in keys else [chosen]
    return [BarChoice(key, texts.period(key), key == chosen) for key in [*wanted, *keys]]


def _named(names: Sequence[str], chosen: str | None) -> list[BarChoice]:
    wanted = [] if chosen is None else [chosen]
    return [BarChoice(one, one, one == chosen) for one in dict.fromkeys([*names, *wanted])]


def _numbered(known: Sequence[tuple[int, str]], chosen: int | None) -> list[BarChoice]:
    """Return each once, by the first of its names."""
    names = dict(reversed(known))
    return [BarChoice(str(one), names[one], one == chosen) for one in dict(known)]
