"""A row's cells to a person, or to the reason why not."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

from bot.operations.lists.file_parts import USUAL_COUNTRY
from bot.operations.lists.first_names import first_name
from bot.operations.lists.headings import Identity, ListColumns, ListField
from bot.operations.lists.phone_numbers import PhoneNumber, first_number, is_russian
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
LEADS = frozenset(
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
A_COMPANY = frozenset({"компания", "company"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
PLAIN_EMAIL = re.compile(r"[^@\s,;<>/|']+@[^@\s,;<>/|']+\.[^@\s,;<>/|'.]+")
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
    said = _said(columns, cells)
    if said.get("record_type", "").casefold() in A_COMPANY:
        raise RowRefused(Fault.A_COMPANY)
    number = email = None
    language: Language | None = None
    left_out = []
    if "phone" in said:
        number = phone_of(layout, cells)
        if number is None:
            left_out.append(RowProblem(line, fault_of_phone(layout, said["phone"]), said["phone"]))
    if "email" in said:
        email = email_of(layout, cells)
        if email is None:
            left_out.append(RowProblem(line, Fault.EMAIL, said["email"]))
    if "language" in said:
        language = language_of(said["language"])
        if language is None:
            left_out.append(RowProblem(line, Fault.LANGUAGE, said["language"]))
    phone = None if number is None else number.e164
    row = _person(layout, line, said, _attributes(layout, cells), (phone, email, language))
    return ListedPerson(row, left_out, number is not None and number.is_assumed)


def phone_of(layout: Layout, cells: Sequence[str]) -> PhoneNumber | None:
    """Return the first number of a row that can be dialled."""
    dialled = partial(first_number, country=layout.country)
    return _first(_all(layout.columns, "phone", cells), dialled)


def fault_of_phone(layout: Layout, cell: str) -> Fault:
    """Return why no number of a cell can be dialled."""
    return Fault.PHONE_RUSSIAN if is_russian(cell, layout.country) else Fault.PHONE


def email_of(layout: Layout, cells: Sequence[str]) -> str | None:
    """Return the first address of a row."""
    return _first(_all(layout.columns, "email", cells), _email)


def _said(columns: ListColumns, cells: Sequence[str]) -> dict[ListField, str]:
    """Return what a row says of each field: the first of its cells that is not empty."""
    said: dict[ListField, str] = {}
    for name, places in columns.items():
        for place in places:
            if cells[place]:
                said[name] = cells[place]
                break
    return said


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
    said: Mapping[ListField, str],
    attributes: Mapping[str, str],
    found: tuple[str | None, str | None, Language | None],
) -> PersonRow:
    phone, email, language = found
    external_id = said.get("external_id", "")
    if "external_id" not in layout.columns:
        external_id = (phone if layout.identity == "phone" else (email or "").casefold()) or ""
    if not external_id:
        raise RowRefused(Fault.NO_ID)
    name = said.get("name") or _composed(said)
    if not name:
        raise RowRefused(Fault.NO_NAME)
    bought, told = said.get("last_purchase"), said.get("role", "")
    is_lead = told.casefold() in LEADS
    role: ListedRole = "manager" if is_lead else role_of(told, layout.role)
    leads = _leads(said, is_lead=is_lead)
    return PersonRow(
        role=role,
        external_id=external_id,
        name=name,
        first_name=first_name(said.get("first_name", ""), name),
        line=line,
        phone=phone,
        email=email,
        last_purchase_on=layout.days.get(bought) if bought else None,
        language=language,
        company=said.get("company"),
        position=said.get("position"),
        manager_external_id=said.get("manager"),
        segment=said.get("segment"),
        team=said.get("team"),
        leads=leads if role == "manager" else None,
        is_lead_only=is_lead,
        attributes=attributes,
        has_left=_has_left(said.get("left", "")),
    )


def _refuse_long(layout: Layout, cells: Sequence[str]) -> None:
    used = {place for places in layout.columns.values() for place in places}
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL and place in used:
            raise RowRefused(Fault.TOO_LONG, layout.headings[place])


def _all(columns: ListColumns, field: ListField, cells: Sequence[str]) -> list[str]:
    return [cells[place] for place in columns.get(field, ()) if cells[place]]


def _attributes(layout: Layout, cells: Sequence[str]) -> dict[str, str]:
    places = layout.columns.get("attribute", ())
    return {layout.headings[place]: cells[place] for place in places if cells[place]}


def _composed(said: Mapping[ListField, str]) -> str:
    names: tuple[ListField, ...] = ("first_name", "middle_name", "last_name")
    return " ".join(said[name] for name in names if name in said)


def role_of(said: str, default: ListedRole) -> ListedRole:
    """Return whom a cell means; raises RowRefused."""
    if not said:
        return default
    role = _ROLES.get(said.casefold())
    if role is None:
        raise RowRefused(Fault.ROLE, said)
    return role


def plain_role(said: str, default: ListedRole) -> ListedRole | None:
    """Return whom a cell means; None where that is no customer and no plain manager."""
    if not said:
        return default
    return None if said.casefold() in LEADS else _ROLES.get(said.casefold())


def stays(said: str) -> bool:
    """Tell whether a cell plainly says that nobody has left."""
    return not said or _plain_word(said) in _NO


def _leads(said: Mapping[ListField, str], *, is_lead: bool) -> tuple[str, ...] | None:
    """Return the teams that somebody leads: the column's, else a team lead's own."""
    named = sorted({one.strip() for one in _TEAMS.split(said["leads"])}) if "leads" in said else ()
    teams = tuple(filter(None, named))
    if is_lead and not teams:
        if "team" not in said:
            raise RowRefused(Fault.NO_TEAM)
        return (said["team"],)
    return teams or None


def _has_left(said: str) -> bool:
    if not said:
        return False
    word = _plain_word(said)
    if word not in _YES | _NO:
        raise RowRefused(Fault.LEFT, said)
    return word in _YES


def _plain_word(said: str) -> str:
    return said.casefold().replace("ё", "е").strip()


def language_of(said: str) -> Language | None:
    """Return the language of «ru-RU», «Русский», «en_US»; None where it is none we speak."""
    return _LANGUAGES.get(re.split("[-_ ]", said.casefold())[0])


def _first(cells: Iterable[str], read: Callable[[str], T | None]) -> T | None:
    for cell in cells:
        value = read(cell)
        if value is not None:
            return value
    return None


def _email(cell: str) -> str | None:
    """Return the first address of a cell; exports put several into one."""
    if PLAIN_EMAIL.fullmatch(cell):
        return cell
    parts = (part.strip(" '<>") for part in _SEVERAL.split(cell))
    return next((part for part in parts if _EMAIL.fullmatch(part)), None)
