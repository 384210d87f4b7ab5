"""Something happened with a customer: campaigns that wait for it send an invitation."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.errors import Refused
from bot.operations.campaigns.amounts import amount_of
from storage.asking import campaigns, events
from storage.database import Database, Transaction
from storage.people import people, workspace
from storage.people.people import Person
from surveys.messages import mark
from surveys.survey.cleaning import clean_text

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LONGEST = 100


class CustomerUnknown(Refused):
    """The CRM's id names nobody who is known here."""


async def told(
    tx: Transaction,
    name: str,
    customer: str,
    deal: str,
    manager: str,
    now: datetime,
    amount: Decimal | None = None,
) -> dict[str, Any]:
    """Keep an event and let campaigns follow it; the same deal told again changes nothing.

    `customer` and `manager` are ids of the CRM; without a deal the customer's day stands for it.
    A closed deal is a purchase of today. A paused campaign follows too: its ledger then says that
    it was paused. Raises Refused.
    """
    if not _NAME.fullmatch(name):
        raise Refused(
            mark("An event's name is of small letters, digits and hyphens, such as deal-closed.")
        )
    person = await _customer(tx, customer)
    about = await _manager(tx, manager)
    space = await workspace.get(tx)
    day = await events.day_of(tx, name, person, now, space.zone)
    key = _short(deal, "deal") or day
    event = await events.add(tx, name, key, person.id, about.id if about else None, now, amount)
    if event is None:
        return {"event": None, "repeated": True, "campaigns": []}
    if name == events.DEAL_CLOSED:
        await people.bought(tx, person.id, now.astimezone(space.tzinfo).date())
    following = await campaigns.by_event(tx, name)
    for campaign in following:
        wait = timedelta(hours=campaign.plan.when.after_hours)
        await events.follow(tx, event.id, campaign.id, now + wait)
    ids = [campaign.id for campaign in following]
    return {"event": event.id, "repeated": False, "campaigns": ids}


async def _customer(tx: Transaction, external_id: str) -> Person:
    known = await people.by_external(tx, _short(external_id, "customer"))
    if known is None:
        raise CustomerUnknown(
            mark("No customer has this id; bring people in first: otklik import people FILE.")
        )
    return known


async def _manager(tx: Transaction, external_id: str) -> Person | None:
    """Return the deal's manager; an unknown one counts as none."""
    if not external_id:
        return None
    return await people.by_external(tx, _short(external_id, "manager"), "manager")


def _short(text: str, what: str) -> str:
    cleaned = clean_text(text)
    if len(cleaned) > _LONGEST:
        raise Refused(mark("{field}: more than {limit} characters."), field=what, limit=_LONGEST)
    return cleaned


async def tell_event(
    database: Database,
    now: datetime,
    /,
    event: str,
    customer: str,
    deal: str = "",
    manager: str = "",
    amount: str = "",
) -> dict[str, Any]:
    """Operation: something happened with a customer; `amount` as it is written."""
    money = amount_of(amount)
    if amount.strip() and money is None:
        raise Refused(mark("The amount is not a sum such as 12500 or 12500.50."))
    async with database.transaction() as tx:
        return await told(tx, event, customer, deal, manager, now, money)
