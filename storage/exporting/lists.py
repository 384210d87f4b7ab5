"""People, cases and the ledger of decisions, a row each."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, select

from storage.counting import attributes
from storage.engine.reading import Reader
from storage.exporting.batches import Record, Records, batches, of_survey
from storage.exporting.narrowing import of_campaign, of_either, of_person
from storage.people.addresses import IS_WRITTEN_TO
from storage.tables.cases import case_events, cases
from storage.tables.people import accounts, people
from storage.tables.surveys import campaigns, decisions, definitions, invitations, waves
from surveys.periods import Period
from surveys.reports.scope import COMPANY, Scope

_MANAGERS = people.alias("managers")
_HOLDERS = people.alias("holders")


async def persons(reader: Reader, scope: Scope = COMPANY) -> AsyncIterator[Records]:
    """Yield everybody who is known, staff and those who have left included."""
    found = (
        select(
            people,
            accounts.c.name.label("company"),
            _MANAGERS.c.external_id.label("manager_external_id"),
            _MANAGERS.c.name.label("manager"),
            IS_WRITTEN_TO.label("in_messenger"),
        )
        .outerjoin(accounts, accounts.c.id == people.c.account_id)
        .outerjoin(_MANAGERS, _MANAGERS.c.id == people.c.manager_id)
        .where(*of_person(reader, scope))
    )
    async for rows in batches(reader, found, people.c.id):
        yield rows


async def cases_opened(
    reader: Reader, period: Period | None, survey: str | None, scope: Scope = COMPANY
) -> AsyncIterator[Sequence[tuple[Record, Records]]]:
    """Yield the cases opened in a period (None: all), each with what was noted and written in it.

    A case without an invitation, which a customer's own letter opened, has no survey.
    """
    manager = func.coalesce(invitations.c.manager_id, people.c.manager_id)
    found = (
        select(
            cases,
            people.c.external_id.label("customer_external_id"),
            people.c.name.label("customer"),
            _HOLDERS.c.name.label("assignee"),
            _MANAGERS.c.name.label("manager"),
            definitions.c.key.label("survey"),
        )
        .join(people, people.c.id == cases.c.person_id)
        .outerjoin(invitations, invitations.c.id == cases.c.invitation_id)
        .outerjoin(definitions, definitions.c.id == invitations.c.definition_id)
        .outerjoin(_HOLDERS, _HOLDERS.c.id == cases.c.assignee_id)
        .outerjoin(_MANAGERS, _MANAGERS.c.id == manager)
        .where(*_within(cases.c.opened_at, period), *of_survey(survey))
        .where(*of_either(reader, scope, campaign=false()))
    )
    async for rows in batches(reader, found, cases.c.id):
        notes = await _notes(reader, rows[0]["id"], rows[-1]["id"])
        yield [(row, notes[row["id"]]) for row in rows]


async def _notes(reader: Reader, first: int, last: int) -> Mapping[int, list[Record]]:
    said = case_events.c.kind.in_(("note", "said", "replied"))
    kept = select(case_events).where(case_events.c.case_id.between(first, last), said)
    notes: dict[int, list[Record]] = defaultdict(list)
    for row in await reader.all(kept.order_by(case_events.c.id)):
        notes[row["case_id"]].append(dict(row))
    return notes


async def ledger(
    reader: Reader, period: Period | None, survey: str | None, scope: Scope = COMPANY
) -> AsyncIterator[Records]:
    """Yield the decisions of a period (None: all) about whom to ask, wave by wave.

    For an anonymous survey nothing is told that followed the decision: who answered, with five
    others, would be a step towards what they answered.
    """
    invited = and_(
        invitations.c.wave_id == decisions.c.wave_id,
        invitations.c.person_id == decisions.c.person_id,
    )
    followed = (
        case((definitions.c.anonymous.is_(other=False), invitations.c[name])).label(name)
        for name in ("state", "touchpoint", "sent_at", "opened_at", "started_at", "finished_at")
    )
    found = (
        select(
            decisions.c.wave_id,
            decisions.c.person_id,
            decisions.c.reason,
            decisions.c.due_at,
            decisions.c.decided_at,
            definitions.c.key.label("survey"),
            definitions.c.anonymous,
            campaigns.c.name.label("campaign"),
            waves.c.label.label("wave"),
            people.c.external_id.label("person_external_id"),
            people.c.name.label("person"),
            *followed,
        )
        .join(waves, waves.c.id == decisions.c.wave_id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(definitions, definitions.c.id == campaigns.c.definition_id)
        .join(people, people.c.id == decisions.c.person_id)
        .outerjoin(invitations, invited)
        .where(*_within(decisions.c.decided_at, period), *of_survey(survey))
        .where(*of_either(reader, scope, campaign=of_campaign(decisions.c.wave_id, scope)))
    )
    async for rows in batches(reader, found, decisions.c.wave_id, decisions.c.person_id):
        yield rows


def _within(moment: ColumnElement[Any], period: Period | None) -> list[ColumnElement[bool]]:
    return [] if period is None else [moment >= period.start, moment < period.end]


async def attribute_names(reader: Reader) -> Sequence[str]:
    """Return the names of all attributes that people have."""
    return await attributes.names(reader, people)
