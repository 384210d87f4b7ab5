"""`otklik links` and `otklik open-link`."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.people.handing import Gateway, check_asked, hand_over
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, one_line, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart, needs, only_with
from bot.cli.working import perform
from surveys.messages import mark
from templates.texts import Texts

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
        _show(perform("list_conflicts", {}), _conflicts, json=json)
        return
    if revoke is not None:
        revoked = mark("Every link of {revoked} is invalid now.")
        _show(perform("revoke_links", {"person": revoke, "role": role}), revoked, json=json)
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
        revoked = mark("The open link {revoked} is invalid now.")
        _show(perform("revoke_open_link", {"number": revoke}), revoked, json=json)
        return
    if not label:
        _show(perform("list_open_links", {}), _open_links, json=json)
        return
    with failing_kindly():
        check_asked(out, None)
    result = perform("issue_open_link", {"label": label, "days": days, "uses": uses})
    _given(result, [{"name": label, "link": result["link"]}], out, None, json=json)


def _show(
    result: dict[str, Any],
    said: str | Callable[[Texts, dict[str, Any]], Iterator[str]],
    *,
    json: bool,
) -> None:
    """Print a result: as JSON for scripts, else as one sentence or as a line for each row."""
    if json:
        as_json(result)
        return
    texts = reader()
    lines = [texts(said, **result)] if isinstance(said, str) else said(texts, result)
    for line in lines:
        say(one_line(line))


def _conflicts(texts: Texts, result: dict[str, Any]) -> Iterator[str]:
    """Yield which account came for whom, and where somebody decides about it."""
    from bot.operations.ways_in.links import CONFLICTS

    zone = perform("zone", {"check": True})["zone"] if result["conflicts"] else ""
    for one in result["conflicts"]:
        template = CONFLICTS[one["kind"]]
        said = texts(template, person=one["person"] or "—", owner=one["account_of"] or "—")
        yield f"{texts.moment(datetime.fromisoformat(one['happened_at']), zone)}: {said}"
    if result["conflicts"]:
        yield texts("An admin decides in the chat: People, then Whose account is it?")
    else:
        yield texts("Nothing to decide.")


def _open_links(texts: Texts, result: dict[str, Any]) -> Iterator[str]:
    """Yield each open link by its number, with how many came by it and until when it is valid."""
    zone = perform("zone", {"check": True})["zone"] if result["open_links"] else ""
    for one in result["open_links"]:
        came = texts.plural("{n} came", "{n} came", one["uses"])
        if one["most_uses"] is not None:
            came = texts("{came} of {most}", came=came, most=texts.number(one["most_uses"]))
        ends = ""
        if one["expires_at"] is not None:
            day = datetime.fromisoformat(one["expires_at"]).astimezone(ZoneInfo(zone)).date()
            ends = ", " + texts("until {day}", day=texts.date(day))
        yield f"{one['number']}  {one['label'] or '—'}: {came}{ends}"
    if not result["open_links"]:
        yield texts("There is no open link: otklik open-link LABEL makes one.")


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
