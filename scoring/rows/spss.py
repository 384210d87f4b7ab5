"""Rows as an SPSS file, by pyreadstat (the extra `research`).

SPSS holds 120 bytes of a value's label and 256 of a variable's, and pyreadstat cuts what is longer
without a word, so that two labels may become one. Here they are shortened before, and stay
distinct. It knows no zones: moments are to be given as local ones.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
import pyreadstat

VALUE_BYTES: Final = 120
VARIABLE_BYTES: Final = 256
NAME_BYTES: Final = 64
TEXT_BYTES: Final = 32_767
_UNFIT = re.compile(r"[^\w.@#$]")


@dataclass(frozen=True, slots=True)
class Variable:
    """A column; `labels` of its codes."""

    name: str
    kind: Literal["text", "number", "moment", "day"]
    label: str
    labels: Mapping[int | str, str] = field(default_factory=dict)


def write_spss(path: Path, variables: Sequence[Variable], columns: Sequence[Sequence[Any]]) -> None:
    """Write columns of cells; an empty cell is None."""
    names = distinct((_fitting_name(one.name) for one in variables), NAME_BYTES)
    pairs = list(zip(names, variables, strict=True))
    frame = pd.DataFrame(
        {
            name: _series(variable, cells)
            for (name, variable), cells in zip(pairs, columns, strict=True)
        }
    )
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={name: cut(variable.label, VARIABLE_BYTES) for name, variable in pairs},
        variable_value_labels={
            name: _labels(variable) for name, variable in pairs if variable.labels
        },
        variable_format={name: "EDATE10" for name, variable in pairs if variable.kind == "day"},
    )


def _labels(variable: Variable) -> dict[Any, str]:
    return dict(zip(variable.labels, distinct(variable.labels.values(), VALUE_BYTES), strict=True))


def _series(variable: Variable, cells: Sequence[Any]) -> "pd.Series[Any]":
    match variable.kind:
        case "text":
            return pd.Series(
                ["" if cell is None else cut(str(cell), TEXT_BYTES) for cell in cells], dtype=object
            )
        case "number":
            return pd.Series(
                [None if cell is None else float(cell) for cell in cells], dtype="float64"
            )
        case "moment":
            return pd.Series(cells, dtype="datetime64[us]")
        case "day":
            return pd.Series(cells, dtype=object)


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
