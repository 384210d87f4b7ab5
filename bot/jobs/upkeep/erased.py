"""Cleaning up after somebody's data was erased."""

from datetime import timedelta

from bot.jobs.making import End, Work
from bot.operations.privacy.forgetting import clean_up

_AGAIN = timedelta(seconds=10)


async def make(work: Work) -> End:
    """Erase quotes, files and the log; again while somebody still reads the log."""
    person = int(work.errand.parameters["person"])
    if await clean_up(work.database, person, work.now):
        return End()
    return End(again_at=work.now + _AGAIN)
