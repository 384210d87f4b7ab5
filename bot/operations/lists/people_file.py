"""A list of people as its file has it: what the columns are, then the rows and what is amiss."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from bot.operations.history.heads import are_of_answers
from bot.operations.lists.by_column import Taken, take
from bot.operations.lists.headings import (
    Identity,
    ListColumns,
    ListField,
    are_headings,
    missing,
    named_twice,
    not_there,
    recognise,
)
from bot.operations.lists.phone_numbers import USUAL_COUNTRY
from bot.operations.lists.problems import Fault, RowProblem, RowRefused
from bot.operations.lists.purchases import Purchases, TwoWays, read_purchases
from bot.operations.lists.rows import Layout, ListedPerson, person
from bot.operations.tables.code_pages import as_read
from bot.operations.tables.csv_tables import NumberedRow
from bot.operations.tables.refusals import FileRefusal, FileRefused
from bot.operations.tables.tables import FileOptions, Table, read_table
from storage.people.lists.listed import ListedRole, ListedRows, by_column

BATCH = 4_000
_SAMPLES = 3
_TOP = 12
_LONGEST_ABOVE = 100
_LONGEST_SHOWN = 500


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

    headings: list[str]
    columns: ListColumns
    samples: list[list[str]]
    lacks: list[ListField]
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


def read_list(content: bytes, options: ListOptions) -> Iterator[Head | Batch]:
    """Yield what a list is, then its rows; nothing more where a field is lacking.

    Raises FileRefused. An id that stands there twice in a role is taken once, the first time.
    """
    table = read_table(
        content,
        FileOptions(options.encoding, options.skip_lines),
        partial(are_headings, chosen=options.chosen),
    )
    columns = _columns(table, options)
    rows = list(table.rows)  # how one date is read may depend on the others
    lacks = missing(columns, options.identity)
    purchases = _purchases(rows, options, {} if lacks else columns)
    head = _head(table, rows[:_TOP], columns, lacks)
    encodings = as_read(content) if table.is_guess else []
    yield replace(head, encodings=encodings, unclear=list(purchases.unclear))
    if lacks:
        return
    layout = Layout(
        table.headings, columns, options.role, options.identity, purchases.days, options.country
    )
    closely = partial(_taken, layout, purchases)
    seen: dict[ListedRole, dict[str, int]] = defaultdict(dict)
    contacts: dict[str, set[str]] = {"phone": set(), "email": set()}
    for start in range(0, max(len(rows), 1), BATCH):
        some = rows[start : start + BATCH]
        taken = take(layout, purchases, closely, some)
        _refuse_repeated(taken, seen)
        batch = _batch(taken, [line for line, _ in some])
        yield replace(batch, repeated=_repeated(batch.rows, contacts))


def _batch(taken: Taken, lines: Sequence[int]) -> Batch:
    refused = [
        RowProblem(lines[at], refusal.code, refusal.value)
        for at, refusal in sorted(taken.refused.items())
    ]
    return Batch(
        rows=taken.people(),
        problems=[one for one in refused if one.code is not Fault.A_COMPANY],
        left_out=[one for one in refused if one.code is Fault.A_COMPANY],
        warnings=[
            one
            for at, some in sorted(taken.warnings.items())
            if at not in taken.refused
            for one in some
        ],
        assumed=[lines[at] for at in sorted(taken.assumed) if at not in taken.refused],
    )


def _repeated(people: ListedRows, contacts: Mapping[str, set[str]]) -> list[str]:
    found = []
    for name, known in contacts.items():
        said = [one.casefold() for one in people.columns[name] if one]
        if len(set(said)) < len(said) or not known.isdisjoint(said):
            found.append(name)
        known.update(said)
    return found


def _refuse_repeated(taken: Taken, seen: dict[ListedRole, dict[str, int]]) -> None:
    """Refuse whoever was seen before; who is taken is seen from now on."""
    roles, ids, lines = (taken.columns[name] for name in ("role", "external_id", "line"))
    same = set(roles)
    if not taken.refused and len(same) == 1:
        known = seen[roles[0]]
        if len(set(ids)) == len(ids) and known.keys().isdisjoint(ids):
            known.update(zip(ids, lines, strict=True))
            return
    for at, (role, key, line) in enumerate(zip(roles, ids, lines, strict=True)):
        if at in taken.refused:
            continue
        first = seen[role].setdefault(key, line)
        if first != line:
            taken.refused[at] = RowRefused(Fault.TWICE, str(first))


def _head(
    table: Table,
    ahead: Sequence[NumberedRow],
    columns: ListColumns,
    lacks: list[ListField],
) -> Head:
    """Return what a list is, by its headings and the rows next to them."""
    top = [*table.above, (table.line, table.headings), *ahead]
    return Head(
        headings=table.headings,
        columns=columns,
        samples=[cells for _, cells in ahead[:_SAMPLES]],
        lacks=lacks,
        above=[_on_one_line(cells) for _, cells in table.above],
        encoding=table.encoding,
        is_guess=table.is_guess,
        top=[(line, _on_one_line(cells)) for line, cells in top[:_TOP]],
        is_past=are_of_answers(table.headings),
    )


def _on_one_line(cells: Iterable[str]) -> str:
    return "; ".join(filter(None, cells))[:_LONGEST_ABOVE]


def _columns(table: Table, options: ListOptions) -> ListColumns:
    unknown = not_there(table.headings, options.chosen)
    if unknown:
        raise FileRefused(
            FileRefusal.NO_HEADING, ", ".join(unknown), ", ".join(table.headings)[:_LONGEST_SHOWN]
        )
    twice = named_twice(table.headings, options.chosen)
    if twice is not None:
        raise FileRefused(FileRefusal.HEADING_TWICE, twice)
    return recognise(table.headings, options.chosen)


def _purchases(
    rows: Sequence[NumberedRow], options: ListOptions, columns: ListColumns
) -> Purchases:
    places = columns.get("last_purchase", [])
    if not places:
        return Purchases({}, {}, {})
    place = places[0]
    said = (cells[place] for _, cells in rows if place < len(cells) and cells[place])
    now = datetime.fromisoformat(options.now) if options.now else datetime.now(UTC)
    return read_purchases(said, options.date_formats, options.zone, now)


def _taken(layout: Layout, purchases: Purchases, line: int, cells: list[str]) -> ListedPerson:
    """Return the person of a row, and which cells are left out of it; raises RowRefused."""
    taken = person(layout, line, cells)
    place = next(iter(layout.columns.get("last_purchase", [])), len(cells))
    bought = cells[place] if place < len(cells) else ""
    if bought in purchases.refused:
        raise purchases.refused[bought]
    if bought in purchases.unknown:
        taken.left_out.append(RowProblem(line, Fault.DATE, bought))
    return taken
