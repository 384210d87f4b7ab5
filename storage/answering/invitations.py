"""Invitations: one person asked once in one wave, from queued to closed, and their answers.

States: queued → sent → opened → started → finished, or instead expired, unreachable, unknown
(nobody knows whether it was delivered), cancelled. A survey takes answers until it closes,
also after it was finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from storage.engine.columns import Moment, is_one_of
from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief, quiet
from storage.errors import AlreadyInvited, NotFound
from storage.people import circles
from storage.tables.people import people
from storage.tables.surveys import definitions, questions
from storage.tables.surveys import invitations as table
from surveys.messages import Message

OPEN = ("sent", "opened", "started", "unknown", "unreachable")
"""States in which a survey waits for the person; an unreachable one may come back."""
UNFINISHED = ("queued", "sent", "opened", "started", "unknown")
BY_LINK = "link"
"""The touchpoint of people asked by a personal link that the company sends in its own way."""
BY_OPEN_LINK = "open"
"""The touchpoint of people who came by a link for everybody: nobody chose to ask them."""
BY_MANAGER = "manager"
"""The touchpoint of people whose own manager chose to give them a link."""
_UNSENT = ("queued", "unknown", "unreachable")
_MANAGER = people.alias("manager")
SNAPSHOT: tuple[ColumnElement[Any], ...] = (
    select(_MANAGER.c.id)
    .where(_MANAGER.c.id == people.c.manager_id, _MANAGER.c.left_at.is_(None))
    .correlate(people)
    .scalar_subquery()
    .label("manager_id"),
    circles.TEAM.label("team"),
    people.c.segment,
    people.c.account_id,
    func.nullif(people.c.attributes, "{}").label("attributes"),
)
"""What an invitation keeps of a person, so that later changes move no old answer.

