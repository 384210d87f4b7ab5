"""A part of the company as a digest names it, and what such a digest leaves to the company."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.errors import Refused
from storage.counting import attributes, parts
from storage.database import Reader
from storage.errors import NotFound
from storage.people import people
from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.scope import COMPANY, NamedPart, Scope

_FEW: Final = 8
"""A refusal names so many of those there are."""
_LATEST: Final = 20_000
_NO_PART: Final = {
    "segment": mark("There is no segment «{name}». Known: {known}."),
    "team": mark("There is no team «{name}». Known: {known}."),
}
_NO_ATTRIBUTE: Final = mark("No customer has an attribute «{name}». Known: {known}.")
_NO_VALUE: Final = mark("Nobody has «{value}» as the attribute «{name}». Known: {known}.")
_NO_MANAGER: Final = mark("There is no manager {number}. Known: {known}.")
_NO_CAMPAIGN: Final = mark("There is no campaign {number}. Known: {known}.")


async def typed(reader: Reader, scope: Scope) -> NamedPart | None:
    """Return a scope that somebody has typed with its names, None for the company.

    Raises Refused for what nobody is or has, and nobody was or had when they were asked.
    """
    for name, template in _NO_PART.items():
        wanted = getattr(scope, name)
        if wanted is not None and not await parts.has(reader, name, wanted):
            known = _few(await parts.of(reader, name, _FEW + 1))
            raise Refused(template, name=wanted, known=known or "—")
    if scope.attribute is not None and not await parts.has_value(reader, *scope.attribute):
        name, value = scope.attribute
        known = _few(await parts.values_of(reader, name, _FEW + 1))
        if known:
            raise Refused(_NO_VALUE, name=name, value=value, known=known)
        known = _few([*await attributes.known(reader, _LATEST)])
        raise Refused(_NO_ATTRIBUTE, name=name, known=known or "—")
    return await named(reader, scope)


def _few(found: Sequence[str]) -> list[str]:
    """Return the first few names, and a sign that there are more."""
    return [*found[:_FEW], *(["…"] if len(found) > _FEW else [])]


async def named(reader: Reader, scope: Scope) -> NamedPart | None:
    """Return a scope with its names, None for the company.

    Raises Refused where there is no such manager or campaign.
    """
    if scope == COMPANY:
        return None
    attribute, value = scope.attribute or (None, None)
    return NamedPart(
        segment=scope.segment,
        team=scope.team,
        manager_id=scope.manager,
        manager=None if scope.manager is None else await _manager(reader, scope.manager),
        campaign_id=scope.campaign,
        campaign=None if scope.campaign is None else await _campaign(reader, scope.campaign),
        attribute=attribute,
        value=value,
    )


async def _manager(reader: Reader, number: int) -> str:
    """Return the name of a manager of now or of earlier."""
    person = await people.by_id(reader, number)
    if person is None or not (person.is_manager or await parts.was_manager(reader, number)):
        present = [(one.id, one.name) for one in await people.managers(reader)]
        raise Refused(_NO_MANAGER, number=str(number), known=_numbered(present))
    return person.name


async def _campaign(reader: Reader, number: int) -> str:
    """Return the name of a campaign."""
    from storage.asking import campaigns  # noqa: PLC0415 (seldom asked)

    try:
        return (await campaigns.get(reader, number)).name
    except NotFound as error:
        asked = [(one.id, one.name) for one in await campaigns.of_customers(reader, _FEW + 1)]
        raise Refused(_NO_CAMPAIGN, number=str(number), known=_numbered(asked)) from error


def _numbered(found: Sequence[tuple[int, str]]) -> list[str] | str:
    """Return the first few with their numbers, by which they are named."""
    return _few([f"{number} {name}" for number, name in found]) or "—"


def of_part(document: Digest, part: NamedPart) -> Digest:
    """Return the digest of a part, without what is the whole company's alone.

    Facts, cases and the index over all criteria are of everybody, and what was sent was too.
    """
    return replace(
        document,
        part=part,
        scorecard=replace(document.scorecard, others=()),
        effectiveness=None,
        money=None,
        departures=None,
        casework=None,
        moved=None,
    )
