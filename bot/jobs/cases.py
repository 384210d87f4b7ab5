"""Cases that are due: whoever has the case is reminded first, a day later the others are."""

from bot.jobs.making import End, Work
from bot.operations.campaigns.overdue import look_at
from storage.database import Transaction


async def look(work: Work) -> End:
    """Look at one case that was to be resolved by now."""
    case_id = int(work.errand.parameters["case"])

    async def note(tx: Transaction) -> None:
        await look_at(tx, case_id, work.space, work.now)

    return End(note=note)
