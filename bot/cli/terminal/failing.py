"""Errors on the command line: one kind message on stderr, exit code 2, no traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.cli.terminal.saying import say
from surveys.messages import ToldError


@contextmanager
def failing_kindly() -> Iterator[None]:
    """Turn the project's own errors into a message and exit code 2; others are bugs and show."""
    try:
        yield
    except ToldError as error:
        from bot.cli.terminal.speaking import reader
        from bot.logs import hide_tokens
        from bot.telling import told

        say(hide_tokens(told(reader(), error)), err=True)
        raise typer.Exit(2) from None
