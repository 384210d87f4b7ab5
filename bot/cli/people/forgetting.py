"""`otklik forget CUSTOMER`: everything about a customer is erased."""

from typing import Annotated

import typer

from bot.cli.terminal.asking import asks_first, confirmed
from bot.cli.terminal.saying import as_json, one_line, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform


def forget(
    customer: Annotated[str, typer.Argument(help="The id in the CRM.")],
    staff: Annotated[bool, typer.Option("--staff", help="One of the staff who has left.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is right.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Erase everything about a customer for good: data from lists, account, answers, words.

    Anonymous answers cannot be found, and therefore stay. Take the customer off your list too.
    Of the staff a number stays: customers' answers were given about somebody.
    """
    texts = reader()
    if asks_first(check=False, yes=yes, json=json):
        found = perform("forget", {"person": customer, "check": True, "staff": staff})
        say(texts("Answers: {n}, remarks: {m}.", n=found["answers"], m=found["remarks"]))
        name = one_line(found["person"])
        if not confirmed(texts("Erase everything about {name} for good?", name=name)):
            say(texts("Nothing was changed."), err=True)
            raise typer.Exit(1)
    result = perform("forget", {"person": customer, "staff": staff})
    if json:
        as_json(result)
        return
    say(texts("Erased: answers {n}, remarks {m}.", n=result["answers"], m=result["remarks"]))
    if not result["clean"]:
        say(texts("Somebody reads the database: its log is emptied a little later."))
