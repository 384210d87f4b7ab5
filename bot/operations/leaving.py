"""Somebody leaves: rights end at once, a manager's customers go to a colleague, admins are told.

By hand, in the chat or on the command line, or by a list. Somebody who is on a later list is back.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.campaigns import low_score_alerts
from bot.operations.compose import texts_for, to_staff
from bot.says import screens
from bot.says.said import Show
from storage.database import Database, Reader, Transaction
from storage.people import leaving, people, workspace
from storage.people.addresses import of_telegram
from storage.people.lists.listed import ListedRole
from storage.people.people import Person
from storage.sending import outbox
from surveys.messages import mark
from templates.texts import Texts

_NAMED = 10
_ROLES: tuple[ListedRole, ...] = ("customer", "manager")


@dataclass(frozen=True, slots=True)
class LetGo:
    """What a leaving did: surveys closed, messages not sent, customers handed over.

    `unattended` customers have a manager who has left.
    """

    surveys: int
    messages: int
    handed_over: int
    unattended: int


async def let_go(
    tx: Transaction, person: Person, successor: Person | None, by: Person | None, now: datetime
) -> LetGo:
    """End everything of a person who leaves; a manager's customers go to the `successor`.

    `by` is the admin who says so; None: the command line. Raises LastAdmin.
    """
    waiting = await low_score_alerts.waiting_for(tx, [person.id])
    ended = await leaving.leave(tx, [person.id], now)
    moved = 0 if successor is None else await leaving.hand_over(tx, person.id, successor.id, now)
    left = await leaving.unattended(tx, person.id)
    await low_score_alerts.pass_on(tx, waiting, now)
    if person.left_at is None and not person.is_customer:
        await tell_admins_but((person, by), tx, f"left:{person.id}", _has_left(person, by), now)
    return LetGo(ended.surveys, ended.messages, moved, left)


async def withdraw(tx: Transaction, admin: Person, by: Person | None, now: datetime) -> None:
    """Take an admin's rights back and tell the other admins. Raises LastAdmin."""
    waiting = await low_score_alerts.waiting_for(tx, [admin.id])
    await leaving.withdraw(tx, admin.id, now)
    await low_score_alerts.pass_on(tx, waiting, now)

    def sentence(texts: Texts) -> str:
        return texts(
            "{name} is no longer an admin. Done by: {by}.", name=admin.name, by=actor(texts, by)
        )

    await tell_admins_but((admin, by), tx, f"no_admin:{admin.id}", sentence, now)


async def take_person_back(
    tx: Transaction, person: Person, by: Person | None, now: datetime
) -> None:
    """Take back that somebody has left; the other admins are told where it is one of the staff."""
    await people.change(tx, person.id, left_at=None)

    def sentence(texts: Texts) -> str:
        return texts("{name} is back. Done by: {by}.", name=person.name, by=actor(texts, by))

    if person.left_at is not None and not person.is_customer:
        await tell_admins_but((person, by), tx, f"back:{person.id}", sentence, now)


def _has_left(person: Person, by: Person | None) -> Callable[[Texts], str]:
    def sentence(texts: Texts) -> str:
        return texts(
            "{name} has left: no rights any more, and nothing is sent to them. Done by: {by}.",
            name=person.name,
            by=actor(texts, by),
        )

    return sentence


def actor(texts: Texts, by: Person | None) -> str:
    """Return who did something; None: the command line."""
    return texts("the command line") if by is None else by.name


async def tell_admins_but(
    but: Collection[Person | None],
    tx: Transaction,
    key: str,
    sentence: Callable[[Texts], str],
    now: datetime,
) -> None:
    """Queue a sentence to every admin except those whom it is about or who did it."""
    space = await workspace.get(tx)
    untold = {person.id for person in but if person is not None}
    for admin in await people.admins(tx):
        if admin.id not in untold and admin.address is not None:
            said = Show(screens.sentence(sentence(texts_for(admin, space))))
            message = to_staff(f"{key}:{now.isoformat()}:{admin.id}", admin, said, now)
            await outbox.put(tx, message, now)


