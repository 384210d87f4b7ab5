"""The headings of a file of past answers: all the names of each column, and whose export it is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.operations.history import exports
from bot.operations.history.exports import Export
from bot.operations.lists.headings import heading_key
from bot.operations.tables.csv_tables import NumberedRow, RowPortions
from bot.operations.tables.tables import Table, portion_of

KNOWN: Mapping[str, frozenset[str]] = {
    "score": frozenset(
        {
            *("score", "nps", "nps score", "nps rating", "rating"),
            *("оценка", "балл", "оценка nps", "nps оценка"),
        }
    ),
    "date": frozenset(
        {
            *("date", "timestamp", "when", "survey date", "response date", "submission date"),
            *("date submitted", "submitted at", "completed at", "answered at", "created at"),
            *("дата", "дата ответа", "дата и время", "день", "когда", "дата опроса", "day"),
            *("дата заполнения", "дата прохождения", "отметка времени"),
        }
    ),
}
"""Headings that are understood where nothing is stated."""
ALSO: Mapping[str, tuple[frozenset[str], ...]] = {
    "customer": (
        frozenset(
            {
                *("customer id", "client id", "contact id", "customerid", "clientid", "crm id"),
                *("id клиента", "id контакта", "код клиента", "номер клиента", "клиент id"),
            }
        ),
        frozenset({"customer", "client", "клиент", "покупатель", "заказчик"}),
    ),
    "comment": (
        frozenset(
            {
                *("comment", "comments", "feedback", "nps comment", "customer comment"),
                *("комментарий", "комментарии", "комментарий клиента", "отзыв", "отзыв клиента"),
            }
        ),
    ),
    "manager": (
        frozenset({"manager id", "id менеджера", "код менеджера"}),
        frozenset({"manager", "manager name", "account manager", "менеджер", "фио менеджера"}),
    ),
    "segment": (frozenset({"segment", "customer segment", "сегмент", "сегмент клиента"}),),
    "touchpoint": (frozenset({"touchpoint", "touch point", "точка контакта"}),),
}
"""Headings that are understood too; of several kinds the best first."""
OF_CUSTOMER = frozenset(
    {"name", "customer name", "client name", "фио", "имя", "имя клиента", "фио клиента"}
)
"""Headings of a name, where another column says who the customer is."""
_LOOKED_AHEAD = 3
_LOOKED_AT = 200
"""Rows by which it is told what an unnamed column may hold."""


@dataclass(frozen=True, slots=True)
class Heads:
    """A column's names, each column's best first, and the rows below the headings.

    `ahead` are the first of the rows, which are read from the file as they are asked for.
    """

    names: Sequence[Sequence[str]]
    export: Export | None
    more: Sequence[NumberedRow]
    ahead: Sequence[NumberedRow]
    portions: RowPortions


def is_of_headings(cells: Sequence[str], asked: Collection[str]) -> bool:
    """Tell whether a row is that of the headings: the ones asked for, else such as are known."""
    keys = {heading_key(cell) for cell in cells}
    wanted = {heading_key(heading) for heading in asked}
    known = all(any(fits(key, name) for key in keys) for name in KNOWN)
    return exports.export_of(cells) is not None or (wanted <= keys if wanted else known)


def are_of_answers(cells: Sequence[str]) -> bool:
    """Tell whether headings are those of past answers, with nothing stated about them."""
    return is_of_headings(cells, ())


def heads_of(table: Table) -> Heads:
    """Return the headings of a table, with what stands below them."""
    export = exports.export_of(table.headings)
    ahead: list[NumberedRow] = []
    while len(ahead) < _LOOKED_AT and (some := next(table.portions, None)) is not None:
        ahead += some.numbered()
    first = ahead[:_LOOKED_AHEAD]
    count = exports.more_headings(export, table.headings, first) if export else 0
    more = ahead[:count]
    width = max(len(table.headings), *(len(cells) for _, cells in more), 0)
    names, question = [], ""
    for at in range(width):
        texts = [text_at(cells, at) for cells in (table.headings, *(cells for _, cells in more))]
        question = texts[0] or question
        said = [text for text in texts if text and not text.startswith("{")]
        if not texts[0] and said:
            said.insert(0, f"{question} / {said[0]}")
        names.append(said or [""])
    below = portion_of(ahead[count:])
    return Heads(names, export, more, ahead[count:_LOOKED_AT], chain([below], table.portions))


def text_at(cells: Sequence[str], place: int) -> str:
    """Return a cell, "" where a row ends before it."""
    return cells[place].strip() if place < len(cells) else ""


def place_of(names: Sequence[Sequence[str]], wanted: str) -> int | None:
    """Return the one column with that name: by its best name, else by another."""
    key = heading_key(wanted)
    best = [at for at, known in enumerate(names) if heading_key(known[0]) == key]
    others = [at for at, known in enumerate(names) if key in map(heading_key, known)]
    found = best or others
    return found[0] if len(found) == 1 else None


def fits(key: str, name: str) -> bool:
    """Tell whether a heading is a known name, perhaps with more words: «Survey date (UTC)»."""
    return spelt(key) in KNOWN[name]


def spelt(key: str) -> str:
    """Return a heading's key as the headings here are written."""
    return key.replace("_", " ").removesuffix("(utc)").strip()


def answers(heads: Heads) -> Iterator[int]:
    """Yield the positions of the columns that are not the tool's own."""
    own = heads.export.own if heads.export else frozenset()
    for at, names in enumerate(heads.names):
        if names[0] and heading_key(names[0]) not in own:
            yield at
