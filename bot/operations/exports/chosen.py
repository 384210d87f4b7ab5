"""What can be exported, in which form, and how little the chat needs to know of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import Final

from surveys.messages import mark
from surveys.reports.scope import COMPANY, Scope, read_scope
from templates.texts import Texts


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
WORDS: Final[Mapping[str, What]] = {
    **{what.value: what for what in What},
    "ответы": What.ANSWERS,
    "люди": What.PEOPLE,
    "клиенты": What.PEOPLE,
    "обращения": What.CASES,
    "журнал": What.LEDGER,
}
"""What a person may type for each."""
NO_PERIOD: Final = mark("The people are those who are known now: leave the period and survey out.")
_NEEDS: Final = {FileForm.PARQUET: ("pyarrow",), FileForm.SPSS: ("pyarrow", "pyreadstat")}


def lacking(form: FileForm) -> str | None:
    """Return the library that a form needs and that is not installed."""
    return next((one for one in _NEEDS.get(form, ()) if find_spec(one) is None), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for; without a period everything, without a survey those of all.

    A file of people takes neither: it holds everybody who is known now. A `scope` narrower than the
    company leaves the totals of anonymous surveys out, for no part of their batches is counted.
    """

    what: What
    form: FileForm
    period: str | None = None
    survey: str | None = None
    scope: Scope = COMPANY

    @property
    def file_name(self) -> str:
        """Return what the file is called where nobody has named it."""
        return "-".join(filter(None, ("otklik", self.what, self.period))) + f".{self.form}"

    @property
    def deed(self) -> str:
        """Return it as the record of deeds has it: the file, the period, and what narrows it."""
        return " ".join(
            (f"{self.what}.{self.form}", *narrowed(self.period, self.scope, self.survey))
        )

    def written(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self)).encode()


def titled(texts: Texts, wanted: Wanted) -> str:
    """Name what a file is about: what its rows are, of which period and which survey."""
    period = None if wanted.period is None else texts.period(wanted.period)
    return ", ".join(filter(None, (texts(NAMES[wanted.what]), period, wanted.survey)))


def read_wanted(text: str) -> Wanted:
    """Read what `Wanted.written` wrote."""
    told = json.loads(text)
    what, form = What(told.pop("what")), FileForm(told.pop("form"))
    return Wanted(what, form, **told | {"scope": read_scope(told["scope"])})


def narrowed(period: str | None, scope: Scope, survey: str | None = None) -> Iterator[str]:
    """Yield what narrows figures or rows, each in a word for the record of deeds."""
    if period is not None:
        yield period
    attribute = None if scope.attribute is None else "=".join(scope.attribute)
    chosen = {**asdict(scope), "survey": survey, "attribute": attribute}
    yield from (f"{name}={value}" for name, value in chosen.items() if value is not None)