async def let_go_by_list(
    tx: Transaction, persons: Sequence[int], import_id: int, by: Person | None, now: datetime
) -> int:
    """Let go those who leave by a list; return how many: an admin stays where there is no other."""
    goes = persons
    admins = {one.id for one in await people.admins(tx)}
    if admins <= set(goes):
        goes = [one for one in goes if one not in admins]
    here = {one.id: one for one in (*await people.managers(tx), *await people.leads(tx))}
    staff = [here[one] for one in goes if one in here]
    waiting = await low_score_alerts.waiting_for(tx, [one.id for one in staff])
    await leaving.leave(tx, goes, now)
    await low_score_alerts.pass_on(tx, waiting, now)
    if staff:
        await tell_admins_but((by,), tx, f"left_by_list:{import_id}", _left_by_list(staff), now)
    return len(goes)


def _left_by_list(staff: Sequence[Person]) -> Callable[[Texts], str]:
    names = ", ".join(one.name for one in staff[:_NAMED]) + ("…" if len(staff) > _NAMED else "")

    def sentence(texts: Texts) -> str:
        return texts.plural(
            "By a list {n} manager has left: {names}.",
            "By a list {n} managers have left: {names}.",
            len(staff),
            names=names,
        )

    return sentence


async def leave(
    database: Database,
    now: datetime,
    /,
    person: str,
    role: str | None = None,
    to: str | None = None,
    *,
    no_successor: bool = False,
    back: bool = False,
) -> dict[str, Any]:
    """Operation: the person with this id has left, or is `back`; `to`: who takes customers over."""
    async with database.transaction() as tx:
        found = await _named(tx, person, role)
        if back:
            await take_person_back(tx, found, None, now)
            return {"person": found.name}
        successor = None if to is None else await _successor(tx, to, found)
        theirs = await leaving.unattended(tx, found.id)
        if theirs and successor is None and not no_successor:
            raise Refused(
                mark(
                    "{name} has customers: {n}. Say who takes them over with --to ID, or leave "
                    "them without a manager for now with --no-successor."
                ),
                name=found.name,
                n=theirs,
            )
        return {"person": found.name, **asdict(await let_go(tx, found, successor, None, now))}


async def _named(reader: Reader, external_id: str, role: str | None) -> Person:
    if role is not None and role not in _ROLES:
        raise Refused(mark("The role must be customer or manager."))
    roles = [one for one in _ROLES if role in {None, one}]
    found = [await people.by_external(reader, external_id, one) for one in roles]
    known = [one for one in found if one is not None]
    if not known:
        raise Refused(mark("There is nobody with the id {external_id}."), external_id=external_id)
    if len(known) > 1:
        raise Refused(
            mark("A customer and a manager have the id {external_id}: add --role."),
            external_id=external_id,
        )
    return known[0]


async def _successor(reader: Reader, external_id: str, leaver: Person) -> Person:
    found = await people.by_external(reader, external_id, "manager")
    if found is None or not found.is_manager or found.left_at is not None or found.id == leaver.id:
        present = [one for one in await people.managers(reader) if one.id != leaver.id]
        known = [f"{one.external_id} {one.name}" for one in present if one.external_id is not None]
        raise Refused(
            mark(
                "Nobody can take over by the id {external_id}: it must be another manager's. "
                "Known: {known}."
            ),
            external_id=external_id,
            known=[*known[:_NAMED], *(["…"] if len(known) > _NAMED else [])] or "—",
        )
    return found


async def remove_admin(database: Database, now: datetime, /, telegram_id: int) -> dict[str, Any]:
    """Operation: take back the rights of the admin with this Telegram account."""
    async with database.transaction() as tx:
        person = await people.by_address(tx, of_telegram(telegram_id))
        if person is None or not person.is_admin:
            raise Refused(
                mark("{telegram_id} is no admin. Who is: otklik admin list"),
                telegram_id=str(telegram_id),
            )
        await withdraw(tx, person, None, now)
    return {"person": person.name, "telegram_id": telegram_id, "is_manager": person.is_manager}


async def list_admins(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: the admins and their Telegram ids."""
    del now
    async with database.reading() as reader:
        found = await people.admins(reader)
    return {
        "admins": [
            {"telegram_id": None if one.address is None else one.address.address, "name": one.name}
            for one in found
        ]
    }
