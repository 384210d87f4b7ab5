"""The first messages of a wave, which go from the invitations' table into the outbox."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Executable, Text, cast, func, literal, select

from storage.engine.columns import given
from storage.engine.given_rows import as_given, in_their_order, rows_given
from storage.engine.reading import Transaction, insert_into
from storage.engine.statements import made_once
from storage.tables.delivery import outbox as table
from storage.tables.people import addresses
from storage.tables.surveys import invitations

NUMBER: Final = "999999999999999989"
"""Stands for an invitation's number; no button ever has so long a one."""


async def put(
    tx: Transaction,
    wave_id: int,
    asked: Sequence[tuple[int, datetime, str]],
    priority: int,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Queue the first message of a wave's invitations: person, when due, the content as JSON.

    Where the content needs the invitation's number it says `NUMBER`. Nobody without an address to
    be written to, and nothing that is queued already.
    """
    if not asked:
        return
    same = {"wave": wave_id, "priority": priority, "expires": expires_at, "moment": now}
    divided = {content: _divided(content) for content in {one[2] for one in asked}}
    rows = ((person, due, *divided[content]) for person, due, content in asked)
    tx.later(_invitations(tx.dialect), {**same, "asked": as_given(rows, tx.dialect)})


def _divided(content: str) -> tuple[str, str]:
    """Return what comes before the first `NUMBER`, and the rest, which SQLite searches for more."""
    head, number, tail = content.partition(NUMBER)
    return head, number + tail


@cache
def _invitations(dialect: str) -> Executable:
    number = cast(invitations.c.id, Text)
    each = (invitations.c.person_id, table.c.due_at, table.c.content, table.c.content)
    rows, (person_id, due_at, head, tail) = rows_given("asked", each, dialect)
    values = {
        table.c.key: literal("invitation:", Text) + number,
        table.c.channel: addresses.c.channel,
        table.c.address: addresses.c.address,
        table.c.person_id: invitations.c.person_id,
        table.c.audience: literal("customer", Text),
        table.c.priority: given("priority", table.c.priority),
        table.c.due_at: due_at,
        table.c.kind: literal("show", Text),
        table.c.content: head + func.replace(tail, NUMBER, number),
        table.c.invitation_id: invitations.c.id,
        table.c.expires_at: given("expires", table.c.expires_at),
        table.c.state: literal("queued", Text),
        table.c.created_at: given("moment", table.c.created_at),
    }
    joined = invitations.join(
        addresses, (addresses.c.person_id == invitations.c.person_id) & addresses.c.is_written_to
    )
    # The sum keeps SQLite from beginning with all of the wave's invitations, at each step.
    of_wave = invitations.c.wave_id + 0 == given("wave", invitations.c.wave_id)
    found = in_their_order(select(*values.values()), rows, joined)
    asked = found.where(of_wave, invitations.c.person_id == person_id)
    once = insert_into(table, dialect).from_select(list(values), asked)
    return made_once(once.on_conflict_do_nothing(index_elements=["key"]))
