"""A list of people as its file has it: what the columns are, then the rows and what is amiss."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.operations.history.heads import are_of_answers
from bot.operations.lists.by_column import Taken, take
from bot.operations.lists.file_parts import Batch, Head, ListOptions
from bot.operations.lists.headings import (
    ListColumns,
    ListField,
    are_headings,
    missing,
    named_twice,
    not_there,
    recognise,
)
from bot.operations.lists.problems import Fault, RowProblem, RowRefused
from bot.operations.lists.purchases import Purchases, read_purchases
from bot.operations.lists.rows import Layout, ListedPerson, person
from bot.operations.tables.code_pages import as_read
from bot.operations.tables.csv_tables import NumberedRow
from bot.operations.tables.refusals import FileRefusal, FileRefused
from bot.operations.tables.tables import FileOptions, Table, read_table
from storage.people.lists.listed import ListedRole, ListedRows, folded

BATCH = 4_096
_SAMPLES = 3
_TOP = 12
_LONGEST_ABOVE = 100
_LONGEST_SHOWN = 500


def read_list(
    content: bytes, options: ListOptions, kept: list[NumberedRow] | None = None
) -> Iterator[Head | Batch]:
    """Yield what a list is, then its rows; nothing more where a field is lacking.

    Raises FileRefused. An id that stands there twice in a role is taken once, the first time. The
    rows stay in `kept`: to free each takes its time, which a process that ends need not spend.
    """
    table = read_table(
        content,
        FileOptions(options.encoding, options.skip_lines),
        partial(are_headings, chosen=options.chosen),
    )
    columns = _columns(table, options)
    rows = [] if kept is None else kept
    rows.extend(table.rows)  # how one date is read may depend on the others
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
        said = list(filter(None, folded(people.columns[name])))
        different = len(known) + len(said)
        known.update(said)
        if len(known) < different:
            found.append(name)
    return found


def _refuse_repeated(taken: Taken, seen: dict[ListedRole, dict[str, int]]) -> None:
    """Refuse whoever was seen before; who is taken is seen from now on."""
    roles, ids, lines = (taken.columns[name] for name in ("role", "external_id", "line"))
    same = set(roles)
    if not taken.refused and len(same) == 1:
        known, new = seen[roles[0]], dict(zip(ids, lines, strict=True))
        if len(new) == len(ids) and known.keys().isdisjoint(new):
            known.update(new)
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
