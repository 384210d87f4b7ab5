"""Errors on the command line: one kind message on stderr, exit code 2, no traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.logs import hide_tokens


@contextmanager
def failing_kindly() -> Iterator[None]:
    """Turn the project's own errors into a message and exit code 2; others are bugs and show."""
    from bot.errors import BotError
    from scoring.errors import ScoringError
    from storage.errors import StorageError
    from surveys.errors import SurveyError

    try:
        yield
    except (BotError, StorageError, SurveyError, ScoringError) as error:
        typer.echo(hide_tokens(str(error)), err=True)
        raise typer.Exit(2) from None
