"""What needs numbers is made by our own command in a process of its own: answering never waits."""

from bot.children import printed
from bot.jobs.making import Work


async def in_own_process(work: Work, *command: str) -> str | None:
    """Return what a command of the command line prints, None where it fails."""
    language = work.texts.language
    told = await printed(work.settings, *command, language=language, now=work.now)
    return None if told is None else told.decode()
