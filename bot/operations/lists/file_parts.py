"""By what a list's file is read, and the parts that come of it; whoever gets them reads no file."""

from dataclasses import dataclass, field

from bot.operations.lists.headings import Identity, ListColumns, ListField
from bot.operations.lists.problems import RowProblem, TwoWays
from storage.people.lists.listed import ListedRole, ListedRows, by_column

USUAL_COUNTRY = "RU"
"""The country of phones that name none, where nothing else is known."""
LONGEST_LINE = 64 * 1024 * 1024
"""Of JSON, in which the process that reads a file tells its parts."""
PROBLEMS = ("problems", "left_out", "warnings")
"""The fields of a batch that hold what is amiss."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How to read a list: a person's choice of columns, and who is meant without a role.

    `identity` is what people are recognised by where the list has no number of theirs. `encoding`,
    `skip_lines` and `date_formats` are what a person says of the file; days are those of `zone`,
    and none may lie after `now`. Phones that name no country are those of `country`.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    role: ListedRole = "customer"
    identity: Identity | None = None
    encoding: str = ""
    skip_lines: int = 0
    date_formats: list[str] = field(default_factory=list)
    zone: str = "UTC"
    now: str = ""
    country: str = USUAL_COUNTRY


@dataclass(frozen=True, slots=True)
class Head:
    """A list's headings, what each field is filled by, and the first cells of each column.

    `above` is what stands over the headings and is left out, `encoding` how the text was read,
    `is_guess` whether nothing but the look of the words speaks for it.
    """

    headings: list[str] = field(default_factory=list)
    columns: ListColumns = field(default_factory=dict)
    samples: list[list[str]] = field(default_factory=list)
    lacks: list[ListField] = field(default_factory=list)
    """The fields that a list must fill and this one does not."""
    above: list[str] = field(default_factory=list)
    encoding: str = ""
    is_guess: bool = False
    encodings: list[tuple[str, str]] = field(default_factory=list)
    """Other encodings, where this one is a guess, with words of the file in each."""
    top: list[tuple[int, str]] = field(default_factory=list)
    """The first lines, one of which holds the headings."""
    unclear: list[TwoWays] = field(default_factory=list)
    is_past: bool = False
    """Whether the headings look more like those of past answers."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The next rows of a list: those taken, those refused, those that are no people.

    `warnings` name cells that are left out of rows that are taken. `assumed` are the lines whose
    phone names no country. `repeated` says whether a "phone" or "email" of these rows stands on
    several, of this batch or an earlier one.
    """

    rows: ListedRows = field(default_factory=lambda: by_column(()))
    problems: list[RowProblem] = field(default_factory=list)
    left_out: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    assumed: list[int] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how many rows of the file these are."""
        return len(self.rows) + len(self.problems) + len(self.left_out)
