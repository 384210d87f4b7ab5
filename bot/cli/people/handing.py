"""Links written out: to a file for people, or for the programs that send them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal.saying import is_read_by_a_person, one_line, print_data, say
from bot.cli.terminal.speaking import reader
from surveys.messages import Language, mark

Gateway = Annotated[
    str | None,
    typer.Option("--for", help="sms: a CSV for a gateway, phones as +79123456789."),
]
_SMS = "sms"
_NOBODY = mark("Nobody to make a link for: everybody is in Telegram or was given one before.")
_LINES = (".csv", ".txt")
_ENDS = (*_LINES, ".xlsx", ".html", ".htm")


def check_asked(out: Path | None, gateway: str | None) -> None:
    """Raise Refused where links cannot be written so: before there are any."""
    from bot.errors import Refused

    if gateway not in {None, _SMS}:
        raise Refused(mark("--for knows sms alone, not «{said}»."), said=gateway)
    ends = _LINES if gateway else _ENDS
    if out is not None and out.suffix and out.suffix.lower() not in ends:
        raise Refused(
            mark("Links are written as {ends}: call the file so, not {file}."),
            ends=list(ends),
            file=str(out),
        )


def hand_over(
    rows: Sequence[Mapping[str, str]],
    out: Path | None,
    *,
    gateway: str | None,
    company: str,
    language: Language,
) -> None:
    """Write links as the file's suffix or `--for` asks; without a file, print them.

    Another program reads them as CSV, a person in a terminal as a line each.
    """
    from bot.operations.ways_in.files import as_csv, for_sms, write
    from bot.private_files import write_privately

    if out is None and not gateway and is_read_by_a_person():
        _show(rows)
        return
    content = for_sms(rows) if gateway else as_csv(rows, "en")
    if out is None:
        print_data(content.decode("utf-8-sig"))
        return
    if gateway:
        write_privately(out, content)
    else:
        write(out, rows, company, language)
    texts = reader()
    without = sum(1 for row in rows if not row.get("phone")) if gateway else 0
    number = len(rows) - without
    if not rows:
        say(texts(_NOBODY))
    elif not number:
        say(texts("No link in {file}.", file=out))
    else:
        say(texts.plural("{n} link in {file}", "{n} links in {file}", number, file=out))
    if without:
        say(
            texts.plural(
                "{n} person has no phone and is not in it.",
                "{n} people have no phone and are not in it.",
                without,
            )
        )


def _show(rows: Sequence[Mapping[str, str]]) -> None:
    """Show each link below whose it is, where nobody needs the columns of a file."""
    texts = reader()
    for row in rows:
        number = row.get("id")
        name = f"{row['name']} ({number})" if number else row["name"]
        say(one_line(name))
        say(f"  {one_line(row['link'])}")
    if rows:
        say(texts("Links are shown this once: note them, or write a file by --out FILE."))
    else:
        say(texts(_NOBODY))
