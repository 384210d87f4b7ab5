"""Copies of the database from the chat, and the release of what a restore holds."""

from html import escape
from pathlib import Path

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.chat.admin_screens import back
from bot.chat.arrival import is_menu_tap
from bot.chat.say import edit, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.operations.copies import holding
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.copies import backup_runs

_MEGABYTE = 1024**2


async def copies(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show the copies, ask for one now, or release what a restore holds."""
    match tap.arguments[:1]:
        case ("now",):
            return await _asked(query, visit)
        case ("release",):
            return await _released(query, tap, visit)
        case _:
            return [toast(query), edit(query, await _shown(visit))]


async def _asked(query: CallbackQuery, visit: Visit) -> Replies:
    if visit.person is not None:
        await backup_runs.request(visit.tx, visit.person.id, visit.now)
    said = visit.texts("The copy is being made; a message says when it is there.")
    return [toast(query), edit(query, Screen(said, back(visit.texts)))]


async def _released(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Release the restore that the button is about; of an earlier one it does nothing."""
    held = await holding.standing(visit.tx)
    if held is None or held.hold.id != tap.number(1):
        return [toast(query, visit.texts("That button is out of date."))]
    await holding.release(visit.tx, visit.now)
    said = holding.released_text(visit.texts, held)
    return [toast(query), edit(query, Screen(said, back(visit.texts)))]


async def _shown(visit: Visit) -> Screen:
    texts, zone = visit.texts, visit.workspace.zone
    lines = [texts("<b>Copies of the database</b>")]
    made = await backup_runs.latest(visit.tx)
    if made is None:
        lines.append(texts("None has been made yet."))
    else:
        lines.append(
            texts(
                "The latest: {moment}, {size} MB, on the bot's machine in {folder}",
                moment=texts.moment(made.finished_at, zone),
                size=texts.number(max(made.bytes / _MEGABYTE, 0.1), 1),
                folder=escape(str(Path(made.path).parent), quote=False),
            )
        )
    due = await backup_runs.due_at(visit.tx)
    lines.append(
        texts("No daily copies are made: OTKLIK_BACKUPS_HOUR.")
        if due is None
        else texts("The next daily one: {moment}.", moment=texts.moment(due, zone))
    )
    now = (Button(texts("Back up now"), MenuTap("backups", ("now",)).pack()),)
    screen = Screen("\n".join(lines), (now, *back(texts)))
    held = await holding.standing(visit.tx)
    if held is None:
        return screen
    warning = holding.held_screen(texts, held, zone)
    return Screen(f"{warning.text}\n\n{screen.text}", (*warning.rows, *screen.rows))


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="backups")
    router.callback_query.register(copies, is_menu_tap("backups"))
    return router
