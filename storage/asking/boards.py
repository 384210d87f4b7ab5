"""The one message in which an admin watches a campaign, and when it is edited next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.events import boards as table


@dataclass(frozen=True, slots=True)
class Board:
    """An admin's message that shows a campaign; `shown` is its text now."""

    campaign_id: int
    person_id: int
    message_id: int
    shown: str
    next_edit_at: datetime | None


async def follow(tx: Transaction, board: Board) -> None:
    """Show a campaign in this message from now on, in place of the admin's earlier one."""
    columns = ("message_id", "shown", "next_edit_at")
    values = {name: getattr(board, name) for name in columns}
    statement = tx.insert(table).values(
        campaign_id=board.campaign_id, person_id=board.person_id, **values
    )
    await tx.run(
        statement.on_conflict_do_update(index_elements=["campaign_id", "person_id"], set_=values)
    )


async def refreshed(tx: Transaction, board: Board) -> bool:
    """Note what a message shows now; False: it shows something else by now."""
    same = (table.c.person_id == board.person_id) & (table.c.message_id == board.message_id)
    values = {"shown": board.shown, "next_edit_at": board.next_edit_at}
    mine = same & (table.c.campaign_id == board.campaign_id)
    return bool(await tx.run(update(table).where(mine).values(values)))


async def leave(tx: Transaction, person_id: int, message_id: int) -> None:
    """Show the campaign in this message no more: it now serves something else."""
    here = (table.c.person_id == person_id) & (table.c.message_id == message_id)
    await tx.run(delete(table).where(here))


async def wake(tx: Transaction, campaign_id: int, now: datetime) -> None:
    """Look at a campaign's boards again: something has changed."""
    await tx.run(update(table).where(table.c.campaign_id == campaign_id).values(next_edit_at=now))


async def due(reader: Reader, now: datetime) -> Sequence[Board]:
    """Return the boards to look at now."""
    rows = await reader.all(
        select(table)
        .where(table.c.next_edit_at <= now)
        .order_by(table.c.next_edit_at, table.c.campaign_id, table.c.person_id)
    )
    return [Board(**row) for row in rows]


FIRST_DUE = select(func.min(table.c.next_edit_at))
