"""Asking before something is done: only a person at a terminal can be asked."""

import sys

import typer

from bot.cli.terminal.speaking import reader


def asks_first(*, check: bool, yes: bool, json: bool) -> bool:
    """Tell whether to ask before a list is taken: not in a script, nor who said yes already."""
    return not (check or yes or json) and sys.stdin.isatty()


def sure() -> None:
    """Ask whether what was shown is right; ends the command where it is not."""
    texts = reader()
    typer.confirm(texts("Is this right? Import it?"), abort=True)
