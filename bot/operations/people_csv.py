"""People from a CSV file: headings recognised, every row checked, all rows or none."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import phonenumbers

from bot.errors import Refused
from storage import people_import
from storage.database import Database
from storage.people import Role
from storage.people_import import PersonRow
from surveys.answers import clean_text
from templates.texts import LANGUAGES

LARGEST_FILE = 50_000_000
_LONGEST_CELL = 500
_SHOWN_PROBLEMS = 20

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "role": ("role", "роль"),
    "external_id": ("id", "external_id", "ид", "код"),
    "name": ("name", "full name", "имя", "фио", "контакт"),
    "company": ("company", "account", "компания", "организация"),
    "manager": ("manager", "manager_id", "менеджер", "ответственный"),
    "segment": ("segment", "сегмент"),
    "team": ("team", "команда", "отдел"),
    "language": ("language", "язык"),
    "phone": ("phone", "телефон"),
    "email": ("email", "e-mail", "почта"),
    "last_purchase": ("last_purchase", "последняя покупка"),
}
_ROLES: Mapping[str, Role] = {
    "customer": "customer",
    "клиент": "customer",
    "": "customer",
    "manager": "manager",
    "менеджер": "manager",
}


class RowInvalid(Exception):
    """A row cannot be taken; the message says why."""


def read_table(content: bytes) -> tuple[dict[str, int], list[list[str]]]:
    """Return the column of each known field and the rows below the headings."""
    text = _decode(content)
    sample = text[:10_000]
    delimiter = max(",;\t", key=sample.split("\n", 1)[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows:
        message = "The file is empty."
        raise Refused(message)
    columns = _columns(rows[0])
    return columns, rows[1:]


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "The file is neither UTF-8 nor cp1251; save it as «CSV UTF-8»."
    raise Refused(message)


def _columns(headings: Sequence[str]) -> dict[str, int]:
    names = {name: field for field, known in HEADINGS.items() for name in known}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = names.get(heading.strip().lower())
        if field is not None:
            found.setdefault(field, place)
    missing = [field for field in ("external_id", "name") if field not in found]
    if missing:
        message = (
            f"The first line must name the columns; not found: {', '.join(missing)}. "
            "Known: id, name, role, company, manager, segment, team, language, phone, email, "
            "last_purchase."
        )
        raise Refused(message)
    return found


def parse(content: bytes) -> list[PersonRow]:
    """Return every person of a file; raise `Refused` naming the rows that cannot be taken."""
    columns, rows = read_table(content)
    people: list[PersonRow] = []
    problems: list[str] = []
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            people.append(_person(_fields(columns, cells)))
        except RowInvalid as error:
            problems.append(f"line {number}: {error}")
    problems += _duplicates(people)
    if problems:
        more = len(problems) - _SHOWN_PROBLEMS
        shown = problems[:_SHOWN_PROBLEMS] + ([f"… and {more} more"] if more > 0 else [])
        message = "Nothing was imported. Mend these lines:\n" + "\n".join(shown)
        raise Refused(message)
    return people


def _fields(columns: Mapping[str, int], cells: Sequence[str]) -> dict[str, str]:
    return {
        field: clean_text(cells[place]) if place < len(cells) else ""
        for field, place in columns.items()
    }


def _person(fields: Mapping[str, str]) -> PersonRow:
    for field, cell in fields.items():
        if len(cell) > _LONGEST_CELL:
            message = f"{field} is longer than {_LONGEST_CELL} characters"
            raise RowInvalid(message)
    role = _ROLES.get(fields.get("role", "").lower())
    if role is None:
        message = "role must be customer or manager"
        raise RowInvalid(message)
    if not fields["external_id"] or not fields["name"]:
        message = "id and name must not be empty"
        raise RowInvalid(message)
    spoken = fields.get("language", "").lower()
    language = next((known for known in LANGUAGES if known == spoken), None)
    if spoken and language is None:
        message = "language must be ru or en"
        raise RowInvalid(message)
    return PersonRow(
        role=role,
        external_id=fields["external_id"],
        name=fields["name"],
        company=fields.get("company") or None,
        manager_external_id=fields.get("manager") or None,
        segment=fields.get("segment") or None,
        team=fields.get("team") or None,
        language=language,
        phone=_phone(fields.get("phone", "")),
        email=fields.get("email") or None,
        last_purchase_on=_day(fields.get("last_purchase", "")),
    )


def _phone(text: str) -> str | None:
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        message = f"{text} is no phone number"
        raise RowInvalid(message)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _day(text: str) -> date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    message = f"{text} is no date: write 2026-09-30 or 30.09.2026"
    raise RowInvalid(message)


def _duplicates(rows: Sequence[PersonRow]) -> list[str]:
    counted = Counter(row.external_id for row in rows)
    return [f"id {key} stands there {count} times" for key, count in counted.items() if count > 1]


async def import_people(
    database: Database, now: datetime, /, content: str, *, check: bool = False
) -> dict[str, Any]:
    """Operation: import a file (hexadecimal bytes); `check` only says what would happen."""
    rows = parse(bytes.fromhex(content))
    async with database.transaction() as tx:
        result = await people_import.apply(tx, rows, now, check=check)
    return {"added": result.added, "changed": result.changed, "unchanged": result.unchanged}
