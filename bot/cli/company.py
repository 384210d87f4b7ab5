"""`otklik company`: what the bot says of the company, and when it keeps quiet."""

from typing import Annotated

import typer

from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform
from surveys.messages import mark
from templates.texts import Texts

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


def company(
    name: Annotated[str | None, typer.Option(help="As customers know it.")] = None,
    language: Annotated[str | None, typer.Option(help="ru or en.")] = None,
    zone: Annotated[str | None, typer.Option(help="A city, or a name like Europe/Moscow.")] = None,
    country: Annotated[
        str | None,
        typer.Option(help="Of phones that name none, as RU or US; '' for that of the zone."),
    ] = None,
    review_url: Annotated[
        str | None, typer.Option(help="Offered to everybody after a survey; '' for none.")
    ] = None,
    operator: Annotated[
        str | None,
        typer.Option(
            metavar="WHO",
            help="Who answers for people's data: full name, address, contact; '' for the name.",
        ),
    ] = None,
    break_down_by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ATTRIBUTE",
            help="Break the digest's score down by this attribute; up to three; '' for none.",
        ),
    ] = None,
    margin_nps: Annotated[
        str | None,
        typer.Option(metavar="POINTS", help="A change of NPS called small; 10 by default."),
    ] = None,
    margin_index: Annotated[
        str | None,
        typer.Option(metavar="POINTS", help="A change of an index called small; 5 by default."),
    ] = None,
    loyal_repeats: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Who bought again so often is loyal; '' for promoters."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show or change what the bot knows about the company."""
    changes = {
        "name": name,
        "language": language,
        "zone": zone,
        "country": country,
        "review_url": review_url,
        "operator": operator,
        "margin_nps": margin_nps,
        "margin_index": margin_index,
        "loyal_repeats": loyal_repeats,
    }
    given = {key: value for key, value in changes.items() if value is not None}
    chosen = {"break_down_by": break_down_by} if break_down_by else {}
    result = perform("company", {**given, **chosen})
    if json:
        as_json(result)
        return
    texts = reader()
    for key, value in result.items():
        say(f"{texts(_NAMES.get(key, key))}: {_said(texts, value)}")


def _said(texts: Texts, value: object) -> str:
    if isinstance(value, dict):
        value = [f"{name} ({texts.number(values)})" for name, values in value.items()]
    said = ", ".join(value) if isinstance(value, list) else value
    return f"{said}" if said else "—"


_NAMES = {
    "name": mark("name"),
    "language": mark("language"),
    "zone": mark("time zone"),
    "country": mark("country of phones that name none"),
    "review_url": mark("review link"),
    "operator": mark("who answers for people's data"),
    "quiet_hours": mark("quiet hours"),
    "break_down_by": mark("the digest is broken down by"),
    "margin_nps": mark("a small change of NPS, points (10 unless set)"),
    "margin_index": mark("a small change of an index, points (5 unless set)"),
    "loyal_repeats": mark("repeat purchases that make a customer loyal (promoters unless set)"),
    "attributes": mark("attributes of customers (values of each)"),
}
