"""`otklik links` and `otklik open-link`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.people.handing import Gateway, check_asked, hand_over
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json
from bot.cli.terminal.together import apart, needs, only_with
from bot.cli.working import perform

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


def links(
    out: Annotated[
        Path | None,
        typer.Option(help="FILE.csv, FILE.xlsx or FILE.html (cards with QR codes to print)."),
    ] = None,
    gateway: Gateway = None,
    role: Annotated[str | None, typer.Option(help="customer or manager; both by default.")] = None,
    person: Annotated[str | None, typer.Option(help="Only for the person with this id.")] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Also for people who were given a link before; it stays valid."
        ),
    ] = False,
    revoke: Annotated[
        str | None, typer.Option(help="Make every link of the person with this id invalid.")
    ] = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Show accounts that came for somebody else.")
    ] = False,
    json: Json = False,
) -> None:
    """Make personal links, one a person, for your own letters and messages.

    A link is shown once: the database keeps only its fingerprint.
    """
    only_with("conflicts", "json")
    only_with("revoke", "role", "json")
    apart("json", "out", "gateway")
    if conflicts:
        as_json(perform("list_conflicts", {}))
        return
    if revoke is not None:
        as_json(perform("revoke_links", {"person": revoke, "role": role}))
        return
    with failing_kindly():
        check_asked(out, gateway)
    result = perform("issue_links", {"role": role, "person": person, "again": again})
    _given(result, result["links"], out, gateway, json=json)


def open_link(
    label: Annotated[str, typer.Argument(help="Where it will hang: «counter», «web page».")] = "",
    days: Annotated[int, typer.Option(help="How long it is valid.")] = 90,
    uses: Annotated[int | None, typer.Option(help="For how many newcomers; any number.")] = None,
    out: Annotated[Path | None, typer.Option(help="FILE.html: a card with the QR code.")] = None,
    revoke: Annotated[
        int | None, typer.Option(help="Make the open link of this number invalid.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a link for anybody: a counter, a web page. Without a label: list them."""
    only_with("revoke", "json")
    needs("label", "days", "uses", "out")
    apart("json", "out")
    if revoke is not None:
        as_json(perform("revoke_open_link", {"number": revoke}))
        return
    if not label:
        as_json(perform("list_open_links", {}))
        return
    with failing_kindly():
        check_asked(out, None)
    result = perform("issue_open_link", {"label": label, "days": days, "uses": uses})
    _given(result, [{"name": label, "link": result["link"]}], out, None, json=json)


def _given(
    result: dict[str, Any],
    rows: list[dict[str, str]],
    out: Path | None,
    gateway: str | None,
    *,
    json: bool,
) -> None:
    if json:
        as_json(result)
        return
    with failing_kindly():
        hand_over(
            rows, out, gateway=gateway, company=result["company"], language=result["language"]
        )
