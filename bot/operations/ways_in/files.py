"""Links as files: XLSX for letters, a page of cards with QR codes for print, CSV for programs.

`python -m bot.operations.ways_in.files FILE`, with company and language and then each link as a
line of JSON on standard input, writes the file that its suffix asks for: thousands of QR codes keep
no bot busy.
"""

import asyncio
import contextlib
import csv
import io
import json
import re
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bot.children import child, without_settings
from bot.operations.exports.layout import TextFormats, begin
from bot.private_files import write_privately
from storage.people.names import key_of
from surveys.messages import Language
from surveys.survey.placeholders import in_sentence
from templates.cards import LinkCard, render_cards
from templates.texts import Texts

MOST_CARDS = 2_000
"""How many cards one page holds at most: a browser has to lay them out."""
_COLUMNS = ("id", "name", "role", "company", "phone", "email", "link", "text")
_WIDTHS = (12, 30, 10, 30, 16, 28, 60, 60, 60)
_LETTER = "letter"
"""One more column where customers answer on a page: HTML for the company's own letters."""
_FOR_SMS = ("phone", "text", "link", "name", "id")
_PHONE = re.compile(r"\+\d{1,15}", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

Link = Mapping[str, str]
"""The columns of one link, as `links.issue_links` returns them."""


def as_xlsx(links: Sequence[Link], language: Language) -> bytes:
    """Return links as a workbook; every cell is text, whatever it begins with."""
    texts = Texts(language)
    headings = {
        "id": "id",
        "name": texts("full name"),
        "role": texts("role"),
        "company": texts("company"),
        "phone": texts("phone"),
        "email": texts("e-mail"),
        "link": texts("link"),
        "text": texts("text to forward"),
        _LETTER: texts("HTML for a letter"),
    }
    columns = _columns(links)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = begin(book, texts("Links"), _WIDTHS[: len(columns)])
        bold, words = book.add_format({"bold": True}), TextFormats(book, {})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, headings[name], bold)
        for number, link in enumerate(links, start=1):
            for place, name in enumerate(columns):
                cell = link.get(name, "")
                sheet.write_string(number, place, cell, words.of(cell))
    return content.getvalue()


def _columns(links: Sequence[Link]) -> tuple[str, ...]:
    return (*_COLUMNS, _LETTER) if any(_LETTER in link for link in links) else _COLUMNS


def as_csv(links: Sequence[Link], language: Language) -> bytes:
    """Return links as CSV for a spreadsheet, which takes no cell of it for a formula.

    A Russian Excel splits lines at semicolons, and knows UTF-8 by its byte-order mark alone.
    """
    return _csv(links, _columns(links), ";" if language == "ru" else ",", _safe).encode("utf-8-sig")


def for_sms(links: Sequence[Link]) -> bytes:
    """Return those links that can be sent by SMS as CSV for a gateway: phones as +79123456789.

    There is no such mark, and no apostrophe before a phone: programs would take both for data.
    """
    reachable = [link for link in links if link.get("phone")]
    return _csv(reachable, _FOR_SMS, ",", _safe_but_phones).encode()


def _csv(
    links: Sequence[Link], columns: Sequence[str], delimiter: str, safe: Callable[[str], str]
) -> str:
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(columns)
    for link in links:
        writer.writerow([safe(link.get(name, "")) for name in columns])
    return table.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _safe_but_phones(cell: str) -> str:
    return cell if _PHONE.fullmatch(cell) else _safe(cell)


def as_html(links: Sequence[Link], company: str, language: Language) -> bytes:
    """Return cards with QR codes, the first `MOST_CARDS` of them."""
    cards = [
        LinkCard(link["name"], link.get("company", ""), link["link"]) for link in links[:MOST_CARDS]
    ]
    return render_cards(in_sentence(company, language), cards, language).encode()


def write(path: Path, links: Sequence[Link], company: str, language: Language) -> None:
    """Write links as the suffix of `path` asks; readable by its owner only."""
    match path.suffix.lower():
        case ".xlsx":
            content = as_xlsx(links, language)
        case ".html" | ".htm":
            content = as_html(links, company, language)
        case _:
            content = as_csv(links, language)
    write_privately(path, content)


async def write_elsewhere(
    path: Path, links: AsyncIterator[Sequence[Link]], company: str, language: Language
) -> int | None:
    """Write the file by a process of its own and return how many links are in it.

    None where that failed. The links are handed on as they come, so that nobody holds them all.
    """
    count = 0
    async with child(
        "bot.operations.ways_in.files",
        str(path),
        stdin=asyncio.subprocess.PIPE,
        env=without_settings(),
    ) as process:
        if process.stdin is None:
            return None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(_line({"company": company, "language": language}))
            async for some in links:
                count += len(some)
                process.stdin.write(b"".join(map(_line, some)))
                await process.stdin.drain()
        process.stdin.close()
        return count if await process.wait() == 0 else None


def _line(told: Mapping[str, str]) -> bytes:
    return json.dumps(told).encode() + b"\n"


def main() -> None:
    """Write the file named on the command line; see the module's docstring."""
    head: dict[str, Any] = json.loads(sys.stdin.readline())
    links = sorted(map(json.loads, sys.stdin), key=lambda link: key_of(str(link["name"])))
    write(Path(sys.argv[1]), links, head["company"], head["language"])


if __name__ == "__main__":
    main()
