"""`otklik company`: what the bot says of the company, and when it keeps quiet."""

from typing import Annotated

import typer

from bot.cli.working import as_json, perform

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


def company(
    name: Annotated[str | None, typer.Option(help="As customers know it.")] = None,
    language: Annotated[str | None, typer.Option(help="ru or en.")] = None,
    zone: Annotated[str | None, typer.Option(help="For example Europe/Moscow.")] = None,
    review_url: Annotated[
        str | None, typer.Option(help="Offered to everybody after a survey; '' for none.")
    ] = None,
    json: Json = False,
) -> None:
    """Show or change what the bot knows about the company."""
    changes = {"name": name, "language": language, "zone": zone, "review_url": review_url}
    given = {key: value for key, value in changes.items() if value is not None}
    result = perform("company", given)
    if json:
        as_json(result)
        return
    for key, value in result.items():
        typer.echo(f"{key.replace('_', ' '):<12} {value if value is not None else '—'}")
