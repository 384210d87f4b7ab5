"""What can be wrong with a list, as codes; `people_words` says them in the reader's language."""

from dataclasses import dataclass
from enum import StrEnum


class FileRefusal(StrEnum):
    """Why a file is not read at all."""

    BOMB = "bomb"
    BROKEN_ENCODING = "broken_encoding"
    DAMAGED = "damaged"
    EMPTY = "empty"
    ENCODING = "encoding"
    ENTITIES = "entities"
    HEADING_TWICE = "heading_twice"
    LONG_CELL = "long_cell"
    NOT_A_TABLE = "not_a_table"
    NOT_STATED_ENCODING = "not_stated_encoding"
    NO_HEADING = "no_heading"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"  # noqa: S105 (a word, not a secret)
    QUOTES = "quotes"
    QUOTE_INSIDE = "quote_inside"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_WIDE = "too_wide"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNREADABLE = "unreadable"


class Fault(StrEnum):
    """Why a row is not taken."""

    A_COMPANY = "a_company"
    CANDIDATES = "candidates"
    DATE = "date"
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
    ROLE = "role"
    SHARED_EMAIL = "shared_email"
    SHARED_PHONE = "shared_phone"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    TWICE = "twice"


class FileRefused(Exception):
    """A file is not read at all; `value` and `more` are what the sentence about it names."""

    def __init__(self, code: FileRefusal, value: str = "", more: str = "") -> None:
        super().__init__(code, value, more)
        self.code = code
        self.value = value
        self.more = more


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
