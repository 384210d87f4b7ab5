"""What hostile people put into every field, and whether any output would run it.

A payload runs where a page gets an element or an attribute from it, a message markup, a table a
formula, a template the value of an expression, a terminal a control character. Each payload holds
`MARK`, by which it is found again wherever it stands.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser

MARK = "zq7"
PAYLOADS: Sequence[str] = (
    f"<script>{MARK}()</script>",
    f"<img src=x onerror={MARK}()>",
    f"\"><svg onload='{MARK}()'>",
    f"'-{MARK}()-'",
    f"</textarea></title></style><iframe src=javascript:{MARK}()>",
    f'<a href="javascript:{MARK}()">{MARK}</a>',
    f"<!--{MARK}--><b onmouseover={MARK}()>",
    f'=HYPERLINK("http://{MARK}";"x")',
    f"+{MARK}+cmd|' /C calc'!A0",
    f"-2+3+{MARK}",
    f"@SUM({MARK})",
    f"＝{MARK}",
    f"{{{{7*7}}}}{MARK}{{% for x in () %}}",
    f"${{7*7}}{MARK}#{{7*7}}",
    f"{{company.__class__}}{MARK}%(x)s%n",
    f"<b>{MARK}<i>&amp;</b>&#60;",
    f"'; DROP TABLE people;--{MARK}",
    f"../../../../etc/{MARK}",
    f"!!python/object/apply:os.system [{MARK}]",
)
"""HTML, spreadsheets, templates, Telegram's markup, SQL, paths and YAML."""
CALCULATED = f"49{MARK}"
"""What an expression of a template would leave."""
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


class _Looking(HTMLParser):
    """Collects whatever a browser would run or obey that holds the mark."""

    def __init__(self) -> None:
        super().__init__()
        self.run: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if MARK in tag:
            self.run.append(f"<{tag}>")
        for name, value in attrs:
            acts = name.startswith("on") or name in {"href", "src", "action", "style", "srcdoc"}
            if MARK in name or (acts and MARK in (value or "")):
                self.run.append(f"<{tag} {name}={value}>")
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if MARK in data and {"script", "style"} & set(self._inside[-1:]):
            self.run.append(data)

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.run.append(f"<!--{data}-->")


def in_html(page: str) -> list[str]:
    """Return what of a page would run."""
    looking = _Looking()
    looking.feed(page)
    return [*looking.run, *_calculated(page)]


def in_csv(text: str) -> list[str]:
    """Return the cells with a mark that a spreadsheet would calculate."""
    dialect = csv.Sniffer().sniff(text[:2000], ",;\t")
    rows = csv.reader(io.StringIO(text), dialect)
    cells = [cell for row in rows for cell in row if MARK in cell]
    return [cell for cell in cells if cell.startswith(_FORMULA)] + _calculated(text)


def in_workbook(content: bytes) -> list[str]:
    """Return the formulas and outside links of an XLSX file."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8", "replace")
            found += re.findall(r"<f[ >].*?</f>", text)
            found += [one for one in re.findall(r'Target="[^"]*"', text) if MARK in one]
            found += _calculated(text)
    return found


def in_terminal(text: str) -> list[str]:
    """Return the lines with what a terminal obeys."""
    return [line for line in text.splitlines() if _CONTROL.search(line)] + _calculated(text)


def in_message(text: str, entities: Sequence[Mapping[str, object]]) -> list[str]:
    """Return the entities of a message that begin or end inside a payload.

    Offsets count UTF-16 units, as Telegram's do.
    """
    raw = text.encode("utf-16-le")
    found = []
    for one in entities:
        start, length = int(str(one["offset"])), int(str(one["length"]))
        marked = raw[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
        if marked.strip() == MARK or one.get("type") in {"text_link", "text_mention"}:
            found.append(f"{one['type']}: {marked}")
    return found + _calculated(text)


def _calculated(text: str) -> list[str]:
    return [CALCULATED] if CALCULATED in text else []


def each_field(fields: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield one row a payload, with it in each of the fields."""
    for number, payload in enumerate(PAYLOADS):
        yield dict.fromkeys(fields, f"{payload} {number}")
