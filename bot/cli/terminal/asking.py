"""Asking before something is done: only a person at a terminal can be asked."""

import sys

import typer

from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader

_ANSWERS = {"y": True, "yes": True, "д": True, "да": True}
_ANSWERS |= {"": False, "n": False, "no": False, "н": False, "нет": False}


def asks_first(*, check: bool, yes: bool, json: bool) -> bool:
    """Tell whether to ask before a list is taken: not in a script, and not after a yes."""
    return not (check or yes or json) and sys.stdin.isatty()


def confirmed(question: str) -> bool:
    """Ask until the answer is a yes or a no, in either language; an empty one is a no."""
    texts = reader()
    choice = texts("[y/N]")
    while True:
        said = typer.prompt(f"{question} {choice}", default="", show_default=False)
        answer = _ANSWERS.get(said.strip().lower())
        if answer is not None:
            return answer
        say(texts("Please answer yes or no."), err=True)


def sure() -> None:
    """Ask whether what was shown is right; ends the command where it is not."""
    texts = reader()
    if not confirmed(texts("Is this right? Import it?")):
        say(texts("Nothing was imported."), err=True)
        raise typer.Exit(1)
