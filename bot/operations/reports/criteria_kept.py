"""The criteria page that an admin had counted last, kept so that buttons can turn it."""

from datetime import datetime

from storage.asking import drafts
from storage.database import Reader, Transaction
from surveys.errors import UnreadableDocument
from surveys.reports.as_json import read_criteria
from surveys.reports.criteria import Criteria

_TOPIC = "criteria"


async def keep(tx: Transaction, person_id: int, document: str, now: datetime) -> None:
    """Keep a page as JSON in place of the earlier one."""
    await drafts.save(tx, person_id, _TOPIC, document, now)


async def kept(reader: Reader, person_id: int) -> Criteria | None:
    """Return the page; None where there is none, or none that this version reads."""
    document = await drafts.load(reader, person_id, _TOPIC)
    try:
        return None if document is None else read_criteria(document)
    except UnreadableDocument:
        return None
