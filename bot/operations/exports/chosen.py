"""What can be exported, in which form, and how little the chat needs to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import Final

from surveys.messages import mark


class What(StrEnum):
    """What the rows are about."""

    ANSWERS = "answers"
    PEOPLE = "people"
    CASES = "cases"
    LEDGER = "ledger"


class FileForm(StrEnum):
    """How the file is written; its value is the end of its name."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"
    SPSS = "sav"


NAMES: Final[Mapping[What, str]] = {
    What.ANSWERS: mark("Answers"),
    What.PEOPLE: mark("People"),
    What.CASES: mark("Cases"),
    What.LEDGER: mark("Who was asked and who was not"),
}
_NEEDS: Final = {FileForm.PARQUET: "pyarrow", FileForm.SPSS: "pyreadstat"}


def lacking(form: FileForm) -> str | None:
    """Return the library that a form needs and that is not installed."""
    needed = _NEEDS.get(form)
    return needed if needed is not None and find_spec(needed) is None else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for; without a period everything, without a survey those of all.

    A file of people takes neither: it holds everybody who is known now.
    """

    what: What
    form: FileForm
    period: str | None = None
    survey: str | None = None
