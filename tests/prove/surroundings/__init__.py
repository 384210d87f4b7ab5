"""What stands around the program and fails: one part a module, each with its guard taken off."""

from pathlib import Path

import structlog

from tests.prove.lines import Lines, Proof
from tests.prove.surroundings import files, half_open, pauses, proxies

PARTS: dict[str, Proof] = {
    "proxies": proxies.proved,
    "files": files.proved,
    "pauses": pauses.proved,
    "half-open": half_open.proved,
}


async def surrounded(folder: Path, kills: int, seed: int) -> Lines:
    """Prove each part in a folder of its own; what the bot logs meanwhile goes there too."""
    for name, part in PARTS.items():
        within = folder / name
        within.mkdir()
        with (within / "bot.log").open("w", encoding="utf-8") as log:
            structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
            try:
                async for line in part(within, kills, seed):
                    yield line
            finally:
                structlog.reset_defaults()
