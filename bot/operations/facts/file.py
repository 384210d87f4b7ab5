"""A file of monthly facts: months are rows and facts columns, read by the one reader of tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.errors import BotError
from bot.operations.facts.typed_amounts import currency_of, plain_number
from bot.operations.lists.headings import heading_key
from bot.operations.lists.words import FileNotRead
from bot.operations.tables.refusals import FileRefused
from bot.operations.tables.tables import Table, read_table
from surveys.counts.facts import LABELS, impossible
from surveys.messages import Message, mark

MONTH: Final = "month"
NO_MONTH: Final = mark("«{given}» is no month like 2026-09")
CURRENCY: Final = "currency"
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    MONTH: ("месяц", "период"),
    CURRENCY: ("валюта",),
    "revenue": ("выручка",),
    "fixed_costs": ("постоянные расходы", "постоянные затраты"),
    "variable_costs": ("переменные расходы", "переменные затраты"),
    "marketing": ("маркетинг", "расходы на маркетинг"),
    "retention": ("удержание", "расходы на удержание"),
    "loyalty_programme": ("программа лояльности",),
    "crm_investment": ("вложения в crm", "внедрение crm"),
    "crm_running": ("расходы на crm", "содержание crm"),
    "average_bill": ("средний чек", "средний счет"),
    "wage": ("зарплата менеджера", "зарплата"),
    "customers_start": ("клиентов на начало", "клиенты на начало"),
    "customers_new": ("новых клиентов", "новые клиенты"),
    "customers_lost": ("ушло клиентов", "ушедшие клиенты", "потеряно клиентов"),
    "customers_end": ("клиентов на конец", "клиенты на конец"),
    "managers": ("менеджеров", "менеджеры"),
    "deals": ("сделок", "сделки", "завершенных сделок"),
    "deals_won": ("выиграно сделок", "успешных сделок"),
    "cross_sales": ("перекрестных продаж", "перекрестные продажи"),
    "deal_days": ("дней сделки", "длительность сделки"),
    "minutes_before": ("минут на клиента до crm",),
    "minutes_after": ("минут на клиента", "минут на клиента сейчас"),
    "clients_a_day": ("клиентов в день",),
}
"""Fact → its headings besides its own key and its English name."""
_ISO = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])(?:-01)?")
_DOTTED = re.compile(r"(?:01\.)?(0[1-9]|1[0-2])\.([12]\d{3})")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_EXACT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_WRITTEN = re.compile(r"(?P<sign>[-−]?)(?P<digits>[0-9][0-9.,]*)")
_UNSURE = re.compile(r"[-−]?[0-9]{1,3},[0-9]{3}")
NO_CURRENCY: Final = mark("«{given}» is no currency code like RUB")
NO_NUMBER: Final = mark("{fact}: «{given}» is no number")
TWO_NUMBERS: Final = mark(
    "{fact}: «{given}» is one number to one reader and another to the next: write it without the "
    "comma"
)


class FactsRefused(BotError):
    """Rows of a file of facts cannot be taken, so none is."""

    template = mark("No fact was taken. Mend this first:")

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__()
        self.problems = problems

    def messages(self) -> tuple[Message, ...]:
        """Return every problem with its line."""
        return (Message(self.template), *self.problems)


@dataclass(frozen=True, slots=True)
class FactsRow:
    """One month of a file; an empty cell tells nothing. `currency` is "" where no column says."""

    line: int
    month: str
    values: Mapping[str, Decimal]
    currency: str


def read_facts(content: bytes) -> list[FactsRow]:
    """Return a file's months; raises FileNotRead, FactsRefused naming every problem."""
    try:
        table = read_table(content, heads=_knows)
        columns = _columns(table)
        lines = list(table.rows)
    except FileRefused as error:
        raise FileNotRead(error) from error
    rows: list[FactsRow] = []
    problems: list[Message] = []
    for line, cells in lines:
        said = {key: cells[place] for key, place in columns.items() if place < len(cells)}
        row, wrong = _row(line, said)
        problems.extend(_at(line, one) for one in wrong)
        if any(row.month == other.month for other in rows):
            problems.append(_at(line, Message(mark("{month} stands twice"), {"month": row.month})))
        rows.append(row)
    if problems:
        raise FactsRefused(problems)
    return rows


def holds_facts(headings: Sequence[str]) -> bool:
    """Tell whether these headings are those of monthly facts rather than of people."""
    known = {_FACT_OF.get(heading_key(heading)) for heading in headings} - {None}
    return MONTH in known and len(known - {MONTH, CURRENCY}) > 0


def _knows(cells: Sequence[str]) -> bool:
    return any(_FACT_OF.get(heading_key(cell)) == MONTH for cell in cells)


def _columns(table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(table.headings):
        key = _FACT_OF.get(heading_key(heading))
        if key is None and heading:
            unknown.append(heading)
        elif key in found:
            raise FactsRefused([Message(mark("two columns tell «{fact}»"), {"fact": _called(key)})])
        elif key is not None:
            found[key] = place
    known: list[object] = [_called(key) for key in HEADINGS]
    if unknown:
        text = mark("unknown columns: {columns}. Known are: {known}")
        raise FactsRefused([Message(text, {"columns": unknown, "known": known})])
    if MONTH not in found or len(found) == 1:
        text = mark("the file needs a column «month» and one fact at least: {known}")
        raise FactsRefused([Message(text, {"known": known})])
    return found


def _called(key: str) -> Message | str:
    return Message(LABELS[key]) if key in LABELS else key


def _row(line: int, said: Mapping[str, str]) -> tuple[FactsRow, list[Message]]:
    problems: list[Message] = []
    month = month_of(said[MONTH])
    if month is None:
        problems.append(Message(NO_MONTH, {"given": said[MONTH]}))
    written = said.get(CURRENCY, "")
    currency = currency_of(written)
    if written and not currency:
        problems.append(Message(NO_CURRENCY, {"given": written}))
    values = {}
    for key, cell in said.items():
        if key in LABELS and cell:
            value = _number(cell)
            if value is None:
                text = TWO_NUMBERS if _UNSURE.fullmatch(cell) else NO_NUMBER
                problems.append(Message(text, {"fact": _called(key), "given": cell}))
            else:
                values[key] = value
    problems.extend(impossible(values))
    return FactsRow(line, month or "", values, currency), problems


def month_of(cell: str) -> str | None:
    """Return the month that a cell names, as 2026-09; None where it names none."""
    if match := _ISO.fullmatch(cell):
        return f"{match[1]}-{match[2]}"
    match = _DOTTED.fullmatch(cell)
    return f"{match[2]}-{match[1]}" if match else None


def _number(cell: str) -> Decimal | None:
    """Return a cell's number, None where it may be another one to another reader.

    Cells of workbooks have a point for their decimals, however many these are.
    """
    if _EXACT.fullmatch(cell):
        return Decimal(cell)
    found = _WRITTEN.fullmatch(_SPACES.sub("", cell))
    plain = plain_number(found["digits"]) if found else None
    return Decimal(f"{found['sign']}{plain}".replace("−", "-")) if found and plain else None


def _at(line: int, problem: Message) -> Message:
    return Message(mark("line {line}: {problem}"), {"line": line, "problem": problem})


def _spellings() -> Iterator[tuple[str, str]]:
    for key, headings in HEADINGS.items():
        for heading in (key, key.replace("_", " "), LABELS.get(key, key), *headings):
            yield heading_key(heading), key


_FACT_OF: Final = dict(_spellings())
