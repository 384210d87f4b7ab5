"""One message for each reader and matter: it changes in its place, so nobody is told twice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.operations.compose import to_staff
from bot.rights import Action
from bot.says.content import Unasked, kept
from bot.says.said import Change, Show
from bot.says.screens import Screen
from storage.database import Transaction
from storage.people.people import Person
from storage.sending import outbox, standing


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told of a customer, under a key of its own, by the right to it."""

    key: str
    reader: Person
    screen: Screen
    action: Action
    about: int


async def tell(tx: Transaction, told: Notice, now: datetime) -> bool:
    """Queue a message, or change the one that was queued or sent under its key.

    What still waits is reworded, what has arrived is edited and keeps the mark of a repeat, and
    what says the same already is left alone. Returns False where it is on its way just now: it can
    be changed a moment later.
    """
    before = await standing.of_key(tx, told.key)
    said: Unasked = Show(told.screen)
    if before is None:
        await _put(tx, told, told.key, said, now, repeat=False)
        return True
    if _same(before.content, told.screen) and before.state != "cancelled":
        return True
    if before.state in {"queued", "held"}:
        await standing.reword(tx, told.key, kept(said)[1])
        return True
    if before.state == "sending":
        return False
    if before.message is not None:
        said = Change(told.screen, before.message)
    await _put(tx, told, f"{told.key}:{token_hex(8)}", said, now, repeat=before.repeat)
    return True


async def take_back(tx: Transaction, told: Notice, now: datetime) -> bool:
    """Put `told` in place of what its reader was told, if there is anything; see `tell`."""
    there = await standing.of_key(tx, told.key) is not None
    return not there or await tell(tx, told, now)


async def _put(
    tx: Transaction, told: Notice, key: str, said: Unasked, now: datetime, *, repeat: bool
) -> None:
    draft = to_staff(key, told.reader, said, now, told.action, told.about)
    await outbox.put(tx, replace(draft, repeat=repeat), now)


def _same(content: Mapping[str, Any], screen: Screen) -> bool:
    said = kept(Show(screen))[1]
    return {name: content.get(name) for name in said} == said
