"""The key that anonymous answers waited under is destroyed once they are released."""

import structlog

from storage import renewal
from storage.database import Database

log = structlog.get_logger()


async def renew_due(database: Database) -> None:
    """Replace the key where something under it was released since, and once after each start."""
    if not database.keys.spent:
        return
    locked = await renewal.renew(database)
    if locked:
        log.warning("anonymous_answers_have_no_key", surveys=locked)
