"""Survey versions. A version never changes once it is kept; new content is a new version."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import RowMapping, exists, or_, select

from storage.engine.reading import Reader, Transaction
from storage.errors import NotFound
from storage.tables.surveys import (
    anonymous_sheets,
    anonymous_waiting,
    invitations,
    question_measures,
    questions,
)
from storage.tables.surveys import definitions as table
from surveys.messages import Message

if TYPE_CHECKING:  # what surveys are takes long to load, and many programs parse none
    from surveys.survey.definition import Question, Survey


IS_ASKED: Final = or_(
    *(
        exists().where(one.c.definition_id == table.c.id)
        for one in (invitations, anonymous_sheets, anonymous_waiting)
    )
)
"""Somebody was asked a version. Anonymous sheets outlive the invitations that they came by."""


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """A survey version with its number."""

    id: int
    key: str
    version: str
    survey: "Survey"


async def save(tx: Transaction, survey: "Survey", now: datetime) -> int:
    """Keep a version and return its number; content that is known becomes the latest again."""
    from surveys.survey.loading import survey_to_json  # noqa: PLC0415 (as above)

    statement = tx.insert(table).values(
        key=survey.key,
        version=survey.version,
        audience=survey.audience,
        kind=survey.kind,
        anonymous=survey.anonymous,
        content=survey_to_json(survey),
        published_at=now,
    )
    again = statement.on_conflict_do_update(
        index_elements=["key", "version"], set_={"published_at": now}
    )
    definition_id: int = await tx.scalar(again.returning(table.c.id))
    of_definition = questions.c.definition_id == definition_id
    if await tx.scalar(select(questions.c.id).where(of_definition).limit(1)) is None:
        tx.fresh.add(definition_id)
        for position, question in enumerate(survey.questions):
            await _save_question(tx, definition_id, position, question)
    return definition_id


async def not_kept(reader: Reader, surveys: Iterable["Survey"]) -> list["Survey"]:
    """Return the surveys of which this very version is not kept."""
    kept = {*await reader.tuples(select(table.c.key, table.c.version))}
    return [one for one in surveys if (one.key, one.version) not in kept]


async def any_here(reader: Reader) -> bool:
    """Tell whether any survey is kept."""
    return await reader.scalar(select(table.c.id).limit(1)) is not None


async def _save_question(
    tx: Transaction, definition_id: int, position: int, question: "Question"
) -> None:
    from surveys.survey.answers import bounds  # noqa: PLC0415 (as above)

    low, high = bounds(question) or (None, None)
    statement = tx.insert(questions).values(
        definition_id=definition_id,
        key=question.key,
        position=position,
        kind=question.kind,
        mirror=question.mirror,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        label=json.dumps(question.text.model_dump(), ensure_ascii=False),
    )
    question_id: int = await tx.scalar(statement.returning(questions.c.id))
    if question.measures:
        rows = [{"question_id": question_id, "measure": name} for name in question.measures]
        await tx.run(tx.insert(question_measures), rows)


async def get(reader: Reader, definition_id: int) -> StoredDefinition:
    """Return a version; raises NotFound."""
    known = reader.cache.get(definition_id)
    if isinstance(known, StoredDefinition):
        return known
    row = await reader.first(select(table).where(table.c.id == definition_id))
    if row is None:
        raise NotFound(what=Message("survey"), key=str(definition_id))
    return _parsed(reader, row)


async def latest(reader: Reader, key: str) -> StoredDefinition | None:
    """Return the version of a survey that was published last."""
    newest = table.c.published_at.desc(), table.c.id.desc()
    row = await reader.first(select(table).where(table.c.key == key).order_by(*newest).limit(1))
    return None if row is None else _parsed(reader, row)


async def published_at(reader: Reader, definition_id: int) -> datetime:
    """Return when a version was published last."""
    moment: datetime = await reader.scalar(
        select(table.c.published_at).where(table.c.id == definition_id)
    )
    return moment


async def all_latest(reader: Reader) -> Sequence[StoredDefinition]:
    """Return every survey's latest version, by key."""
    keys = await reader.scalars(select(table.c.key).distinct().order_by(table.c.key))
    found = [await latest(reader, key) for key in keys]
    return [definition for definition in found if definition is not None]


async def every(reader: Reader) -> Sequence[StoredDefinition]:
    """Return every version of every survey, by key, the earlier ones first."""
    rows = await reader.all(select(table).order_by(table.c.key, table.c.id))
    return [_parsed(reader, row) for row in rows]


async def asked(reader: Reader) -> Sequence[StoredDefinition]:
    """Return the versions that somebody was asked, as `every` does."""
    ids = {*await reader.scalars(select(table.c.id).where(IS_ASKED))}
    return [one for one in await every(reader) if one.id in ids]


def _parsed(reader: Reader, row: RowMapping) -> StoredDefinition:
    known = reader.cache.get(row["id"])
    if isinstance(known, StoredDefinition):
        return known
    from surveys.survey.kept import kept_survey  # noqa: PLC0415 (as above)

    survey = kept_survey(row["content"])
    stored = StoredDefinition(row["id"], row["key"], row["version"], survey)
    # After a rollback, a number given in this transaction goes to another survey.
    if not (isinstance(reader, Transaction) and row["id"] in reader.fresh):
        reader.cache[row["id"]] = stored
    return stored
