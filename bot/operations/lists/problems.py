"""Why a row of a list is not taken, as codes; `words` says them in the reader's language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """Why a row is not taken."""

    A_COMPANY = "a_company"
    CANDIDATES = "candidates"
    DATE = "date"
    DATE_AS_US = "date_as_us"
    DATE_FUTURE = "date_future"
    DATE_UNCLEAR = "date_unclear"
    EMAIL = "email"
    LANGUAGE = "language"
    LEFT = "left"
    MANAGER = "manager"
    MANAGERS = "managers"
    NO_ID = "no_id"
    NO_NAME = "no_name"
    NO_TEAM = "no_team"
    PHONE = "phone"
    PHONE_RUSSIAN = "phone_russian"
    ROLE = "role"
    SHARED_EMAIL = "shared_email"
    SHARED_PHONE = "shared_phone"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    TWICE = "twice"


class RowRefused(Exception):
    """A row is not taken; `value` is what stands there."""

    def __init__(self, code: Fault, value: str = "") -> None:
        super().__init__(code, value)
        self.code = code
        self.value = value


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is not taken: its line as a spreadsheet counts them, a code, what stands there.

    `rows` counts the rows of this problem, of which `line` is the first.
    """

    line: int
    code: Fault
    value: str = ""
    rows: int = 1


class TwoWays(NamedTuple):
    """Two formats that fit, of which somebody must choose.

    With each stands a date of the file and its ISO day by that format, where known.
    """

    first: str
    second: str
    text: str = ""
    day: str = ""
    other: str = ""
