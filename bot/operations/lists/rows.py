"""A row's cells to a person, or to the reason why not."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.operations.lists.first_names import first_name
from bot.operations.lists.headings import Columns, Field, Identity
from bot.operations.lists.phone_numbers import first_number
from bot.operations.lists.problems import Fault, Problem, RowRefused
from storage.people.people import Role
from storage.people.people_import import PersonRow
from surveys.survey.definition import Language

LONGEST_CELL = 500
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
_COMPANY = frozenset({"компания", "company"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_SEVERAL = re.compile(r"[,;\n/|]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns fill what, what the others are called, and who is meant without a role.

    `identity` stands in for the number in the CRM where there is no such column; `days` are line →
    day of the last purchase.
    """

    headings: Sequence[str]
    columns: Columns
    role: Role = "customer"
    identity: Identity | None = None
    days: Mapping[int, date] = field(default_factory=dict)


def person(layout: Layout, line: int, cells: Sequence[str]) -> tuple[PersonRow, list[Problem]]:
    """Return the person of a row, and which cells are left out of it; raises RowRefused."""
    if len(cells) > len(layout.headings):
        raise RowRefused(Fault.TOO_MANY_CELLS, cells[len(layout.headings)])
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL and _is_used(layout, place):
            raise RowRefused(Fault.TOO_LONG, layout.headings[place])
    text = _Cells(layout, cells)
    if text.one("record_type").casefold() in _COMPANY:
        raise RowRefused(Fault.A_COMPANY)
    phones, emails, spoken = text.all("phone"), text.all("email"), text.one("language")
    phone, email = _first(phones, first_number), _first(emails, _email)
    language = _language(spoken)
    left_out = [
        Problem(line, code, said)
        for code, said, taken in (
            (Fault.PHONE, "".join(phones[:1]), phone),
            (Fault.EMAIL, "".join(emails[:1]), email),
            (Fault.LANGUAGE, spoken, language),
        )
        if said and taken is None
    ]
    return _person(layout, line, text, (phone, email, language)), left_out


def _person(
    layout: Layout,
    line: int,
    text: "_Cells",
    found: tuple[str | None, str | None, Language | None],
) -> PersonRow:
    phone, email, language = found
    external_id = text.one("external_id")
    if "external_id" not in layout.columns:
        external_id = (phone if layout.identity == "phone" else (email or "").casefold()) or ""
    if not external_id:
        raise RowRefused(Fault.NO_ID)
    name = _name(text)
    if not name:
        raise RowRefused(Fault.NO_NAME)
    return PersonRow(
        role=_role(text.one("role"), layout.role),
        external_id=external_id,
        name=name,
        first_name=first_name(text.one("first_name"), name),
        line=line,
        phone=phone,
        email=email,
        last_purchase_on=layout.days.get(line),
        language=language,
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
        places = self.layout.columns.get("attribute", ())
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


def _language(said: str) -> Language | None:
    """Return the language of «ru-RU», «Русский», «en_US»; None where it is none we speak."""
    return _LANGUAGES.get(re.split("[-_ ]", said.casefold())[0])


def _first(cells: Iterable[str], read: Callable[[str], str | None]) -> str | None:
    return next((value for cell in cells if (value := read(cell)) is not None), None)


def _email(cell: str) -> str | None:
    """Return the first address of a cell; exports put several into one."""
    parts = (part.strip(" '<>") for part in _SEVERAL.split(cell))
    return next((part for part in parts if _EMAIL.fullmatch(part)), None)
