"""The digest as a page: what is asked for, and what can be asked for.

The bot writes what somebody wants as JSON for the process that makes the page; it knows no figure.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import takewhile

from storage.asking import campaigns
from storage.counting import attributes
from storage.counting.answered import first_answered
from storage.database import Reader
from storage.people import people
from storage.people.workspace import Workspace
from surveys.periods import Unit, Zone, containing, previous, zone_info
from surveys.reports.scope import COMPANY, Scope, read_scope
from templates.digest.part import told_apart
from templates.live.bar import OfferedParts
from templates.texts import Texts

_MOST: dict[Unit, int] = {"year": 30, "quarter": 40, "month": 60, "week": 13}
_LATEST = 20_000
"""At most this many customers are looked at to find out what attributes there are."""


@dataclass(frozen=True, slots=True)
class LiveAsked:
    """A page that somebody asks for: `path` is that of the digest's pages.

    Without a period it is the last month, without `against` compared with the period before.
    """

    path: str
    period: str | None = None
    scope: Scope = COMPANY
    against: str | None = None

    def written(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self)).encode()


def read_asked(text: str) -> LiveAsked:
    """Read what `written` wrote."""
    told = json.loads(text)
    return LiveAsked(**told | {"scope": read_scope(told["scope"])})


async def offered(reader: Reader, space: Workspace, now: datetime, texts: Texts) -> OfferedParts:
    """Return what a digest can be narrowed down by: who and what is known now."""
    since = await first_answered(reader) or now
    return OfferedParts(
        periods=[(unit, _keys(unit, since, now, space.zone)) for unit in _MOST],
        segments=await people.segments(reader),
        teams=await people.teams(reader),
        managers=[(one.id, one.name) for one in await people.managers(reader)],
        campaigns=await named_campaigns(reader, space.zone, texts),
        attributes=list(await attributes.known(reader, _LATEST)),
    )


async def named_campaigns(reader: Reader, zone: Zone, texts: Texts) -> list[tuple[int, str]]:
    """Return the campaigns that a digest can be about, so named that they can be told apart."""
    known = await campaigns.of_customers(reader)
    local = zone_info(zone)
    made = [(one.id, one.name, one.created_at.astimezone(local)) for one in known]
    return told_apart(texts, made)


def _keys(unit: Unit, since: datetime, now: datetime, zone: Zone) -> list[str]:
    """Return the periods of a unit from now back to the first answer, the latest first."""
    found = [containing(now, unit, zone)]
    while len(found) < _MOST[unit]:
        found.append(previous(found[-1], zone))
    first, *rest = found
    return [first.key, *(one.key for one in takewhile(lambda one: one.end > since, rest))]
