"""`otklik why NAME`: why somebody was not asked."""

from typing import Annotated

import typer

from bot.cli.working import as_json, perform


def why(
    name: Annotated[str, typer.Argument(help="A part of the name, or the CRM's id.")],
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say why somebody was or was not asked: every decision about them, and what holds now."""
    result = perform("why", {"person": name})
    if json:
        as_json(result)
        return
    if not result["people"]:
        typer.echo("There is nobody of that name.")
        raise typer.Exit(1)
    for person in result["people"]:
        typer.echo(f"{person['name']} ({person['id'] or '-'})")
        for one in person["now"]:
            said = "may be asked" if one["reason"] is None else one["reason"].replace("_", " ")
            again = f", again from {one['again_at'][:10]}" if one["again_at"] else ""
            typer.echo(f"  now  {one['survey']:<24} {said}{again if one['reason'] else ''}")
        for line in person["ledger"]:
            name = " ".join(filter(None, (line["campaign"], line["label"])))
            said = line["outcome"].replace("_", " ")
            typer.echo(f"  {line['decided_at'][:10]}  {name}: {said}")
