"""A row's cells to a person, or to the reason why not."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

from bot.operations.lists.first_names import first_name
from bot.operations.lists.headings import Identity, ListColumns, ListField
from bot.operations.lists.phone_numbers import USUAL_COUNTRY, first_number
from bot.operations.lists.problems import Fault, RowProblem, RowRefused
from storage.people.lists.listed import ListedRole, PersonRow
from surveys.messages import Language

LONGEST_CELL = 500
_ROLES: Mapping[str, ListedRole] = {
    "customer": "customer",
    "client": "customer",
    "клиент": "customer",
    "покупатель": "customer",
    "заказчик": "customer",
    "manager": "manager",
    "менеджер": "manager",
    "сотрудник": "manager",
}
_LEAD = frozenset(
    {"lead", "team lead", "teamlead", "team leader", "тимлид", "руководитель"}
    | {"руководитель команды", "руководитель группы", "руководитель отдела"}
    | {"начальник отдела", "роп"}
)
"""Roles of people who lead the row's team; they are no managers unless they are already."""
_YES = frozenset({"yes", "y", "true", "1", "+", "да", "д", "истина", "left", "ушел", "уволен"})
_NO = frozenset({"", "no", "n", "false", "0", "-", "нет", "н", "ложь"})
_LANGUAGES: Mapping[str, Language] = {
    "ru": "ru",
    "rus": "ru",
    "russian": "ru",
    "русский": "ru",
    "рус": "ru",
    "en": "en",
    "eng": "en",
    "english": "en",
    "английский": "en",
    "англ": "en",
}
T = TypeVar("T")
_COMPANY = frozenset({"компания", "company"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_PLAIN_EMAIL = re.compile(r"[^@\s,;<>/|']+@[^@\s,;<>/|']+\.[^@\s,;<>/|'.]+")
_TEAMS = re.compile(r"[,;\n|]")
_SEVERAL = re.compile(r"[,;\n/|]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns fill what, what the others are called, and who is meant without a role.

    `identity` stands in for the number in the CRM where there is no such column; `days` are what a
    cell says → day of the last purchase.
    """

    headings: Sequence[str]
    columns: ListColumns
    role: ListedRole = "customer"
    identity: Identity | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    country: str = USUAL_COUNTRY
    """The country of phone numbers that name none."""


class ListedPerson(NamedTuple):
    """A row as it is taken, and its cells that are left out.

    `is_assumed`: its phone names no country.
    """

    row: PersonRow
    left_out: list[RowProblem]
    is_assumed: bool


def person(layout: Layout, line: int, cells: Sequence[str]) -> ListedPerson:
    """Return the person of a row; raises RowRefused."""
    columns = layout.columns
    cells = _whole(layout, cells)
    if _one(columns, "record_type", cells).casefold() in _COMPANY:
        raise RowRefused(Fault.A_COMPANY)
    phones, emails = _all(columns, "phone", cells), _all(columns, "email", cells)
    spoken = _all(columns, "language", cells)
    number = _first(phones, partial(first_number, country=layout.country))
    email = _first(emails, _email)
    phone = None if number is None else number.e164
    language: Language | None = _first(spoken, _language)
    left_out = [
        RowProblem(line, code, said[0])
        for code, said, taken in (
            (Fault.PHONE, phones, phone),
            (Fault.EMAIL, emails, email),
            (Fault.LANGUAGE, spoken, language),
        )
        if taken is None and said
    ]
    row = _person(layout, line, cells, (phone, email, language))
    return ListedPerson(row, left_out, number is not None and number.is_assumed)


def _whole(layout: Layout, cells: Sequence[str]) -> Sequence[str]:
    """Return a cell for each heading; raises RowRefused."""
    width = len(layout.headings)
    if len(cells) > width:
        raise RowRefused(Fault.TOO_MANY_CELLS, cells[width])
    if max(map(len, cells)) > LONGEST_CELL:
        _refuse_long(layout, cells)
    return cells if len(cells) == width else [*cells, *[""] * (width - len(cells))]


def _person(
    layout: Layout,
    line: int,
    cells: Sequence[str],
    found: tuple[str | None, str | None, Language | None],
) -> PersonRow:
    columns = layout.columns
    phone, email, language = found
    external_id = _one(columns, "external_id", cells)
    if "external_id" not in columns:
        external_id = (phone if layout.identity == "phone" else (email or "").casefold()) or ""
    if not external_id:
        raise RowRefused(Fault.NO_ID)
    name = _one(columns, "name", cells) or _composed(columns, cells)
    if not name:
        raise RowRefused(Fault.NO_NAME)
    bought = _one(columns, "last_purchase", cells)
    said = _one(columns, "role", cells)
    is_lead = said.casefold() in _LEAD
    role: ListedRole = "manager" if is_lead else _role(said, layout.role)
    leads = _leads(columns, cells, is_lead=is_lead)
    return PersonRow(
        role=role,
        external_id=external_id,
        name=name,
        first_name=first_name(_one(columns, "first_name", cells), name),
        line=line,
        phone=phone,
        email=email,
        last_purchase_on=layout.days.get(bought) if bought else None,
        language=language,
        company=_one(columns, "company", cells) or None,
        position=_one(columns, "position", cells) or None,
        manager_external_id=_one(columns, "manager", cells) or None,
        segment=_one(columns, "segment", cells) or None,
        team=_one(columns, "team", cells) or None,
        leads=leads if role == "manager" else None,
        is_lead_only=is_lead,
        attributes=_attributes(layout, cells),
        has_left=_has_left(_one(columns, "left", cells)),
    )


def _refuse_long(layout: Layout, cells: Sequence[str]) -> None:
    used = {place for places in layout.columns.values() for place in places}
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL and place in used:
            raise RowRefused(Fault.TOO_LONG, layout.headings[place])


def _all(columns: ListColumns, field: ListField, cells: Sequence[str]) -> list[str]:
    return [cells[place] for place in columns.get(field, ()) if cells[place]]


def _one(columns: ListColumns, field: ListField, cells: Sequence[str]) -> str:
    if field in columns:  # most fields are in no list
        for place in columns[field]:
            if cells[place]:
                return cells[place]
    return ""


def _attributes(layout: Layout, cells: Sequence[str]) -> dict[str, str]:
    places = layout.columns.get("attribute", ())
    return {layout.headings[place]: cells[place] for place in places if cells[place]}


def _composed(columns: ListColumns, cells: Sequence[str]) -> str:
    names: tuple[ListField, ...] = ("first_name", "middle_name", "last_name")
    return " ".join(filter(None, (_one(columns, name, cells) for name in names)))


def _role(said: str, default: ListedRole) -> ListedRole:
    if not said:
        return default
    role = _ROLES.get(said.casefold())
    if role is None:
        raise RowRefused(Fault.ROLE, said)
    return role


def _leads(columns: ListColumns, cells: Sequence[str], *, is_lead: bool) -> tuple[str, ...] | None:
    """Return the teams that somebody leads: the column's, else a team lead's own."""
    said = _one(columns, "leads", cells)
    named = sorted({one.strip() for one in _TEAMS.split(said)}) if said else ()
    teams = tuple(filter(None, named))
    if is_lead and not teams:
        own = _one(columns, "team", cells)
        if not own:
            raise RowRefused(Fault.NO_TEAM)
        return (own,)
    return teams or None


def _has_left(said: str) -> bool:
    if not said:
        return False
    word = said.casefold().replace("ё", "е").strip()
    if word not in _YES | _NO:
        raise RowRefused(Fault.LEFT, said)
    return word in _YES


def _language(said: str) -> Language | None:
    """Return the language of «ru-RU», «Русский», «en_US»; None where it is none we speak."""
    return _LANGUAGES.get(re.split("[-_ ]", said.casefold())[0])


def _first(cells: Iterable[str], read: Callable[[str], T | None]) -> T | None:
    return next((value for cell in cells if (value := read(cell)) is not None), None)


def _email(cell: str) -> str | None:
    """Return the first address of a cell; exports put several into one."""
    if _PLAIN_EMAIL.fullmatch(cell):
        return cell
    parts = (part.strip(" '<>") for part in _SEVERAL.split(cell))
    return next((part for part in parts if _EMAIL.fullmatch(part)), None)
