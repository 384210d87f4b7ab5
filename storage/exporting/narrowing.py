"""The rows of a part of the company: by the invitation where there is one, else by the person."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from storage.counting import attributes
from storage.engine.reading import Reader
from storage.tables.people import people
from storage.tables.surveys import decisions, invitations, waves
from surveys.reports.scope import COMPANY, Scope

Conditions = list[ColumnElement[bool]]


def of_invitation(reader: Reader, scope: Scope) -> Conditions:
    """Return what invitations must fit, as each was made; nothing for the company."""
    return [] if scope == COMPANY else [attributes.only(reader.dialect, scope)]


def of_person(reader: Reader, scope: Scope) -> Conditions:
    """Return what people must fit as they are now: of a campaign who was asked by it."""
    asked = (
        exists()
        .where(decisions.c.person_id == people.c.id, decisions.c.reason.is_(None))
        .where(decisions.c.wave_id.in_(_waves(scope)))
    )
    fitting = attributes.fitting(reader.dialect, scope, people)
    return fitting if scope.campaign is None else [*fitting, asked]


def of_either(reader: Reader, scope: Scope, *, campaign: ColumnElement[bool]) -> Conditions:
    """Return what rows must fit that have a person, and an invitation where there was one.

    `campaign`: what rows without an invitation must fit where a campaign is named.
    """
    if scope == COMPANY:
        return []
    invited = and_(invitations.c.id.is_not(None), *of_invitation(reader, scope))
    now = attributes.fitting(reader.dialect, scope, people)
    if scope.campaign is not None:
        now.append(campaign)
    return [or_(invited, and_(invitations.c.id.is_(None), *now))]


def of_campaign(column: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a wave is one of the scope's campaign."""
    return column.in_(_waves(scope))


def _waves(scope: Scope) -> Select[Any]:
    return select(waves.c.id).where(waves.c.campaign_id == scope.campaign)
