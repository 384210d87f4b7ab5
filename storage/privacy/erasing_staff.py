"""Staff who have left are erased as persons; the row stays, without a name.

Customers' answers were given about somebody: the manager of that time is part of them, and so is
who worked on a case. What stays is a number. Their own answers, words, accounts, links, drafts and
messages go by the same list as a customer's.
"""

import json
from datetime import datetime

from sqlalchemy import delete, func, insert, select, tuple_, update

from storage.engine.reading import Reader, Transaction
from storage.people.erasing import AT_ADDRESS, ERASED, Erased, belongs, counted, unsay
from storage.people.names import keyed
from storage.tables.errands import errands, schedules, sent_digests
from storage.tables.people import addresses
from storage.tables.people import people as persons
from storage.tables.privacy import erasures

_BLANK = {
    "external_id": None,
    "first_name": None,
    "language": None,
    "zone": None,
    "consent_version": None,
    "consented_at": None,
    "declined_at": None,
    "opted_out_at": None,
    "unreachable_at": None,
    "leads": None,
    "is_admin": False,
    "manager_id": None,
    "segment": None,
    "account_id": None,
    "position": None,
    "phone": None,
    "email": None,
    "email_key": None,
    "last_purchase_on": None,
    "last_deal_on": None,
    "attributes": "{}",
}
"""Every column that may say something of the person; a test holds it to the table."""
STAYS = frozenset(
    {
        "id",
        "name",
        "name_key",
        "is_manager",
        "is_customer",
        "is_expert",
        "is_past",
        "left_at",
        "team",
        "created_at",
    }
)
"""Columns that stay: the name as what is put in its place, the team for its figures."""


async def may_be_erased(reader: Reader, person_id: int) -> bool:
    """Tell whether somebody is one of the staff who has left."""
    gone = persons.c.left_at.is_not(None) & persons.c.is_customer.is_(other=False)
    found = select(persons.c.id).where(persons.c.id == person_id, gone)
    return await reader.scalar(found) is not None


async def erase(tx: Transaction, person_id: int, called: str, now: datetime) -> Erased | None:
    """Erase one of the staff, who is `called` so from then on; None for customers and nobody.

    Whoever calls it has seen that they have left. Done again, it changes nothing more.
    """
    of_staff = (persons.c.id == person_id) & persons.c.is_customer.is_(other=False)
    row = await tx.first(select(persons).where(of_staff))
    if row is None:
        return None
    found = await counted(tx, person_id)
    await unsay(tx, {row[name] for name in ("name", "phone", "email") if row[name]})
    here = select(addresses.c.channel, addresses.c.address)
    rows = await tx.all(here.where(addresses.c.person_id == person_id))
    theirs = [(one["channel"], one["address"]) for one in rows]
    for column, owner in ERASED:
        await tx.run(delete(column.table).where(belongs(column, owner, person_id)))
    for table in AT_ADDRESS:
        at = tuple_(table.c.channel, table.c.address).in_(theirs)
        await tx.run(delete(table).where(at))
    await tx.run(update(errands).where(errands.c.person_id == person_id).values(person_id=None))
    await tx.run(update(schedules).where(schedules.c.person_id == person_id).values(_NO_SCHEDULE))
    await _rename(tx, row["name"], called)
    values = {**_BLANK, **keyed({"name": called}), "left_at": row["left_at"] or now}
    await tx.run(update(persons).where(of_staff).values(values))
    counts = {"answers": found.answers, "remarks": found.remarks}
    await tx.run(insert(erasures).values(erased_at=now, **counts))
    return found


_NO_SCHEDULE = {"person_id": None, "next_due_at": None}


async def _rename(tx: Transaction, name: str, called: str) -> None:
    """Put what somebody is called now into the digests that were kept."""
    before, after = (json.dumps(one, ensure_ascii=False) for one in (name, called))
    document = sent_digests.c.document
    holding = document.contains(before, autoescape=True)
    changed = {"document": func.replace(document, before, after)}
    await tx.run(update(sent_digests).where(holding).values(changed))
