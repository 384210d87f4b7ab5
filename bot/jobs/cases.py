"""Cases that are due, and low answers of surveys that nobody finished."""

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
    """Look at a survey with a low answer that was to be finished by now."""
    invitation_id = int(work.errand.parameters["invitation"])

    async def note(tx: Transaction) -> None:
        await low_score_alerts.look_at(tx, invitation_id, work.space, work.now)

    return End(note=note)
