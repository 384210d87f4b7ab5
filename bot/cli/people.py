"""`otklik import people FILE` and `otklik links`."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.history import import_history
from bot.cli.working import as_json, perform

import_app = typer.Typer(help="Bring data in.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@import_app.callback()
def _group() -> None:
    """Keep `people` a subcommand."""


@import_app.command("people")
def import_people(  # noqa: PLR0913, PLR0917 (an option each)
    file: Annotated[Path, typer.Argument(help="CSV (comma, semicolon or tab) or XLSX.")],
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Take the other rows where some are refused.")
    ] = False,
    new_managers: Annotated[
        bool, typer.Option("--new-managers", help="Make managers of names that nobody knows.")
    ] = False,
    role: Annotated[
        str, typer.Option(help="Whose list it is where no column says so.")
    ] = "customer",
    column: Annotated[
        list[str] | None,
        typer.Option(help="HEADING=FIELD, for a heading that is not recognised; may be repeated."),
    ] = None,
    identity: Annotated[
        str | None, typer.Option(help="phone or email, for a list without an id column.")
    ] = None,
    json: Json = False,
) -> None:
    """Import customers and managers, all rows or none; a rerun changes nothing.

    Headings of Bitrix24 and amoCRM exports and plain Russian or English ones are recognised:
    docs/people.md. An attribute of your own: --column 'City=attribute'.
    """
    result = perform(
        "import_people",
        {
            "path": str(file.absolute()),
            "chosen": _chosen(column or []),
            "role": _one_of("--role", role, "customer", "manager"),
            "identity": identity and _one_of("--identity", identity, "phone", "email"),
            "check": check,
            "skip_refused": skip_refused,
            "new_managers": new_managers,
        },
    )
    if json:
        as_json(result)
        return
    verb = "would be " if check else ""
    typer.echo(
        f"{verb}added {result['added']}, changed {result['changed']}, "
        f"unchanged {result['unchanged']}"
        + (f", refused {result['refused']}" if result["refused"] else "")
    )
    for line in result["problems"]:
        typer.echo(line)


def _chosen(columns: list[str]) -> dict[str, str]:
    chosen = {}
    for column in columns:
        heading, equals, field = column.rpartition("=")
        if not equals:
            raise typer.BadParameter(column, param_hint="--column HEADING=FIELD")
        chosen[heading] = field
    return chosen


def _one_of(option: str, said: str, *known: str) -> str:
    if said not in known:
        raise typer.BadParameter(said, param_hint=f"{option} {'|'.join(known)}")
    return said


import_app.command("history")(import_history)


def links(
    out: Annotated[Path | None, typer.Option(help="A CSV file; the screen by default.")] = None,
    role: Annotated[str | None, typer.Option(help="customer or manager; both by default.")] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Also for people who were given a link before; it stays valid."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Make personal links, one a person, for your own letters and messages.

    A link is shown once: the database keeps only its fingerprint.
    """
    result = perform("issue_links", {"role": role, "again": again})
    if json:
        as_json(result)
        return
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("id", "name", "role", "link"))
    for row in result["links"]:
        writer.writerow((_safe(row["id"]), _safe(row["name"]), row["role"], row["link"]))
    if out is None:
        typer.echo(table.getvalue(), nl=False)
    else:
        out.write_text(table.getvalue(), encoding="utf-8-sig")
        typer.echo(f"{len(result['links'])} links in {out}")


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else cell