After a manager has left, the customers have none until somebody takes them over. Lists name
the manager's team, seldom the customer's: the team is the one by which rights go.
"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One person asked once; manager, team, segment and account are as they were then.

    `alerted_question` is the low answer of which the staff was told first, as it was then:
    `alerted_score`; alerts of earlier versions name no question.
    """

    id: int
    wave_id: int
    person_id: int
    definition_id: int
    anonymous: bool
    touchpoint: str
    manager_id: int | None
    team: str | None
    segment: str | None
    account_id: int | None
    state: str
    current_question: str | None
    message_id: int | None
    created_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    closes_at: datetime
    closed_at: datetime | None
    remind_at: datetime | None
    reminded_at: datetime | None
    channel: str
    alerted_score: int | None
    alerted_question: str | None
    manager_name: str | None


_ELSEWHERE = {"anonymous", "manager_name"}
_ABOUT = people.alias("about")
_ROWS = select(
    *(table.c[name] for name in Invitation.__dataclass_fields__ if name not in _ELSEWHERE),
    definitions.c.anonymous,
    _ABOUT.c.name.label("manager_name"),
).select_from(
    table.join(definitions, definitions.c.id == table.c.definition_id).outerjoin(
        _ABOUT, _ABOUT.c.id == table.c.manager_id
    )
)
_NUMBER: BindParameter[int] = bindparam("number", type_=table.c.id.type)
_MOMENT: BindParameter[datetime] = bindparam("moment", type_=Moment())
ONE = brief(_ROWS.where(table.c.id == _NUMBER))
_ARRIVED = brief(
    update(table)
    .where(table.c.id == _NUMBER)
    .values(
        message_id=func.coalesce(
            bindparam("message", type_=table.c.message_id.type), table.c.message_id
        ),
        sent_at=func.coalesce(table.c.sent_at, _MOMENT),
        # Not IN: a statement for many rows takes no list.
        state=case(*((table.c.state == one, "sent") for one in _UNSENT), else_=table.c.state),
    )
)
_MINE = _ROWS.where(table.c.person_id == _NUMBER)
_NOT_CLOSED = and_(table.c.closed_at.is_(None), table.c.closes_at > _MOMENT)
_CHANGING = and_(table.c.state == "finished", table.c.current_question.is_not(None))
_OPEN_OF = brief(
    _MINE.where(_NOT_CLOSED, or_(is_one_of(table.c.state, OPEN), _CHANGING))
    .order_by(case((table.c.state == "finished", 1), else_=0), table.c.id.desc())
    .limit(1)
)
_BY_LINK = brief(
    _MINE.where(table.c.state == "queued", table.c.touchpoint == BY_LINK, _NOT_CLOSED).order_by(
        table.c.id.desc()
    )
)
_LATEST_OF = brief(
    _MINE.where(
        or_(table.c.sent_at.is_not(None), table.c.started_at.is_not(None)),
        table.c.import_key.is_(None),
    )
    .order_by(table.c.id.desc())
    .limit(1)
)
_SET_MESSAGE = quiet(
    brief(update(table).where(table.c.id == _NUMBER).values(message_id=bindparam("message")))
)


def invitation_rows() -> Select[Any]:
    """Return the query of whole invitations, with what stands in other tables."""
    return _ROWS


async def create(  # noqa: PLR0913, PLR0917 - what an invitation is made of
    tx: Transaction,
    wave_id: int,
    person_id: int,
    definition_id: int,
    touchpoint: str,
    now: datetime,
    closes_at: datetime,
    remind_at: datetime | None,
    *,
    manager_id: int | None = None,
) -> Invitation:
    """Invite a person, keeping manager, team, segment, account and attributes as they are now.

    `manager_id`: whom it is about, where that is not the person's own manager. The first question
    is the current one. Raises AlreadyInvited, NotFound.
    """
    person = await tx.first(select(*SNAPSHOT).where(people.c.id == person_id))
    if person is None:
        raise NotFound(what=Message("person"), key=str(person_id))
    first = select(questions.c.key).where(
        questions.c.definition_id == definition_id, questions.c.position == 0
    )
    statement = tx.insert(table).values(
        wave_id=wave_id,
        person_id=person_id,
        definition_id=definition_id,
        touchpoint=touchpoint,
        **dict(person) | ({} if manager_id is None else {"manager_id": manager_id}),
        state="queued",
        current_question=await tx.scalar(first),
        created_at=now,
        closes_at=closes_at,
        remind_at=remind_at,
    )
    once = statement.on_conflict_do_nothing(index_elements=["wave_id", "person_id"])
    invitation_id = await tx.scalar(once.returning(table.c.id))
    if invitation_id is None:
        raise AlreadyInvited(wave_id, person_id)
    return await get(tx, invitation_id)


async def by_id(reader: Reader, invitation_id: int) -> Invitation | None:
    """Return an invitation."""
    row = await reader.first(ONE, {"number": invitation_id})
    return None if row is None else Invitation(**row)


async def get(reader: Reader, invitation_id: int) -> Invitation:
    """Return an invitation; raises NotFound."""
    invitation = await by_id(reader, invitation_id)
    if invitation is None:
        raise NotFound(what=Message("invitation"), key=str(invitation_id))
    return invitation


async def open_of(reader: Reader, person_id: int, now: datetime) -> Invitation | None:
    """Return the survey that is open before a person now, or whose answers are being changed."""
    row = await reader.first(_OPEN_OF, {"number": person_id, "moment": now})
    return None if row is None else Invitation(**row)


async def by_link(reader: Reader, person_id: int, now: datetime) -> Sequence[Invitation]:
    """Return the surveys that personal links hold for somebody new here, the latest first."""
    rows = await reader.all(_BY_LINK, {"number": person_id, "moment": now})
    return [Invitation(**row) for row in rows]


async def latest_of(reader: Reader, person_id: int) -> Invitation | None:
    """Return the last survey that a person has seen."""
    row = await reader.first(_LATEST_OF, {"number": person_id})
    return None if row is None else Invitation(**row)


async def note_alerted(tx: Transaction, invitation_id: int, question: str, score: int) -> None:
    """Note the low answer that the staff is told of first, so that a change is told too."""
    which = table.c.id == invitation_id
    await _set(tx, which, alerted_question=question, alerted_score=score)


async def answered_by(tx: Transaction, invitation_id: int, channel: str) -> None:
    """Note by which channel the first answer came."""
    await _set(tx, table.c.id == invitation_id, channel=channel)


async def remind(tx: Transaction, invitation_id: int, remind_at: datetime | None) -> None:
    """Set when the one reminder is due."""
    await _set(tx, table.c.id == invitation_id, remind_at=remind_at)


async def set_touchpoint(tx: Transaction, invitation_id: int, touchpoint: str) -> None:
    """Note by which way the person came to the survey after all."""
    await _set(tx, table.c.id == invitation_id, touchpoint=touchpoint)


async def of_person(reader: Reader, person_id: int) -> Sequence[Invitation]:
    """Return everything a person was asked, the latest first."""
    mine = invitation_rows().where(table.c.person_id == person_id).order_by(table.c.id.desc())
    return [Invitation(**row) for row in await reader.all(mine)]


_START = quiet(
    brief(
        update(table)
        .where(table.c.id == _NUMBER, table.c.started_at.is_(None))
        .values(
            opened_at=func.coalesce(table.c.opened_at, _MOMENT),
            started_at=_MOMENT,
            state=case(
                (is_one_of(table.c.state, (*_UNSENT, "sent", "opened")), "started"),
                else_=table.c.state,
            ),
        )
    )
)


async def start(tx: Transaction, invitation_id: int, now: datetime) -> None:
    """Note the first answer; a finished survey stays finished."""
    tx.later(_START, {"number": invitation_id, "moment": now})


async def start_over(tx: Transaction, invitation_id: int) -> None:
    """Note that the answers that had been begun are lost."""
    begun = (table.c.id == invitation_id) & (table.c.state == "started")
    await _set(tx, begun, started_at=None, state="opened")


_DELIVERED = is_one_of(table.c.state, ("sent", "unknown"))
_SHOW = quiet(
    brief(
        update(table)
        .where(table.c.id == _NUMBER)
        .values(
            current_question=bindparam("question"),
            opened_at=case(
                (_DELIVERED, func.coalesce(table.c.opened_at, _MOMENT)), else_=table.c.opened_at
            ),
            state=case((_DELIVERED, "opened"), else_=table.c.state),
        )
    )
)


async def show(tx: Transaction, invitation_id: int, question_key: str, now: datetime) -> None:
    """Note which question is before the person, which also means that the survey was opened."""
    tx.later(_SHOW, {"number": invitation_id, "question": question_key, "moment": now})


async def set_message(tx: Transaction, invitation_id: int, message_id: int) -> None:
    """Note the message in which the survey now stands."""
    tx.later(_SET_MESSAGE, {"number": invitation_id, "message": message_id})


async def sent(tx: Transaction, invitation_id: int, message_id: int | None, now: datetime) -> None:
    """Note a delivery of the invitation or its reminder; None: it has no message."""
    await all_sent(tx, [(invitation_id, message_id)], now)


async def all_sent(
    tx: Transaction, arrived: Sequence[tuple[int, int | None]], now: datetime
) -> None:
    """Note several deliveries, given as pairs of invitation and message."""
    rows = [{"number": number, "message": message, "moment": now} for number, message in arrived]
    await tx.run(_ARRIVED, rows)


async def failed(tx: Transaction, invitation_id: int, _now: datetime) -> None:
    """Note that an invitation cannot be delivered; one that was delivered before stays as it is."""
    undelivered = table.c.state.in_(("queued", "unknown"))
    await _set(tx, (table.c.id == invitation_id) & undelivered, state="unreachable")


async def unknown(tx: Transaction, invitation_id: int) -> None:
    """Note that nobody knows whether the invitation was delivered."""
    await _set(tx, (table.c.id == invitation_id) & (table.c.state == "queued"), state="unknown")


_FINISH = quiet(
    brief(
        update(table)
        .where(table.c.id == _NUMBER)
        .values(
            state="finished",
            current_question=None,
            **{
                name: func.coalesce(table.c[name], _MOMENT)
                for name in ("opened_at", "started_at", "finished_at")
            },
        )
    )
)


async def finish(tx: Transaction, invitation_id: int, now: datetime) -> None:
    """Note that the survey has been answered; the first time counts."""
    tx.later(_FINISH, {"number": invitation_id, "moment": now})


async def take_back(tx: Transaction, invitation_id: int, now: datetime) -> None:
    """Note that an invitation will not be sent after all."""
    queued = (table.c.id == invitation_id) & (table.c.state == "queued")
    await _set(tx, queued, state="cancelled", current_question=None, closed_at=now)


async def _set(tx: Transaction, which: ColumnElement[bool], **values: Any) -> None:
    await tx.run(brief(update(table).where(which).values(**values)))
