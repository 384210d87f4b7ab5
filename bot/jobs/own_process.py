"""What needs numbers is made by our own command in a process of its own: answering never waits."""

from bot.children import printed
from bot.jobs.making import Work


async def in_own_process(work: Work, *command: str, given: bytes | None = None) -> str | None:
    """Return what a command of the command line prints, None where it fails.

    `given` is what it reads.
    """
    language = work.texts.language
    told = await printed(work.settings, *command, language=language, now=work.now, given=given)
    return None if told is None else told.decode()
