"""`otklik mydata CUSTOMER`: everything that is kept about somebody."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal.saying import print_data, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform


def mydata(
    person: Annotated[str, typer.Argument(help="The id in the CRM.")],
    staff: Annotated[bool, typer.Option("--staff", help="One of the staff.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Every row and every field, for programs.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; else it is printed.")
    ] = None,
) -> None:
    """Hand out everything that is kept about somebody, to read or as JSON.

    Anonymous answers are not in it: nothing says whose they are.
    """
    texts = reader()
    given = {"person": person, "staff": staff, "language": texts.language}
    found = perform("hand_out", given)
    content = found["json"] if json else found["text"]
    if out is None:
        print_data(content.rstrip("\n"))
        return
    from bot.private_files import write_privately

    write_privately(out, content)
    say(texts("Written to {path}.", path=out))
