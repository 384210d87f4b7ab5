"""Why a file is not read at all, as codes; `bot.operations.lists.words` says them in words."""

from enum import StrEnum

LARGEST_FILE = 50_000_000
"""How many bytes a list has at most."""


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


class FileRefused(Exception):
    """A file is not read at all; `value` and `more` are what the sentence about it names."""

    def __init__(self, code: FileRefusal, value: str = "", more: str = "") -> None:
        super().__init__(code, value, more)
        self.code = code
        self.value = value
        self.more = more
