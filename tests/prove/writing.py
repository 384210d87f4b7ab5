"""The main transactions of delivery, one after another, each reported once it is on disk.

Run as ``python -m tests.prove.writing DATABASE ROUNDS [GUARD…]``. Where the database refuses, the
transaction is tried again, as the program does.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from storage.database import Database, Transaction, open_database
from storage.errors import OUT_OF_SERVICE
from storage.people.addresses import of_telegram
from storage.sending import inbox, outbox
from storage.sending.outbox import NewMessage
from tests.prove.pragmas import no_fsync

NOW = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
STAGES = ("kept", "handled", "claimed", "sent")
_TRIES = 5


async def _kept(tx: Transaction, number: int) -> None:
    payload = '{"update_id": ' + str(number) + ', "text": "' + "ответ " * 50 + '"}'
    await inbox.add(tx, [(number, of_telegram(1), payload)], NOW)


async def _handled(tx: Transaction, number: int) -> None:
    await inbox.take(tx, number)
    message = NewMessage(
        f"{number}", of_telegram(1), "customer", 50, NOW, "show", {"text": "вопрос " * 50}
    )
    await outbox.put(tx, message, NOW)


async def _claimed(tx: Transaction, _number: int) -> None:
    await outbox.claim(tx, NOW)


async def _sent(tx: Transaction, number: int) -> None:
    await outbox.sent(tx, number, number, NOW)


_DO: dict[str, Callable[[Transaction, int], Awaitable[None]]] = {
    "kept": _kept,
    "handled": _handled,
    "claimed": _claimed,
    "sent": _sent,
}


async def _commit(database: Database, stage: str, number: int) -> None:
    for _ in range(_TRIES):
        try:
            async with database.transaction() as tx:
                await _DO[stage](tx, number)
        except OUT_OF_SERVICE:
            await asyncio.sleep(0.01)
        else:
            os.write(sys.stdout.fileno(), f"{stage} {number}\n".encode())
            return
    sys.exit("the database stayed out of service")


async def _main(path: str, rounds: int) -> None:
    async with open_database(f"sqlite:///{path}") as database:
        for number in range(1, rounds + 1):
            for stage in STAGES:
                await _commit(database, stage, number)


if __name__ == "__main__":
    if "fsync" in sys.argv[3:]:
        no_fsync()
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
