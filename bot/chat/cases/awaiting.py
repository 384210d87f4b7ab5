"""Which case is meant, and what is to be typed about it."""

from datetime import datetime, timedelta
from typing import Final

from bot.chat.visit import Visit
from bot.rights import Action
from bot.roles import circle
from bot.says.heard import Tap
from bot.says.said import Reply, Toast
from bot.says.taps import MenuTap
from storage.asking import drafts
from storage.cases import cases
from storage.cases.cases import Case, Viewer

AWAITED: Final = "case_words"
_WAITS = timedelta(hours=1)
"""For this long, typed words are taken for what was asked; later they may be about anything."""


def viewer(visit: Visit) -> Viewer:
    """Return who looks at cases."""
    return Viewer(visit.known.id, circle(Action.WORK_CASES, visit.person))


async def seen(tap: Tap[MenuTap], visit: Visit) -> Case | None:
    """Return the case of a button, None where the sender may not see it."""
    return await cases.seen(visit.tx, tap.button.number(0) or 0, viewer(visit))


async def expect(visit: Visit, what: str, one: Case) -> None:
    """Wait for words about a case: a note, a moment, or what is written to the customer."""
    asked = f"{what} {one.id} {visit.now.isoformat()}"
    await drafts.save(visit.tx, visit.known.id, AWAITED, asked, visit.now)


async def awaited(visit: Visit) -> tuple[str, Case | None] | None:
    """Return what is waited for and the case, which is None where the sender may no longer see it.

    Return None alone where nothing is waited for, or it was asked for too long ago.
    """
    content = await drafts.load(visit.tx, visit.known.id, AWAITED)
    if content is None:
        return None
    what, number, asked_at = content.split(" ")
    if visit.now - datetime.fromisoformat(asked_at) > _WAITS:
        await forget(visit)
        return None
    return what, await cases.seen(visit.tx, int(number), viewer(visit))


async def forget(visit: Visit) -> None:
    """Wait for nothing."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)


def stale(visit: Visit) -> Reply:
    """Say that a button no longer works."""
    return Toast(visit.texts("That button is out of date."))
