"""`otklik demo`: the whole product without a token."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart, was_typed

_OF_THE_PAGE: Final = ("speed", "host", "port", "browser")
"""Options that do nothing without the page; whoever types one wants it."""


class Pace(StrEnum):
    """How often the simulated customers answer while the page is open."""

    OFF = "off"
    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


def demo(
    out: Annotated[Path, typer.Option(help="Where database, digest and journal go.")] = Path("out"),
    customers: Annotated[int, typer.Option(min=20, max=5000, help="How many customers.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    headless: Annotated[
        bool | None,
        typer.Option(
            "--headless/--page",
            help="Run one campaign, write the digest, exit; or serve the chat page. "
            "By default the page where there is a terminal or a display, or an option of the page.",
        ),
    ] = None,
    speed: Annotated[Pace, typer.Option(help="How often customers answer.")] = Pace.NORMAL,
    host: Annotated[str, typer.Option(help="Where the page is served.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
    language: Annotated[str, typer.Option(help="ru or en.")] = "ru",
) -> None:
    """Show the whole product without a token: local Telegram, real bot, a company, a campaign."""
    if headless:
        apart("headless", *_OF_THE_PAGE)
    with failing_kindly():
        from bot.demo.live import LivePage
        from bot.demo.run import run_demo

        has_screen = _has_screen() or was_typed(*_OF_THE_PAGE)
        alone = not has_screen if headless is None else headless
        screen = LivePage(speed.value, host, port, browser and _has_display())
        run_demo(
            out=out,
            customers=customers,
            seed=seed,
            language=language,
            screen=None if alone else screen,
            texts=reader(),
        )


def _has_screen() -> bool:
    """Tell whether somebody is there to look; nobody watches a build server's terminal."""
    return not os.environ.get("CI") and (sys.stdout.isatty() or _has_display())


def _has_display() -> bool:
    if sys.platform in {"darwin", "win32"}:
        return sys.stdout.isatty()
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
