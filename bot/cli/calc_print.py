"""Showing a result: JSON for scripts, unrounded; plain lines and tables for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from enum import Enum

import typer

from bot.cli.calc_formulas import Formula

WHOLE_FROM = 1000
MINUS = "\N{MINUS SIGN}"


def show(
    result: Mapping[str, object],
    *,
    as_json: bool,
    explain: Formula | None,
    notes: Sequence[str] = (),
) -> None:
    """Print a result, with its formula when asked, and what must be said about it."""
    plain = {key: _plain(value) for key, value in result.items()}
    if as_json:
        said = {"notes": list(notes)} if notes else {}
        told = {"explain": explain._asdict()} if explain else {}
        text = json.dumps({**plain, **said, **told}, ensure_ascii=False, indent=2, allow_nan=False)
        typer.echo(text)
        return
    for line in _lines(plain):
        typer.echo(line)
    for note in notes:
        typer.echo(f"\n{note}")
    if explain:
        typer.echo(f"\nFormula: {explain.formula}\nSource: {explain.source}")


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


def _lines(plain: Mapping[str, object]) -> list[str]:
    single = {key: value for key, value in plain.items() if not isinstance(value, list | dict)}
    width = max((len(key) for key in single), default=0)
    lines = [f"{_label(key):<{width}}  {_cell(value)}" for key, value in single.items()]
    for key, value in plain.items():
        if isinstance(value, dict) and value:
            lines += ["", _label(key), *_table(_rows(value))]
        elif isinstance(value, list) and value:
            lines += ["", _label(key), *_table(_listed(value))]
    return lines


def _rows(table: Mapping[str, object]) -> list[dict[str, object]]:
    return [
        {"": _label(name), **(value if isinstance(value, dict) else {"value": value})}
        for name, value in table.items()
    ]


def _listed(values: Sequence[object]) -> list[dict[str, object]]:
    return [value if isinstance(value, dict) else {"value": value} for value in values]


def _table(rows: Sequence[Mapping[str, object]]) -> list[str]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_label(column) for column in columns]]
    cells += [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _label(key: str) -> str:
    return key.replace("_", " ")


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_cell(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{_label(key)} {_cell(part)}" for key, part in value.items())
    if isinstance(value, float):
        text = f"{value:,.0f}" if abs(value) >= WHOLE_FROM else f"{value:.5g}"
        return text.replace("-", MINUS).replace(",", "\N{NO-BREAK SPACE}")
    return str(value).replace("-", MINUS) if isinstance(value, int) else str(value)
