"""Sheets of a workbook as spreadsheets lay them out: widths, heights, formats of cells."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from zipfile import ZipFile

_NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Laid:
    """A sheet: `widths` by column, `heights` by row, `forms` by cell as (row, column) from 0."""

    widths: dict[int, float]
    heights: dict[int, float]
    forms: dict[tuple[int, int], dict[str, str]]
    frozen: tuple[int, int]
    header: str
    is_wide: bool


def laid(book: ZipFile) -> list[Laid]:
    """Return the sheets of a workbook, in its order."""
    styles = _read(book, "xl/styles.xml")
    formats = [_format(one) for one in styles.find(f"{_NAME}cellXfs") or ()]
    names = sorted(
        (name for name in book.namelist() if "/worksheets/" in name),
        key=lambda name: int(re.sub(r"\D", "", name)),
    )
    return [_laid(_read(book, name), formats) for name in names]


def _read(book: ZipFile, name: str) -> ET.Element:
    return ET.fromstring(book.read(name))  # noqa: S314 (it is ours)


def _format(one: ET.Element) -> dict[str, str]:
    found = {**one.attrib}
    for inner in one:
        found |= inner.attrib
    return found


def _laid(root: ET.Element, formats: list[dict[str, str]]) -> Laid:
    widths = {}
    for one in root.iter(f"{_NAME}col"):
        for place in range(int(one.attrib["min"]) - 1, int(one.attrib["max"])):
            widths[place] = float(one.attrib["width"])
    rows = [*root.iter(f"{_NAME}row")]
    cells = [cell for row in rows for cell in row]
    pane = next(root.iter(f"{_NAME}pane"), None)
    setup = next(root.iter(f"{_NAME}pageSetup")).attrib
    return Laid(
        widths=widths,
        heights={int(one.attrib["r"]) - 1: float(one.get("ht", "15")) for one in rows},
        forms={_at(cell.attrib["r"]): formats[int(cell.get("s", "0"))] for cell in cells},
        frozen=(0, 0) if pane is None else (_split(pane, "ySplit"), _split(pane, "xSplit")),
        header=next((one.text or "" for one in root.iter(f"{_NAME}oddHeader")), ""),
        is_wide=setup.get("orientation") == "landscape",
    )


def _split(pane: ET.Element, name: str) -> int:
    return int(pane.get(name, "0"))


def _at(reference: str) -> tuple[int, int]:
    letters = re.sub(r"\d", "", reference)
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return int(re.sub(r"\D", "", reference)) - 1, column - 1
