"""`otklik import people FILE` and `otklik links`."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failing import failing_kindly
from bot.cli.working import as_json, perform

import_app = typer.Typer(help="Bring data in.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@import_app.callback()
def _group() -> None:
    """Keep `people` a subcommand."""


@import_app.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV: comma, semicolon or tab; UTF-8 or cp1251.")],
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen.")] = False,
    json: Json = False,
) -> None:
    """Import customers and managers, all rows or none; a rerun changes nothing.

    Columns (any order; Russian or English headings): role (customer or manager), id, name,
    company, manager (a manager's id), segment, team, language, phone, email, last_purchase.
    """
    with failing_kindly():
        from bot.errors import Refused
        from bot.operations.people_csv import LARGEST_FILE

        try:
            too_large = file.stat().st_size > LARGEST_FILE
            content = b"" if too_large else file.read_bytes()
        except OSError as error:
            message = f"Cannot read {file}: {error.strerror}."
            raise Refused(message) from error
        if too_large:
            message = f"{file} is larger than {LARGEST_FILE // 1_000_000} MB; split it."
            raise Refused(message)
    result = perform("import_people", {"content": content.hex(), "check": check})
    if json:
        as_json(result)
        return
    verb = "would be " if check else ""
    typer.echo(
        f"{verb}added {result['added']}, changed {result['changed']}, "
        f"unchanged {result['unchanged']}"
    )


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
