"""What needs numbers is made by our own command in a process of its own: answering never waits."""

import asyncio
import os

import structlog

from bot.children import child
from bot.jobs.making import Work
from bot.settings import Settings

log = structlog.get_logger()


async def in_own_process(work: Work, *command: str) -> str | None:
    """Return what a command of the command line prints, None where it fails."""
    async with child(
        "bot.cli.main", *command,
        "--language", work.texts.language, "--now", work.now.isoformat(),
        cwd=None,
        env=_environment(work.settings),
        stdout=asyncio.subprocess.PIPE,
    ) as process:  # fmt: skip
        told, _ = await process.communicate()
    if process.returncode != 0:
        log.error("process_failed", kind=work.errand.kind, code=process.returncode)
        return None
    return told.decode()


def _environment(settings: Settings) -> dict[str, str]:
    """Return the settings for the child: it needs the database, and must not see the token."""
    kept = {key: value for key, value in os.environ.items() if key != "OTKLIK_BOT_TOKEN"}
    return {**kept, "OTKLIK_DATABASE_URL": settings.database_url}
