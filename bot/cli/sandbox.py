"""`otklik sandbox`: the local Telegram as a program of its own."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import say
from bot.cli.working import awaited
from bot.errors import FileUnreadable, Refused
from surveys.messages import mark, reason_of


def sandbox_command(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8081,
    token: Annotated[str | None, typer.Option(help="The bot's token; made up if absent.")] = None,
    secret: Annotated[str | None, typer.Option(help="Path token of the control API.")] = None,
    journal: Annotated[Path | None, typer.Option(help="File for the journal.")] = None,
    faults: Annotated[Path | None, typer.Option(help="JSON list of fault rules.")] = None,
    zone: Annotated[
        str, typer.Option(help="The city or time zone that the page shows.")
    ] = "Europe/Moscow",
) -> None:
    """Run a local Telegram: Bot API, control API and chat page, on this machine only."""
    from bot.cli.zones import zone_of
    from bot.sandbox.errors import SandboxError

    with failing_kindly():
        zone = zone_of(zone)
        try:
            awaited(_serve(host, port, token, secret, journal, _rules(faults), zone))
        except SandboxError as error:
            raise Refused(mark("{said}"), said=error) from None
        except OSError as error:
            cannot = mark("The local Telegram cannot start: {reason}.")
            raise Refused(cannot, reason=reason_of(error)) from None


def _rules(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    try:
        rules = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileUnreadable(path, error) from None
    except ValueError as error:
        raise Refused(mark("{path} is not JSON: {said}"), path=path, said=error) from None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        example = '[{"kind": "429"}]'
        raise Refused(
            mark("{path} must hold a list of rules, like {example}."), path=path, example=example
        )
    return rules


async def _serve(
    host: str,
    port: int,
    token: str | None,
    secret: str | None,
    journal: Path | None,
    rules: list[dict[str, Any]],
    zone: str,
) -> None:
    import asyncio

    from bot.sandbox.server import run

    async with run(
        host, port, token, journal=journal, faults=rules, secret=secret, zone=zone
    ) as sandbox:
        say(f"OTKLIK_API_URL={sandbox.base_url}")
        say(f"OTKLIK_BOT_TOKEN={sandbox.token}")
        say(f"OTKLIK_CLOCK_URL={sandbox.clock_url}")
        say(f"SIM_URL={sandbox.sim_url}")
        say(f"PAGE_URL={sandbox.page_url}")
        await asyncio.Event().wait()
