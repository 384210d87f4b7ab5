"""What a CRM is told of cases and low scores: queued in the transaction of the event itself.

Only ids as the lists have them, no names and no phones: a CRM knows its own customers.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal

from bot.operations.compose import BROADCAST
from storage.cases import conversations
from storage.cases.cases import Case
from storage.database import Transaction
from storage.people import people
from storage.people.addresses import Address
from storage.people.workspace import Workspace
from storage.sending import outbox
from storage.sending.outbox import NewMessage

CRM: Final = "crm"
"""The channel's name."""
_ADDRESS: Final = Address(CRM, "")
CrmEvent = Literal[
    "low_score",
    "case.opened",
    "case.words",
    "case.taken",
    "case.call_promised",
    "case.resolved",
    "case.reopened",
    "case.overdue",
    "case.message",
    "case.recovered",
]


async def tell(
    tx: Transaction,
    case: Case | None,
    event: CrmEvent,
    space: Workspace,
    now: datetime,
    words: Sequence[str] = (),
) -> None:
    """Queue an event of a case, once for each line of its history; nothing where no CRM is told.

    `case.words` is in no line: it is told once for all the `words` that there are.
    """
    if case is None or not space.tells_crm:
        return
    told: object = await conversations.last_line(tx, case.id)
    if event == "case.words":
        told = sha256("\n".join(words).encode()).hexdigest()[:16]
    key = f"{CRM}:{event}:{case.id}:{told}"
    content = await _content(tx, case, event, key, now)
    if words:
        content["words"] = list(words)
    draft = NewMessage(
        key=key,
        address=_ADDRESS,
        audience="staff",
        priority=BROADCAST,
        due_at=now,
        kind="event",
        content=content,
        about_id=case.person_id,
    )
    await outbox.put(tx, draft, now)


async def _content(
    tx: Transaction, case: Case, event: CrmEvent, key: str, now: datetime
) -> dict[str, Any]:
    customer = await people.get(tx, case.person_id)
    holder = None if case.assignee_id is None else await people.by_id(tx, case.assignee_id)
    return {
        "id": key,
        "event": event,
        "at": now.isoformat(),
        "customer": customer.external_id,
        "manager": None if holder is None else holder.external_id,
        "case": {
            "id": case.id,
            "state": case.state,
            "question": case.question,
            "score": case.score,
            "opened_at": case.opened_at.isoformat(),
            "due_at": case.due_at.isoformat(),
            "outcome": case.outcome,
            "recovered": case.recovered,
        },
    }
