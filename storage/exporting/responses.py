"""Responses to named surveys with their answers, and what was said beyond them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select

from storage.counting import attributes
from storage.engine.reading import Reader
from storage.exporting.batches import Record, Records, batches, of_survey
from storage.exporting.narrowing import of_invitation
from storage.tables.people import accounts, people
from storage.tables.surveys import answers, campaigns, definitions, invitations, questions, waves
from storage.tables.surveys import remarks as said
from surveys.periods import Period
from surveys.reports.scope import COMPANY, Scope

_MANAGERS = people.alias("managers")
_KEPT = (
    "id",
    "definition_id",
    "touchpoint",
    "channel",
    "team",
    "segment",
    "attributes",
    "created_at",
    "sent_at",
    "started_at",
    "finished_at",
    "reminded_at",
)


@dataclass(frozen=True, slots=True)
class Response:
    """One person's answers in one wave; `answers`: question key → the answer's JSON.

    `known` are the columns of the invitation and of whom and what it belongs to.
    """

    known: Record
    answers: Mapping[str, str]
    asked: Mapping[str, str]
    """The wording (JSON) that words were typed under; not all are known."""
    first_at: datetime
    last_at: datetime
    remarks: Records


async def responses(
    reader: Reader, period: Period | None, survey: str | None, scope: Scope = COMPANY
) -> AsyncIterator[list[Response]]:
    """Yield responses by number; of a period those whose last answer came in it."""
    wanted = _invitations(period, survey).where(*of_invitation(reader, scope))
    async for rows in batches(reader, wanted, invitations.c.id):
        first, last = rows[0]["id"], rows[-1]["id"]
        given = await _by_invitation(reader, _answers(first, last))
        spoken = await _by_invitation(reader, _remarks(first, last))
        found = [_response(row, given[row["id"]], spoken[row["id"]]) for row in rows]
        yield [one for one in found if period is None or period.start <= one.last_at < period.end]


def _invitations(period: Period | None, survey: str | None) -> Select[Any]:
    answered = exists().where(answers.c.invitation_id == invitations.c.id)
    if period is not None:
        answered = answered.where(answers.c.answered_at >= period.start)
    return (
        select(
            *(invitations.c[name] for name in _KEPT),
            definitions.c.key.label("survey"),
            definitions.c.version,
            campaigns.c.name.label("campaign"),
            waves.c.label.label("wave"),
            people.c.external_id.label("person_id"),
            people.c.name.label("person"),
            _MANAGERS.c.external_id.label("manager_id"),
            _MANAGERS.c.name.label("manager"),
            accounts.c.name.label("company"),
        )
        .join(definitions, definitions.c.id == invitations.c.definition_id)
        .join(waves, waves.c.id == invitations.c.wave_id)
        .join(campaigns, campaigns.c.id == waves.c.campaign_id)
        .join(people, people.c.id == invitations.c.person_id)
        .outerjoin(_MANAGERS, _MANAGERS.c.id == invitations.c.manager_id)
        .outerjoin(accounts, accounts.c.id == invitations.c.account_id)
        .where(definitions.c.anonymous.is_(other=False), answered, *of_survey(survey))
    )


def _answers(first: int, last: int) -> Select[Any]:
    return (
        select(
            answers.c.invitation_id,
            questions.c.key,
            answers.c.value,
            answers.c.answered_at,
            answers.c.asked,
        )
        .join(questions, questions.c.id == answers.c.question_id)
        .where(answers.c.invitation_id.between(first, last))
    )


def _remarks(first: int, last: int) -> Select[Any]:
    return select(said).where(said.c.invitation_id.between(first, last)).order_by(said.c.id)


async def _by_invitation(reader: Reader, found: Select[Any]) -> dict[int, list[Record]]:
    grouped: dict[int, list[Record]] = defaultdict(list)
    for row in await reader.all(found):
        grouped[row["invitation_id"]].append(dict(row))
    return grouped


def _response(row: Record, given: Records, spoken: Records) -> Response:
    moments = [one["answered_at"] for one in given]
    values = {one["key"]: one["value"] for one in given}
    asked = {one["key"]: one["asked"] for one in given if one["asked"]}
    return Response(row, values, asked, min(moments), max(moments), spoken)


async def attribute_names(reader: Reader) -> Sequence[str]:
    """Return the names of all attributes that invitations keep."""
    return await attributes.names(reader, invitations)
