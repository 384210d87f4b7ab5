"""Showing a result: JSON for scripts, unrounded; plain lines and tables for people."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from enum import Enum

from bot.cli.calc.formulas import Formula
from bot.cli.calc.words import EXAMPLES, LABELS, NOTES, VALUES
from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader
from templates.texts import Texts

WHOLE_FROM = 1000
_DIGITS = 5
_SMALLEST = 1e-4
MINUS = "\N{MINUS SIGN}"


def show(
    result: Mapping[str, object],
    *,
    as_json: bool,
    explain: Formula | None,
    notes: Sequence[str] = (),
    example: bool = False,
) -> None:
    """Print a result, with its formula when asked, and what must be said about it.

    The names in an `example` are the program's own, and are printed in the reader's language.
    """
    plain = {key: _plain(value) for key, value in result.items()}
    if as_json:
        said = {"notes": list(notes)} if notes else {}
        told = {"explain": explain._asdict()} if explain else {}
        text = json.dumps({**plain, **said, **told}, ensure_ascii=False, indent=2, allow_nan=False)
        say(text)
        return
    texts = reader()
    if example:
        plain = {key: _translated(value, texts) for key, value in plain.items()}
    for line in _lines(plain, texts):
        say(line)
    for note in notes:
        say(f"\n{texts(note) if note in NOTES else note}")
    if explain:
        say("\n" + texts("Formula: {formula}", formula=texts(explain.formula)))
        say(texts("Source: {source}", source=texts(explain.source)))


def _plain(value: object) -> object:
    """Turn a result into what JSON knows: decimals become numbers, enums their values."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return float(value) if isinstance(value, Decimal) else value


def _translated(value: object, texts: Texts) -> object:
    """Return a part of an example's result with the names that the example gave."""
    if isinstance(value, dict):
        return {_name(key, texts): _translated(part, texts) for key, part in value.items()}
    if isinstance(value, list):
        return [_translated(part, texts) for part in value]
    return _name(value, texts) if isinstance(value, str) else value


def _name(key: str, texts: Texts) -> str:
    return texts(EXAMPLES[key]) if key in EXAMPLES else key


def _lines(plain: Mapping[str, object], texts: Texts) -> list[str]:
    single = {key: value for key, value in plain.items() if not isinstance(value, list | dict)}
    width = max((len(_label(key, texts)) for key in single), default=0)
    lines = [
        f"{_label(key, texts):<{width}}  {_cell(value, texts)}" for key, value in single.items()
    ]
    for key, value in plain.items():
        if isinstance(value, dict) and value:
            lines += ["", _label(key, texts), *_table(_rows(value, texts), texts)]
        elif isinstance(value, list) and value:
            lines += ["", _label(key, texts), *_table(_listed(value), texts)]
    return lines


def _rows(table: Mapping[str, object], texts: Texts) -> list[dict[str, object]]:
    return [
        {"": _label(name, texts), **(value if isinstance(value, dict) else {"value": value})}
        for name, value in table.items()
    ]


def _listed(values: Sequence[object]) -> list[dict[str, object]]:
    return [value if isinstance(value, dict) else {"value": value} for value in values]


def _table(rows: Sequence[Mapping[str, object]], texts: Texts) -> list[str]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_label(column, texts) for column in columns]]
    cells += [[_cell(row.get(column), texts) for column in columns] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _label(key: str, texts: Texts) -> str:
    return texts(LABELS[key]) if key in LABELS else key.replace("_", " ")


def _cell(value: object, texts: Texts) -> str:
    if isinstance(value, bool):
        return texts("yes") if value else texts("no")
    if isinstance(value, list):
        return ", ".join(_cell(part, texts) for part in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{_label(key, texts)} {_cell(part, texts)}" for key, part in value.items()
        )
    if isinstance(value, float):
        return _number(value, texts)
    if isinstance(value, int):
        return texts.number(value)
    return "–" if value is None else texts(VALUES.get(str(value), "{value}"), value=value)


def _number(value: float, texts: Texts) -> str:
    """Write five significant digits, and no decimals from a thousand on."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    if abs(value) < _SMALLEST:
        power = math.floor(math.log10(abs(value)))
        return f"{texts.number(round(value / 10.0**power, _DIGITS - 1), None)}e{MINUS}{-power}"
    digits = 0 if abs(value) >= WHOLE_FROM else _DIGITS - 1 - math.floor(math.log10(abs(value)))
    return texts.number(round(value, digits), None)
