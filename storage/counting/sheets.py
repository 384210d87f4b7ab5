"""Whole sheets of a named survey: what each person answered, question by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.asking import definitions
from storage.engine.reading import Reader
from storage.tables.people import people
from storage.tables.surveys import answers, invitations, questions
from storage.tables.surveys import definitions as surveys

if TYPE_CHECKING:
    from surveys.survey.answers import Answer


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's answers to one invitation, by the keys of the questions."""

    person_id: int
    answers: Mapping[str, "Answer"]


async def of_survey(
    reader: Reader, key: str, since: datetime, until: datetime | None = None
) -> Sequence[Sheet]:
    """Return the sheets of a survey answered since, and before `until`, the earliest first."""
    spans = [answers.c.answered_at >= since]
    spans += [answers.c.answered_at < until] if until is not None else []
    of_key = (
        select(questions.c.id)
        .join(surveys, surveys.c.id == questions.c.definition_id)
        .where(surveys.c.key == key)
    )
    asked = (
        select(
            answers.c.invitation_id,
            answers.c.value,
            invitations.c.person_id,
            invitations.c.definition_id,
            questions.c.key,
        )
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .join(questions, questions.c.id == answers.c.question_id)
        .where(answers.c.question_id.in_(of_key), *spans)
        .order_by(answers.c.invitation_id, answers.c.id)
    )
    whose: dict[int, int] = {}
    found: dict[int, dict[str, Answer]] = {}
    rows = await reader.all(asked)
    if not rows:
        return []
    from surveys.survey.answers import from_json  # noqa: PLC0415 (without sheets it is not needed)

    for row in rows:
        survey = (await definitions.get(reader, row["definition_id"])).survey
        whose[row["invitation_id"]] = row["person_id"]
        sheet = found.setdefault(row["invitation_id"], {})
        sheet[row["key"]] = from_json(survey.question(row["key"]), row["value"])
    return [Sheet(whose[number], given) for number, given in found.items()]


async def of_managers(reader: Reader, key: str, since: datetime) -> list[Sheet]:
    """Return the latest sheet of each manager who is still with the company."""
    current = select(people.c.id).where(people.c.is_manager, people.c.left_at.is_(None))
    staff = set(await reader.scalars(current))
    latest = {one.person_id: one for one in await of_survey(reader, key, since)}
    return [sheet for person_id, sheet in latest.items() if person_id in staff]
