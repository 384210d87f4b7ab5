"""What the admins are told when something is wrong with receiving or sending."""

from collections.abc import Callable
from datetime import datetime

from bot.operations.compose import texts_for, to_staff
from bot.says import screens
from bot.says.said import Show
from storage.database import Transaction
from storage.people import people, workspace
from storage.sending import outbox
from templates.texts import Texts


async def tell_admins(
    tx: Transaction, key: str, sentence: Callable[[Texts], str], now: datetime
) -> None:
    """Queue a sentence to every admin, in their language; once for each `key`."""
    space = await workspace.get(tx)
    for person in await people.admins(tx):
        if person.address is None:
            continue
        said = Show(screens.sentence(sentence(texts_for(person, space))))
        message = to_staff(f"{key}:{person.id}", person, said, now)
        await outbox.put(tx, message, now)


def update_parked(texts: Texts) -> str:
    """Say that an update was put aside."""
    return texts("A message to the bot could not be handled and was put aside: otklik doctor.")


def second_poller(texts: Texts) -> str:
    """Say that another program uses the token."""
    return texts(
        "Another program receives this bot's messages with the same token. Stop it, or both will "
        "miss some."
    )


def crm_not_told(texts: Texts) -> str:
    """Say that the CRM did not take an event for a day."""
    return texts(
        "The CRM has not taken events about cases for a day, and some are given up: look at "
        "OTKLIK_CRM_URL and at the log."
    )


def fate_unknown(texts: Texts) -> str:
    """Say that messages may not have arrived."""
    return texts("Nobody knows whether some messages arrived. You decide about them: /outbox")
