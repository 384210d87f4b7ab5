"""Everything that is kept about somebody, by the same lists by which it is erased.

So a table that erasing knows is handed out too, and a test holds erasing to every table. What is
left out of a row is the staff's, or would open a door: `WITHHELD`.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, Table, select, tuple_

from storage.engine.reading import Reader
from storage.people.erasing import AT_ADDRESS, ERASED, STAYS, belongs
from storage.tables.delivery import outbox
from storage.tables.people import accounts, addresses
from storage.tables.people import people as persons
from storage.tables.privacy import consent_texts, consents
from storage.tables.surveys import definitions, questions

WITHHELD: Final[Mapping[str, str]] = {
    **STAYS,
    "links.token_hash": "whoever can undo it holds the person's link",
    "people.name_key": "the name once more, as it is compared",
    "people.email_key": "the address once more, as it is compared",
    "import_rows.name_key": "the name once more, as it is compared",
    "import_rows.email_key": "the address once more, as it is compared",
    "web_sessions.link_hash": "whoever can undo it holds a link of the person's",
    "web_sessions.session_hash": "the same of a session",
    "boards.shown": "how a campaign stands, which is the company's",
}
"""Columns that are not handed out, and why."""
STAFF_MESSAGE: Final = ("id", "kind", "content", "state", "created_at", "settled_at")
"""What is handed out of a message to the staff about somebody: to whom it went is the staff's."""
_JSON: Final = frozenset({"asked", "attributes", "content", "payload", "value"})

PersonalRow = dict[str, Any]
PersonalData = dict[str, list[PersonalRow]]
"""Table → its rows, values as JSON has them."""


async def everything(reader: Reader, person_id: int) -> PersonalData:
    """Return all rows of somebody, by table; empty where nobody has this number."""
    person = await reader.first(select(persons).where(persons.c.id == person_id))
    if person is None:
        return {}
    found: dict[Table, dict[tuple[Any, ...], PersonalRow]] = {persons: {(person_id,): dict(person)}}
    for column, owner in ERASED:
        await _add(reader, found, column.table, belongs(column, owner, person_id))
    here = select(addresses.c.channel, addresses.c.address)
    rows = await reader.all(here.where(addresses.c.person_id == person_id))
    theirs = [(row["channel"], row["address"]) for row in rows]
    for table in AT_ADDRESS:
        at = tuple_(table.c.channel, table.c.address).in_(theirs)
        await _add(reader, found, table, at)
    kept = {
        table.name: [_as_json(table, row) for row in rows.values()]
        for table, rows in found.items()
        if rows
    }
    return await _explained(reader, kept)


async def _add(
    reader: Reader,
    found: dict[Table, dict[tuple[Any, ...], PersonalRow]],
    table: Table,
    which: ColumnElement[bool],
) -> None:
    """Add rows once each, whatever list names them."""
    names = [column.name for column in table.primary_key]
    query: Select[Any] = select(table).where(which)
    for row in await reader.all(query.order_by(*table.primary_key)):
        found.setdefault(table, {})[tuple(row[name] for name in names)] = dict(row)


def _as_json(table: Table, row: Mapping[str, Any]) -> PersonalRow:
    if table is outbox and row["audience"] == "staff":
        row = {name: row[name] for name in STAFF_MESSAGE}
    sealed = bool(row.get("sealed"))
    return {
        name: _value(name, value, sealed=sealed)
        for name, value in row.items()
        if f"{table.name}.{name}" not in WITHHELD
    }


def _value(name: str, value: object, *, sealed: bool) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if name in _JSON and isinstance(value, str) and not sealed:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def _explained(reader: Reader, kept: PersonalData) -> PersonalData:
    """Add what numbers in the rows mean: questions, surveys, the firm, the texts of consent."""
    asked = {row["question_id"] for row in kept.get("answers", ())}
    labels = await _by_id(reader, select(questions).where(questions.c.id.in_(asked)))
    numbers = {row["definition_id"] for row in kept.get("invitations", ())}
    known = await _by_id(reader, select(definitions).where(definitions.c.id.in_(numbers)))
    surveys = {number: json.loads(row["content"]) for number, row in known.items()}
    for row in kept.get("answers", ()):
        question = labels[row["question_id"]]
        row["question"] = row.pop("asked") or json.loads(question["label"])
        chosen = _chosen(surveys[question["definition_id"]], question["key"], row["value"])
        if chosen:
            row["chosen"] = chosen
    for row in kept.get("remarks", ()):
        asked_then = row.pop("asked")
        if asked_then is not None:
            row["question"] = asked_then
    for row in kept.get("invitations", ()):
        row["survey"] = surveys[row["definition_id"]]["title"]
    firms = {row["account_id"] for row in (*kept["people"], *kept.get("invitations", ()))}
    kept["accounts"] = [
        dict(one)
        for one in await reader.all(select(accounts).where(accounts.c.id.in_(firms - {None})))
    ]
    agreed = select(consent_texts).where(
        consent_texts.c.id.in_(
            select(consents.c.text_id).where(consents.c.person_id == kept["people"][0]["id"])
        )
    )
    kept["consent_texts"] = [_as_json(consent_texts, dict(row)) for row in await reader.all(agreed)]
    return {name: rows for name, rows in kept.items() if rows}


def _chosen(survey: Mapping[str, Any], key: str, value: object) -> list[Any]:
    """Return the texts of the options that an answer holds; empty for other kinds of answers."""
    (question,) = (one for one in survey["questions"] if one["key"] == key)
    texts = {option["key"]: option["text"] for option in question.get("options") or ()}
    picked = value if isinstance(value, list) else [value]
    return [texts[one] for one in picked if one in texts]


async def _by_id(reader: Reader, query: Select[Any]) -> dict[int, RowMapping]:
    return {row["id"]: row for row in await reader.all(query)}
