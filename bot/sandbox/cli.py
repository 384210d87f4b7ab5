"""`otklik sandbox`: the local Telegram as a program of its own."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer


def sandbox_command(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8081,
    token: Annotated[str | None, typer.Option(help="The bot's token; made up if absent.")] = None,
    secret: Annotated[str | None, typer.Option(help="Path token of the control API.")] = None,
    journal: Annotated[Path | None, typer.Option(help="File for the journal.")] = None,
    faults: Annotated[Path | None, typer.Option(help="JSON list of fault rules.")] = None,
) -> None:
    """Run a local Telegram: Bot API, control API and chat page, on this machine only."""
    from bot.sandbox.errors import SandboxError  # noqa: PLC0415 (aiohttp takes its time)

    try:
        rules = _rules(faults)
        asyncio.run(_serve(host, port, token, secret, journal, rules))
    except (SandboxError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _rules(path: Path | None) -> list[dict[str, Any]]:
    from bot.sandbox.errors import SandboxError  # noqa: PLC0415 (the same)

    if path is None:
        return []
    try:
        rules = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path} is not JSON: {error}"
        raise SandboxError(message) from None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        message = f'{path} must hold a list of rules, like [{{"kind": "429"}}].'
        raise SandboxError(message)
    return rules


async def _serve(
    host: str,
    port: int,
    token: str | None,
    secret: str | None,
    journal: Path | None,
    rules: list[dict[str, Any]],
) -> None:
    from bot.sandbox.server import run  # noqa: PLC0415 (the same)

    async with run(host, port, token, journal=journal, faults=rules, secret=secret) as sandbox:
        typer.echo(f"OTKLIK_API_URL={sandbox.base_url}")
        typer.echo(f"OTKLIK_BOT_TOKEN={sandbox.token}")
        typer.echo(f"OTKLIK_CLOCK_URL={sandbox.clock_url}")
        typer.echo(f"SIM_URL={sandbox.sim_url}")
        typer.echo(f"PAGE_URL={sandbox.page_url}")
        await asyncio.Event().wait()
