"""Doing an operation from the command line and showing its result."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import typer

from bot.cli.failing import failing_kindly
from bot.cli.speaking import reader


async def _now(clock_url: str | None) -> datetime:
    if clock_url is None:
        return datetime.now(UTC)
    from bot.clock import running_clock

    async with running_clock(clock_url) as clock:
        return clock.now()


def perform(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Do an operation in this process, or in the bot that holds the database."""
    from bot.operations import remote
    from bot.operations.registry import OPERATIONS
    from bot.settings import Settings

    with failing_kindly():
        settings = Settings.load()
        return asyncio.run(
            remote.perform(
                settings,
                OPERATIONS,
                name,
                lambda: _now(settings.clock_url),
                arguments,
                reader().language,
            )
        )


def as_json(result: object) -> None:
    """Print a result for scripts."""
    typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
