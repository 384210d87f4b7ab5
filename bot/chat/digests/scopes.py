"""What a planned digest may be about: the company, a segment, a team or a campaign."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.operations.reports.live import named_campaigns
from bot.operations.reports.parts import named
from storage.asking import campaigns
from storage.database import Reader
from storage.people import people
from surveys.periods import Zone
from surveys.reports.scope import COMPANY, Scope
from templates.digest.part import titled
from templates.texts import Texts

ScopeKind = Literal["all", "segment", "team", "campaign"]
_NAME = 12


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """What a button stands for; `key` is short, since names are too long for a button."""

    kind: ScopeKind
    key: str
    scope: Scope

    @property
    def parameters(self) -> dict[str, Any]:
        """Return it as a schedule keeps it, {} for the company."""
        return {
            name: value
            for name in ("segment", "team", "campaign")
            if (value := getattr(self.scope, name)) is not None
        }


async def names(
    reader: Reader, texts: Texts, zone: Zone, options: Sequence[ScopeChoice]
) -> Sequence[str]:
    """Name each of the choices; campaigns of one name by the day they were made as well."""
    made = dict(await named_campaigns(reader, zone, texts))
    found = []
    for one in options:
        campaign = one.scope.campaign
        if campaign is not None and campaign in made:
            found.append(texts("campaign «{name}»", name=made[campaign]))
        else:
            found.append(await title(reader, texts, {"scope": one.parameters}))
    return found


async def choices(reader: Reader) -> Sequence[ScopeChoice]:
    """Return all that there is to choose from, the company first."""
    return (
        ScopeChoice("all", "", COMPANY),
        *(_of("team", name, Scope(team=name)) for name in await people.teams(reader)),
        *(_of("segment", name, Scope(segment=name)) for name in await people.segments(reader)),
        *(
            ScopeChoice("campaign", str(one.id), Scope(campaign=one.id))
            for one in await campaigns.of_customers(reader)
        ),
    )


def _of(kind: ScopeKind, name: str, scope: Scope) -> ScopeChoice:
    return ScopeChoice(kind, hashlib.sha256(name.encode()).hexdigest()[:_NAME], scope)


async def title(reader: Reader, texts: Texts, parameters: Mapping[str, Any]) -> str:
    """Name what a schedule is about."""
    part = await named(reader, Scope(**parameters.get("scope", {})))
    return titled(texts, part) or texts("the whole company")
