"""`otklik leave ID`: somebody is no longer with the company."""

from collections.abc import Iterator
from typing import Annotated

import typer

from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart
from bot.cli.working import perform
from templates.texts import Texts


def leave(
    person: Annotated[str, typer.Argument(help="The id in the CRM.")],
    role: Annotated[
        str | None, typer.Option(help="customer or manager, where both have this id.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="The id of the manager who takes the customers over.")
    ] = None,
    no_successor: Annotated[
        bool, typer.Option("--no-successor", help="The customers have no manager for now.")
    ] = False,
    back: Annotated[bool, typer.Option("--back", help="The person is with you after all.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Let a customer or a manager go: rights, surveys, links and messages end at once.

    Answers and figures stay. With --to also later, for the customers of a manager who left.
    """
    apart("back", "to", "no_successor")
    apart("to", "no_successor")
    asked = {"person": person, "role": role, "to": to, "no_successor": no_successor, "back": back}
    result = perform("leave", asked)
    if json:
        as_json(result)
        return
    texts = reader()
    if back:
        say(texts("{name} is back; a personal link has to be made anew.", **_name(result)))
        return
    say(texts("{name} has left.", **_name(result)))
    for line in _counts(texts, result):
        say(line)


def _counts(texts: Texts, result: dict[str, int]) -> Iterator[str]:
    if n := result["surveys"]:
        yield texts.plural("{n} survey closed.", "{n} surveys closed.", n)
    if n := result["messages"]:
        yield texts.plural("{n} message is not sent.", "{n} messages are not sent.", n)
    if n := result["handed_over"]:
        yield texts.plural("{n} customer handed over.", "{n} customers handed over.", n)
    if n := result["unattended"]:
        yield texts.plural(
            "{n} customer has no manager now.", "{n} customers have no manager now.", n
        )


def _name(result: dict[str, str]) -> dict[str, str]:
    return {"name": result["person"]}
