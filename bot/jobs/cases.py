"""Cases that are due, and alerts that could not be changed while they were on their way."""

from bot.jobs.making import End, Work
from bot.operations.campaigns import low_score_alerts
from bot.operations.cases.overdue import look_at
from storage.database import Transaction


async def look(work: Work) -> End:
    """Look at one case that was to be resolved by now."""
    case_id = int(work.errand.parameters["case"])

    async def note(tx: Transaction) -> None:
        await look_at(tx, case_id, work.space, work.now)

    return End(note=note)


async def look_at_low(work: Work) -> End:
    """Bring up to date what staff was told of an invitation's low answers."""
    invitation_id = int(work.errand.parameters["invitation"])

    async def note(tx: Transaction) -> None:
        await low_score_alerts.look_at(tx, invitation_id, work.space, work.now)

    return End(note=note)
