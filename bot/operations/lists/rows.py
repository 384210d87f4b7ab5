"""A row's cells to a person, or to the reason why not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import phonenumbers

from bot.operations.lists.headings import Columns, Field, Identity
from bot.operations.lists.problems import Fault, RowRefused
from storage.people.people import Role
from storage.people.people_import import PersonRow
from templates.texts import LANGUAGES

LONGEST_CELL = 500
MOST_ATTRIBUTES = 40
_COUNTRY = "RU"
_ROLES: Mapping[str, Role] = {
    "customer": "customer",
    "client": "customer",
    "клиент": "customer",
    "покупатель": "customer",
    "заказчик": "customer",
    "manager": "manager",
    "менеджер": "manager",
    "сотрудник": "manager",
}
_YES = frozenset({"yes", "y", "true", "1", "+", "да", "д", "истина", "left", "ушел", "уволен"})
_NO = frozenset({"", "no", "n", "false", "0", "-", "нет", "н", "ложь"})
_COMPANY = frozenset({"компания", "company"})
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y.%m.%d", "%Y/%m/%d")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_SEVERAL = re.compile(r"[,;\n/|]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns fill what, what the others are called, and who is meant without a role.

    `identity` stands in for the number in the CRM where there is no such column.
    """

    headings: Sequence[str]
    columns: Columns
    role: Role = "customer"
    identity: Identity | None = None


def person(layout: Layout, line: int, cells: Sequence[str]) -> PersonRow:
    """Return the person of a row; raises RowRefused."""
    if len(cells) > len(layout.headings):
        raise RowRefused(Fault.TOO_MANY_CELLS, cells[len(layout.headings)])
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL and _is_used(layout, place):
            raise RowRefused(Fault.TOO_LONG, layout.headings[place])
    text = _Cells(layout, cells)
    if text.one("record_type").casefold() in _COMPANY:
        raise RowRefused(Fault.A_COMPANY)
    phone, email = _first(text.all("phone"), _phone), _first(text.all("email"), _email)
    name = _name(text)
    external_id = text.one("external_id")
    if "external_id" not in layout.columns:
        external_id = (phone if layout.identity == "phone" else email) or ""
    if not external_id:
        raise RowRefused(Fault.NO_ID)
    if not name:
        raise RowRefused(Fault.NO_NAME)
    return PersonRow(
        role=_role(text.one("role"), layout.role),
        external_id=external_id,
        name=name,
        line=line,
        phone=phone,
        email=email,
        last_purchase_on=_day(text.one("last_purchase")),
        language=_language(text.one("language")),
        company=text.one("company") or None,
        position=text.one("position") or None,
        manager_external_id=text.one("manager") or None,
        segment=text.one("segment") or None,
        team=text.one("team") or None,
        attributes=text.attributes(),
        has_left=_has_left(text.one("left")),
    )


def _is_used(layout: Layout, place: int) -> bool:
    return any(place in places for places in layout.columns.values())


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row's cells by field."""

    layout: Layout
    cells: Sequence[str]

    def at(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""

    def all(self, field: Field) -> list[str]:
        return [self.at(place) for place in self.layout.columns.get(field, ()) if self.at(place)]

    def one(self, field: Field) -> str:
        found = self.all(field)
        return found[0] if found else ""

    def attributes(self) -> dict[str, str]:
        places = self.layout.columns.get("attribute", ())[:MOST_ATTRIBUTES]
        return {self.layout.headings[place]: self.at(place) for place in places if self.at(place)}


def _name(text: _Cells) -> str:
    parts = [text.one(field) for field in ("first_name", "middle_name", "last_name")]
    return text.one("name") or " ".join(part for part in parts if part)


def _role(said: str, default: Role) -> Role:
    if not said:
        return default
    role = _ROLES.get(said.casefold())
    if role is None:
        raise RowRefused(Fault.ROLE, said)
    return role


def _has_left(said: str) -> bool:
    word = said.casefold().replace("ё", "е").strip()
    if word not in _YES | _NO:
        raise RowRefused(Fault.LEFT, said)
    return word in _YES


def _language(said: str) -> Any:  # noqa: ANN401 (one of LANGUAGES, which are literals)
    spoken = said.casefold()
    language = next((known for known in LANGUAGES if known == spoken), None)
    if spoken and language is None:
        raise RowRefused(Fault.LANGUAGE, said)
    return language


def _first(cells: Sequence[str], read: Any) -> str | None:  # noqa: ANN401 (str → str)
    """Return the first cell's first value; exports put several into one cell."""
    for cell in cells:
        values = [part.strip() for part in _SEVERAL.split(cell) if part.strip()]
        if values:
            result: str = read(values[0])
            return result
    return None


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise RowRefused(Fault.EMAIL, text)
    return text


def _phone(text: str) -> str:
    phone = as_e164(text)
    if phone is None:
        raise RowRefused(Fault.PHONE, text)
    return phone


def as_e164(text: str) -> str | None:
    """Return a phone number in its international form, None where it is none."""
    try:
        number = phonenumbers.parse(text.lstrip("'"), _COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _day(text: str) -> date | None:
    if not text:
        return None
    day = text.replace("T", " ").split(" ")[0]
    for form in _DATES:
        try:
            found = datetime.strptime(day, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        if _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
    raise RowRefused(Fault.DATE, text)
