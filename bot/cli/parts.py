"""The options that name a part of the company: of which segment, team, manager, campaign."""

from typing import Annotated

import typer

from surveys.messages import mark
from surveys.reports.scope import Scope

SegmentOption = Annotated[str | None, typer.Option(help="Only of this segment.")]
TeamOption = Annotated[str | None, typer.Option(help="Only of this team.")]
ManagerOption = Annotated[
    int | None, typer.Option(help="Only of this manager: manager_id as digest.json has it.")
]
CampaignOption = Annotated[
    int | None, typer.Option(help="Only of this campaign: otklik campaign list.")
]
AttributeOption = Annotated[
    str | None, typer.Option(help="Only of customers with this: NAME=VALUE.")
]


def scope_of(
    segment: str | None,
    team: str | None,
    manager: int | None,
    campaign: int | None,
    attribute: str | None,
) -> Scope:
    """Return the part that the options name. Raises Refused."""
    return Scope(segment, team, manager, campaign, _attribute(attribute))


def _attribute(text: str | None) -> tuple[str, str] | None:
    """Read NAME=VALUE."""
    if text is None:
        return None
    from bot.errors import Refused

    name, sign, value = text.partition("=")
    if not sign or not name:
        raise Refused(mark("--attribute needs NAME=VALUE, as in city=Omsk."))
    return name, value
