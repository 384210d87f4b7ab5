"""A period's answers as a frame, for the analyst.

Imports pandas by way of scoring, so the bot itself never imports this module.
"""

from datetime import datetime

from scoring.rows.frame import Frame, frame
from storage.counting import rows
from storage.database import open_reading
from storage.people import workspace
from surveys.periods import asked_for


async def answers(database_url: str, period_text: str | None, now: datetime) -> Frame:
    """Return the answers that a digest of the period counts (None: the last full month).

    The database is only read. docs/method.md explains the columns.
    """
    async with open_reading(database_url) as database, database.reading() as reader:
        zone = (await workspace.get(reader)).zone
        period = asked_for(period_text, now, zone)
        return frame(await rows.answer_rows(reader, period, zone))
