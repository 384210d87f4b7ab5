"""Copies of the database from the chat, and the release of what a restore holds."""

from pathlib import Path

from bot.chat.admin_screens import back
from bot.chat.visit import Visit
from bot.operations.copies import holding
from bot.operations.copies.standing import standing
from bot.says.heard import Tap
from bot.says.markup import literal
from bot.says.released import released
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.sending import errands, schedules

_MEGABYTE = 1024**2


async def copies(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the copies, ask for one now, or release what a restore holds."""
    match tap.button.arguments[:1]:
        case ("now",):
            return await _asked(visit)
        case ("release",):
            return await _released(tap, visit)
        case _:
            return Change(await _shown(visit))


async def _asked(visit: Visit) -> Reply:
    if visit.person is not None:
        await errands.ask(visit.tx, "backup", visit.person.id, visit.now, once=True)
    said = visit.texts("The copy is being made; a message says when it is there.")
    return Change(Screen(said, back(visit.texts)))


async def _released(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Release the restore that the button is about; the button of an earlier one does nothing."""
    held = await standing(visit.tx)
    if held is None or held.hold.id != tap.button.number(1):
        return Toast(visit.texts("That button is out of date."))
    await holding.release(visit.tx, visit.now)
    said = released(visit.texts, held.waiting, held.uncertain)
    return Change(Screen(said, back(visit.texts)))


async def _shown(visit: Visit) -> Screen:
    texts, zone = visit.texts, visit.workspace.zone
    lines = [texts("<b>Copies of the database</b>")]
    made = await errands.latest(visit.tx, "backup")
    if made is None:
        lines.append(texts("No daily one yet, and none by the button below."))
    else:
        moment, copy = made
        lines.append(
            texts(
                "The latest daily one or by the button below: {moment}, {size} MB, on the bot's "
                "machine in {folder}",
                moment=texts.moment(moment, zone),
                size=texts.number(max(copy["bytes"] / _MEGABYTE, 0.1), 1),
                folder=literal(str(Path(copy["path"]).parent)),
            )
        )
    daily = await schedules.of(visit.tx, "backup", None)
    lines.append(
        texts("Daily copies are switched off by the setting OTKLIK_BACKUPS_HOUR.")
        if not daily
        else texts("The next daily one: {moment}.", moment=texts.moment(daily[0].next_due_at, zone))
    )
    lines.append(texts("All, also those before imports: otklik backup --list"))
    now = (Button(texts("Back up now"), MenuTap("backups", ("now",)).pack()),)
    screen = Screen("\n".join(lines), (now, *back(texts)))
    held = await standing(visit.tx)
    if held is None:
        return screen
    warning = holding.held_screen(texts, held, zone)
    return Screen(f"{warning.text}\n\n{screen.text}", (*warning.rows, *screen.rows))
