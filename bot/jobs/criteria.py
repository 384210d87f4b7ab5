"""The criteria page, counted in a process of its own by the command that prints it."""

from bot.chat.criteria import page_screens
from bot.jobs.making import End, Work
from bot.jobs.own_process import in_own_process
from bot.operations.reports.criteria_kept import keep
from bot.says.said import Show
from bot.says.screens import sentence
from storage.database import Transaction
from surveys.reports.as_json import read_criteria


async def make(work: Work) -> End:
    """Count the page of a period and show its first part; the others are behind buttons."""
    period = str(work.errand.parameters["period"])
    made = await in_own_process(work, "criteria", "--period", period, "--json")
    person = work.person
    if made is None or person is None:
        return End("failed", Show(sentence(work.texts("The criteria could not be counted."))))

    async def note(tx: Transaction) -> None:
        await keep(tx, person.id, made, work.now)

    screen = page_screens.part(work.texts, read_criteria(made), work.space.zone, "rows")
    return End("done", Show(screen), note)
