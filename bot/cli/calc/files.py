"""Reading the files that `otklik calc` takes: CSV tables and small YAML or JSON documents."""

import csv
import math
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from io import StringIO
from pathlib import Path

import yaml

from bot.errors import FileUnreadable
from bot.operations.facts.typed_amounts import plain_number
from scoring.errors import BadInput
from surveys.messages import mark

LARGEST = 50_000_000
FARTHEST = 1e12
_TWO_NUMBERS = mark("may be another number to another reader: write {given} without the comma")
DELIMITERS = ",;\t"
ENCODINGS = ("utf-8-sig", "cp1251")
NumberColumns = dict[str, list[float | None]]


def example(name: str) -> Path:
    """Return the path of a shipped example."""
    return Path(str(files("scoring").joinpath("examples", name)))


def chosen(file: Path | None, name: str, *, use_example: bool) -> Path:
    """Return the file given, or the shipped example when that was asked for."""
    if (file is None) != use_example:
        raise BadInput(field="FILE", problem=mark("give a file, or --example, and not both"))
    return example(name) if file is None else file


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file (comma, semicolon or tab; UTF-8 or cp1251) by heading."""
    text = read_text(path)
    heading = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=heading.count)
    try:
        rows = list(csv.reader(StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise BadInput(field=path.name, problem=mark("is not CSV: {said}"), said=error) from None
    names = [name.strip() for name in rows[0]] if rows else []
    if not any(names):
        raise BadInput(field=path.name, problem=mark("is empty: a row of headings is needed"))
    if len(set(names)) < len(names):
        raise BadInput(field=path.name, problem=mark("has two columns of the same name"))
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    for number, row in filled:
        if len(row) != len(names):
            raise BadInput(
                field=f"{path.name}:{number}",
                problem=mark("has {n} cells under {names} headings"),
                n=len(row),
                names=len(names),
            )
    return [dict(zip(names, row, strict=True)) for _, row in filled]


def read_columns(path: Path) -> NumberColumns:
    """Return a CSV file's columns of numbers; an empty cell is a missing answer."""
    rows = read_table(path)
    if not rows:
        raise BadInput(field=path.name, problem=mark("has headings but no rows"))
    return {
        name: [_cell(row[name], f"{path.name}:{i}, {name}") for i, row in enumerate(rows, 2)]
        for name in rows[0]
    }


def read_document(path: Path) -> dict[str, object]:
    """Return a YAML or JSON document's keys."""
    try:
        document = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        place = f":{at.line + 1}" if at else ""
        raise BadInput(field=f"{path.name}{place}", problem=mark("is not YAML")) from None
    except (ValueError, RecursionError):  # an impossible date; brackets without end
        raise BadInput(field=path.name, problem=mark("is not YAML")) from None
    if not isinstance(document, dict):
        raise BadInput(field=path.name, problem=mark("must be a mapping of keys to values"))
    return {str(key): value for key, value in document.items()}


def read_text(path: Path) -> str:
    """Return a file's text, or say why it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(
                field=str(path), problem=mark("is larger than {high} bytes"), high=LARGEST
            )
        raw = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path, error) from None
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(field=str(path), problem=mark("is neither UTF-8 nor cp1251 text"))


def number(value: object, field: str) -> float:
    """Return a number of a document, or say where one is missing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(
            field=field, problem=mark("must be a number, not {given}"), given=repr(value)
        )
    if not -FARTHEST <= value <= FARTHEST:
        raise BadInput(
            field=field, problem=mark("must be a number of at most {high}"), high=FARTHEST
        )
    return float(value)


def whole_number(value: object, field: str) -> int:
    """Return a whole number of a document, or say where one is missing."""
    if not number(value, field).is_integer() or not isinstance(value, int):
        raise BadInput(
            field=field, problem=mark("must be a whole number, not {given}"), given=repr(value)
        )
    return value


def amount(value: object, field: str) -> Decimal:
    """Return an amount of a document as it is written."""
    number(value, field)
    return Decimal(str(value))


def mapping(value: object, field: str) -> Mapping[str, object]:
    """Return a mapping of a document, or say where one is missing."""
    if not isinstance(value, dict) or not value:
        raise BadInput(field=field, problem=mark("must be a mapping of names to values"))
    return {str(key): part for key, part in value.items()}


def numbers(value: object, field: str) -> dict[str, float]:
    """Return a mapping of names to numbers."""
    return {key: number(part, f"{field}.{key}") for key, part in mapping(value, field).items()}


def known(document: Mapping[str, object], keys: set[str], field: str) -> None:
    """Refuse unknown keys, since a misspelt one would be ignored without a word."""
    if unknown := sorted(set(document) - keys):
        raise BadInput(
            field=field,
            problem=mark("has unknown keys {unknown}; known are {known}"),
            unknown=unknown,
            known=sorted(keys),
        )


def written(text: str, place: str) -> float:
    """Return a number as people write it: 4.5, 4,5, 1 000 or 1,234.50."""
    plain = "".join(text.split())
    if "," in plain:
        sign = "-" if plain.startswith("-") else ""
        read = plain_number(plain.removeprefix(sign))
        if read is None:
            raise BadInput(field=place, problem=_TWO_NUMBERS, given=repr(text.strip()[:40]))
        plain = sign + read
    try:
        found = float(plain)
    except ValueError:
        found = math.nan
    if not abs(found) <= FARTHEST:
        raise BadInput(
            field=place,
            problem=mark("must be a number, not {given}"),
            given=repr(text.strip()[:40]),
        )
    return found


def _cell(text: str, place: str) -> float | None:
    return written(text, place) if text.strip() else None


def read_pairs(path: Path) -> tuple[dict[tuple[float, float], int], int]:
    """Return {(before, after): people} of a CSV file, and how many rows lacked an answer."""
    columns = read_columns(path)
    if missing := [name for name in ("before", "after") if name not in columns]:
        raise BadInput(
            field=path.name,
            problem=mark("lacks the column {missing}"),
            missing=" and ".join(missing),
        )
    pairs: Counter[tuple[float, float]] = Counter()
    rows = list(zip(columns["before"], columns["after"], strict=True))
    for before, after in rows:
        if before is not None and after is not None:
            pairs[before, after] += 1
    return dict(pairs), len(rows) - pairs.total()
