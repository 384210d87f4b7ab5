"""After a restore no message goes to customers until an admin releases them.

The admin may know what the copy cannot: who unsubscribed since, which campaigns were paused.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.errors import Refused
from bot.operations.campaigns.control import postpone
from bot.operations.compose import texts_for, to_staff
from bot.operations.copies.standing import Standing, standing
from bot.operations.remote import Result
from bot.says.said import Show
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.copies import restores
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.sending import outbox
from surveys.messages import mark
from templates.texts import Texts


async def release(tx: Transaction, now: datetime) -> Standing | None:
    """Let messages go to customers again, but not at night; return what was held."""
    held = await standing(tx)
    if held is not None:
        await restores.release(tx, now)
        await postpone(tx, now)
    return held


async def release_restored(database: Database, now: datetime) -> Result:
    """Operation: release what a restore holds."""
    async with database.transaction() as tx:
        held = await release(tx, now)
    if held is None:
        raise Refused(mark("Nothing is held: messages go to customers as usual."))
    return {"released": held.waiting, "uncertain": held.uncertain}


async def tell_of_hold(tx: Transaction, now: datetime) -> None:
    """Show every admin what is held, at most once a day."""
    held = await standing(tx)
    if held is None:
        return
    space = await workspace.get(tx)
    for person in await people.admins(tx):
        if person.address is None:
            continue
        texts = texts_for(person, space)
        message = to_staff(
            f"restored:{held.hold.id}:{now.date()}:{person.id}",
            person,
            Show(held_screen(texts, held, space.zone)),
            now,
        )
        await outbox.put(tx, message, now)


def held_screen(texts: Texts, held: Standing, zone: str) -> Screen:
    """Return what an admin should know before messages go, and the button that releases them."""
    hold = held.hold
    lines = [
        texts(
            "<b>The database was restored from a copy of {moment}.</b> What happened since then is "
            "not in it. Nothing goes to customers until you release it.",
            moment=texts.moment(hold.copied_at, zone),
        ),
        *_counted(texts, held),
        texts(
            "Look at the campaigns first: those launched, paused or cancelled since then stand as "
            "they stood."
        ),
    ]
    button = Button(texts("Release"), MenuTap("backups", ("release", str(hold.id))).pack())
    return Screen("\n".join(lines), ((button,),))


def _counted(texts: Texts, held: Standing) -> Iterator[str]:
    if held.uncertain:
        yield texts.plural(
            "{n} message may have gone out since then: it is not sent by itself. You decide in "
            "/outbox.",
            "{n} messages may have gone out since then: they are not sent by themselves. You "
            "decide in /outbox.",
            held.uncertain,
        )
    if held.hold.waves:
        yield texts.plural(
            "{n} wave fell due since then; its invitations are among the uncertain ones.",
            "{n} waves fell due since then; their invitations are among the uncertain ones.",
            held.hold.waves,
        )
    if held.hold.lost:
        yield texts.plural(
            "The anonymous answers of {n} person are lost: they waited for their batch, and such "
            "answers are in no copy.",
            "The anonymous answers of {n} people are lost: they waited for their batch, and such "
            "answers are in no copy.",
            held.hold.lost,
        )
    if held.waiting:
        yield texts.plural(
            "{n} message waits and goes out when you release it.",
            "{n} messages wait and go out when you release them.",
            held.waiting,
        )
