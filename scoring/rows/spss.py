"""Rows as an SPSS file, by pyreadstat (the extra `research`).

SPSS holds 120 bytes of a value's label and 256 of a variable's, and pyreadstat cuts what is longer
without a word, so that two labels may become one. Here they are shortened before, and stay
distinct. It knows no zones: moments are to be given as local ones.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import pandas as pd
import pyreadstat

VALUE_BYTES: Final = 120
VARIABLE_BYTES: Final = 256
NAME_BYTES: Final = 64
TEXT_BYTES: Final = 32_767
_FORMATS: Final = {"moment": "DATETIME20", "day": "EDATE10"}
_BEGINNING: Final = datetime(1582, 10, 14)  # noqa: DTZ001 - moments are local here
_SECOND: Final = timedelta(seconds=1)
_UNFIT = re.compile(r"[^\w.@#$]")


@dataclass(frozen=True, slots=True)
class Variable:
    """A column; `labels` of its codes."""

    name: str
    kind: Literal["text", "number", "moment", "day"]
    label: str
    labels: Mapping[int | str, str] = field(default_factory=dict)


class ArrowTable(Protocol):
    """A table of pyarrow, which is not imported here."""

    def to_pandas(self, *, types_mapper: object) -> pd.DataFrame:
        """Return it as a frame whose columns stay where they are."""


def names_of(variables: Sequence[Variable]) -> list[str]:
    """Return what the variables are called in the file."""
    return distinct((_fitting_name(one.name) for one in variables), NAME_BYTES)


def as_kept(variable: Variable, cell: Any) -> str | float | None:  # noqa: ANN401 - any cell
    """Return a cell as the file keeps it: a text, a number, or None where there is no number.

    A moment and a day become seconds since 14 October 1582, as SPSS counts them.
    """
    match variable.kind:
        case "text":
            return "" if cell is None else cut(str(cell), TEXT_BYTES)
        case "number":
            return None if cell is None else float(cell)
        case "moment":
            return None if cell is None else (cell - _BEGINNING) / _SECOND
        case "day":
            return None if cell is None else (cell - _BEGINNING.date()) / _SECOND


def write_spss(path: Path, variables: Sequence[Variable], table: ArrowTable) -> None:
    """Write a table of `as_kept` cells, whose columns are called as `names_of` says.

    It is read row by row and column by column, so one that lies on the disk is never held whole.
    """
    pairs = list(zip(names_of(variables), variables, strict=True))
    pyreadstat.write_sav(
        table.to_pandas(types_mapper=pd.ArrowDtype),
        str(path),
        column_labels={name: cut(variable.label, VARIABLE_BYTES) for name, variable in pairs},
        variable_value_labels={
            name: _labels(variable) for name, variable in pairs if variable.labels
        },
        variable_format={
            name: _FORMATS[variable.kind] for name, variable in pairs if variable.kind in _FORMATS
        },
        row_compress=True,
    )


def _labels(variable: Variable) -> dict[Any, str]:
    return dict(zip(variable.labels, distinct(variable.labels.values(), VALUE_BYTES), strict=True))


def _fitting_name(name: str) -> str:
    fitting = _UNFIT.sub("_", name).strip("._") or "x"
    return fitting if fitting[0].isalpha() else f"x_{fitting}"


def distinct(texts: Iterable[str], most_bytes: int) -> list[str]:
    """Cut texts to so many bytes; those that would become the same get a number at their end."""
    found: list[str] = []
    seen: set[str] = set()
    for text in texts:
        candidate, number = cut(text, most_bytes), 2
        while candidate.casefold() in seen:
            end = f"_{number}"
            candidate = cut(text, most_bytes - len(end)).rstrip(".") + end
            number += 1
        seen.add(candidate.casefold())
        found.append(candidate)
    return found


def cut(text: str, most_bytes: int) -> str:
    """Return the beginning of a text that fits so many bytes of UTF-8, whole letters only."""
    return text.encode()[:most_bytes].decode(errors="ignore")
