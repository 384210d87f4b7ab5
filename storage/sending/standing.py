"""How a message stands that was queued before: what its reader sees, whether it can change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.delivery import outbox as table


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`, `message` and `repeat` are the first row's; `content` is what was said last."""

    state: str
    message: int | None
    content: Mapping[str, Any]
    repeat: bool


async def of_key(reader: Reader, key: str) -> Standing | None:
    """Return what became of a message and the changes that followed it; None: none has this key."""
    # The keys of what follows begin with the message's; a range is looked up in the index.
    following = (table.c.key > f"{key}:") & (table.c.key < f"{key};")
    said = select(table.c.key, table.c.state, table.c.message_id, table.c.content, table.c.repeat)
    rows = await reader.all(said.where(or_(table.c.key == key, following)).order_by(table.c.id))
    first = next((row for row in rows if row["key"] == key), None)
    if first is None:
        return None
    content = json.loads(rows[-1]["content"])
    return Standing(first["state"], first["message_id"], content, first["repeat"])


async def reword(tx: Transaction, key: str, content: Mapping[str, Any]) -> None:
    """Let a message that waits say something else."""
    waits = (table.c.key == key) & table.c.state.in_(("queued", "held"))
    said = json.dumps(dict(content), ensure_ascii=False)
    await tx.run(update(table).where(waits).values(content=said))
