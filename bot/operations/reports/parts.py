"""A part of the company as a digest names it, and what such a digest leaves to the company."""

from dataclasses import replace

from bot.errors import Refused
from storage.database import Reader
from storage.people import people
from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.scope import COMPANY, NamedPart, Scope


async def named(reader: Reader, scope: Scope) -> NamedPart | None:
    """Return a scope with its names, None for the company.

    Raises Refused where there is no such manager or campaign.
    """
    if scope == COMPANY:
        return None
    attribute, value = scope.attribute or (None, None)
    campaign = None
    if scope.campaign is not None:
        from bot.operations.campaigns.control import known_campaign  # noqa: PLC0415 (seldom asked)

        campaign = (await known_campaign(reader, scope.campaign)).name
    return NamedPart(
        segment=scope.segment,
        team=scope.team,
        manager_id=scope.manager,
        manager=None if scope.manager is None else await _manager(reader, scope.manager),
        campaign_id=scope.campaign,
        campaign=campaign,
        attribute=attribute,
        value=value,
    )


async def _manager(reader: Reader, number: int) -> str:
    """Return the name of a manager of now or of earlier."""
    person = await people.by_id(reader, number)
    if person is None or person.is_customer:
        raise Refused(
            mark("There is no manager {number}: digest.json has the numbers."), number=str(number)
        )
    return person.name


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
