"""Errors on the command line: one kind message, exit code 2, no traceback.

A person reads it on stderr; a script that asked for `--json` finds it on stdout, as JSON too.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from typer._click.globals import get_current_context

from bot.cli.terminal.saying import as_json, say
from surveys.messages import Language, ToldError

FAILED = 2
"""The exit code of a command that could not do its work."""


@contextmanager
def failing_kindly() -> Iterator[None]:
    """Turn the project's own errors into a message and exit code 2; others are bugs and show up."""
    try:
        yield
    except ToldError as error:
        from bot.cli.terminal.speaking import reader
        from bot.logs import hide_tokens
        from bot.telling import told
        from templates.texts import Texts

        if is_for_scripts():
            as_json({"error": hide_tokens(told(Texts(language()), error))})
        else:
            say(hide_tokens(told(reader(), error)), err=True)
        raise typer.Exit(FAILED) from None


def is_for_scripts() -> bool:
    """Tell whether the command that runs was asked for JSON."""
    context = get_current_context(silent=True)
    return context is not None and any(
        context.params.get(name) is True for name in ("json", "as_json")
    )


def language() -> Language:
    """Return in which language errors are told: scripts are told in English."""
    from bot.cli.terminal.speaking import reader

    return "en" if is_for_scripts() else reader().language
