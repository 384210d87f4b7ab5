"""A customer's card: who they are, what they were asked, what they said.

Scoped in SQL: only customers of the reader's circle are found.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select

from storage.answering import remarks
from storage.answering.invitations import BY_LINK
from storage.answering.remarks import Remark
from storage.asking.events import DEAL_CLOSED, is_day_of
from storage.engine.reading import Reader
from storage.people import people
from storage.people.circles import Circle, within
from storage.people.names import BY_NAME, has_word
from storage.people.people import Person
from storage.tables.events import events
from storage.tables.people import accounts
from storage.tables.people import people as table
from storage.tables.surveys import answers, definitions, invitations, questions

_FEWEST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class CardInvitation:
    """One invitation: which version of which survey, what became of it, the answers' JSON.

    `answers` are by question key, in the survey's order; an anonymous survey has none. `manager` is
    whoever they are about, as it was then. `link_unused`: nobody has opened the personal link yet.
    """

    invitation_id: int
    definition_id: int
    anonymous: bool
    state: str
    created_at: datetime
    finished_at: datetime | None
    link_unused: bool
    manager: str | None
    answers: Mapping[str, str]
    asked: Mapping[str, str]
    """The wording that words were typed under, as JSON by question key; not all are known."""
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """A purchase that the CRM told of; `number` is None where it named no deal.

    `manager`: the one whom the CRM named; `amount` is in the company's currency.
    """

    number: str | None
    closed_at: datetime
    manager: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Card:
    """Everything on a customer's card.

    `asked` are the latest of `asked_in_all` invitations, `deals` the latest of `deals_in_all`.
    """

    person: Person
    manager: str | None
    attributes: Mapping[str, str]
    asked: Sequence[CardInvitation]
    asked_in_all: int
    deals: Sequence[Deal] = ()
    deals_in_all: int = 0


class Listed(NamedTuple):
    """A customer in a list; `account`: the company they belong to."""

    id: int
    name: str
    account: str | None


async def card(reader: Reader, person_id: int, circle: Circle, latest: int = 5) -> Card | None:
    """Return a customer's card, or None where there is none for this reader to see."""
    manager = table.alias("manager")
    here = (manager.c.id == table.c.manager_id) & manager.c.left_at.is_(None)
    joined = table.outerjoin(manager, here)
    columns = (table.c.id, table.c.attributes, manager.c.name.label("manager"))
    mine = select(*columns).select_from(joined).where(table.c.id == person_id)
    row = await reader.first(mine.where(within(circle)))
    if row is None:
        return None
    person = await people.get(reader, person_id)
    everything = select(func.count()).where(invitations.c.person_id == person_id)
    closed = select(func.count()).where(_closed_with(person_id))
    return Card(
        person=person,
        manager=row["manager"],
        attributes=json.loads(row["attributes"]),
        asked=await _asked(reader, person_id, latest),
        asked_in_all=await reader.scalar(everything),
        deals=await _deals(reader, person, latest),
        deals_in_all=await reader.scalar(closed),
    )


def _closed_with(person_id: int) -> ColumnElement[bool]:
    return and_(events.c.person_id == person_id, events.c.name == DEAL_CLOSED)


async def _deals(reader: Reader, person: Person, latest: int) -> Sequence[Deal]:
    manager = table.alias("manager")
    found = (
        select(events.c.deal, events.c.received_at, events.c.amount, manager.c.name)
        .select_from(events.outerjoin(manager, manager.c.id == events.c.manager_id))
        .where(_closed_with(person.id))
        .order_by(events.c.received_at.desc(), events.c.id.desc())
        .limit(latest)
    )
    return [
        Deal(
            None if is_day_of(row["deal"], person, row["received_at"]) else row["deal"],
            row["received_at"],
            row["name"],
            row["amount"],
        )
        for row in await reader.all(found)
    ]


async def _asked(reader: Reader, person_id: int, latest: int) -> Sequence[CardInvitation]:
    manager = table.alias("manager")
    columns = (
        invitations.c.id.label("invitation_id"),
        invitations.c.definition_id,
        definitions.c.anonymous,
        invitations.c.state,
        invitations.c.created_at,
        invitations.c.finished_at,
        manager.c.name.label("manager"),
        and_(invitations.c.touchpoint == BY_LINK, invitations.c.sent_at.is_(None)).label(
            "link_unused"
        ),
    )
    joined = invitations.join(
        definitions, definitions.c.id == invitations.c.definition_id
    ).outerjoin(manager, manager.c.id == invitations.c.manager_id)
    mine = select(*columns).select_from(joined).where(invitations.c.person_id == person_id)
    rows = await reader.all(mine.order_by(invitations.c.id.desc()).limit(latest))
    numbers = [row["invitation_id"] for row in rows]
    given, said = await _answers(reader, numbers), await remarks.of_invitations(reader, numbers)
    return [
        CardInvitation(
            **row,
            answers={one["key"]: one["value"] for one in given if _of(row, one)},
            asked={one["key"]: one["asked"] for one in given if _of(row, one) and one["asked"]},
            remarks=[one for one in said if one.invitation_id == row["invitation_id"]],
        )
        for row in rows
    ]


def _of(row: RowMapping, one: RowMapping) -> bool:
    return bool(one["invitation_id"] == row["invitation_id"])


async def _answers(reader: Reader, invitation_ids: Sequence[int]) -> Sequence[RowMapping]:
    joined = (
        answers.join(questions, questions.c.id == answers.c.question_id)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .join(definitions, definitions.c.id == invitations.c.definition_id)
    )
    named = answers.c.invitation_id.in_(invitation_ids) & definitions.c.anonymous.is_(other=False)
    columns = (answers.c.invitation_id, questions.c.key, answers.c.value, answers.c.asked)
    return await reader.all(
        select(*columns).select_from(joined).where(named).order_by(questions.c.position)
    )


async def find(
    reader: Reader, text: str, circle: Circle, limit: int, skip: int = 0
) -> Sequence[Listed]:
    """Return customers whose name holds every word of `text`, by name; without a text, all of them.

    The text may also be a number in the CRM, or digits of the phone.
    """
    conditions = [within(circle), table.c.left_at.is_(None)]
    if text.strip():
        conditions.append(or_(*_matches(text.strip())))
    columns = (table.c.id, table.c.name, accounts.c.name.label("account"))
    found = select(*columns).select_from(table.outerjoin(accounts)).where(*conditions)
    rows = await reader.all(found.order_by(*BY_NAME).offset(skip).limit(limit))
    return [Listed(**row) for row in rows]


def _matches(text: str) -> list[ColumnElement[bool]]:
    words = [has_word(word) for word in text.split()]
    ways: list[ColumnElement[bool]] = [and_(*words), table.c.external_id == text]
    digits = "".join(mark for mark in text if mark.isdecimal())
    if len(digits) >= _FEWEST_DIGITS:
        ways.append(table.c.phone.contains(digits[-10:], autoescape=True))
    return ways
