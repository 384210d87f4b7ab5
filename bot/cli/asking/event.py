"""`otklik event NAME --customer ID`: something happened with a customer."""

from typing import Annotated

import typer

from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform


def event(
    name: Annotated[str, typer.Argument(help="Such as deal-closed.")],
    customer: Annotated[str, typer.Option(help="The customer's id in the CRM.")],
    deal: Annotated[str, typer.Option(help="The deal's id: told twice, it counts once.")] = "",
    manager: Annotated[str, typer.Option(help="The manager's id in the CRM.")] = "",
    amount: Annotated[str, typer.Option(help="The deal's sum, in your company's currency.")] = "",
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Tell that something happened; campaigns that wait for it invite the customer."""
    told = {"event": name, "customer": customer, "deal": deal, "manager": manager}
    result = perform("tell_event", {**told, "amount": amount})
    if json:
        as_json(result)
        return
    texts = reader()
    if result["repeated"]:
        say(texts("This deal was told before; nothing was changed."))
    elif not result["campaigns"]:
        say(texts("Kept; no campaign follows such an event."))
    else:
        said = texts.plural(
            "Kept; {n} campaign follows.", "Kept; {n} campaigns follow.", len(result["campaigns"])
        )
        say(said)
