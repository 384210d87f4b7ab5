"""`otklik audit`: what staff did."""

from datetime import datetime
from typing import Annotated

import typer

from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform


def audit(
    customer: Annotated[
        str | None, typer.Option(metavar="ID", help="Only about this customer of the list.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="So many of the latest.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show what staff did: who looked, took, changed and exported; the latest first."""
    from bot.operations.auditing import sentence
    from storage.people.audit import Deed

    result = perform("audit", {"customer": customer, "most": most})
    if json:
        as_json(result)
        return
    texts = reader()
    zone = perform("zone", {"check": True})["zone"]
    for one in result["deeds"]:
        at = datetime.fromisoformat(one["at"])
        deed = Deed(one["what"], one["by"], one["about"], None, one["details"], at)
        say(f"{texts.moment(at, zone)} · {sentence(texts, deed)}")
    if not result["deeds"]:
        say(texts("Nothing yet."))
