"""A low score is told to the people who can do something about it, at once.

The thanks promise a detractor that somebody will be in touch; this is what makes it so.
"""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from bot.operations.compose import texts_for, to_staff
from bot.says.survey_screens import shortened
from storage.asking.invitations import Invitation
from storage.database import Transaction
from storage.people import people
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.counts.recommending import nps_segment
from surveys.survey.answers import Answer
from surveys.survey.definition import NpsQuestion, Survey, TextQuestion
from templates.texts import Texts


def low_score(survey: Survey, answers: Mapping[str, Answer]) -> int | None:
    """Return a named customer's score where it makes them a detractor."""
    if survey.anonymous or survey.audience != "customers":
        return None
    for question in survey.questions:
        given = answers.get(question.key)
        if isinstance(question, NpsQuestion) and isinstance(given, int):
            return given if nps_segment(given) == "detractor" else None
    return None


async def tell_low_score(
    tx: Transaction,
    invitation: Invitation,
    survey: Survey,
    answers: Mapping[str, Answer],
    space: Workspace,
    now: datetime,
) -> None:
    """Queue a message to the customer's manager and to the admins; once an invitation."""
    score = low_score(survey, answers)
    customer = await people.by_id(tx, invitation.person_id)
    if score is None or customer is None:
        return
    words = [
        answer
        for question in survey.questions
        if isinstance(question, TextQuestion)
        and isinstance(answer := answers.get(question.key), str)
    ]
    for reader in await _readers(tx, invitation, customer):
        draft = to_staff(
            f"low:{invitation.id}:{reader.id}",
            reader,
            {
                "text": alert_text(texts_for(reader, space), customer, score, words),
                "parse_mode": "HTML",
            },
            now,
            role="staff",
        )
        await outbox.put(tx, draft, now)


def alert_text(texts: Texts, customer: Person, score: int, words: list[str]) -> str:
    """Return who scored low, how low and in what words, as Telegram's HTML."""
    who = ", ".join(filter(None, (customer.name, customer.account)))
    lines = [
        texts("<b>Low score: {score}</b> from {who}", score=score, who=escape(who, quote=False)),
        *(f"«{escape(shortened(said), quote=False)}»" for said in words),
        texts("They were told that somebody will be in touch."),
    ]
    return "\n".join(lines)


async def _readers(tx: Transaction, invitation: Invitation, customer: Person) -> list[Person]:
    """Return the admins and the manager it is about, or who has taken the customer over."""
    found = {person.id: person for person in await people.admins(tx)}
    for manager_id in (invitation.manager_id, customer.manager_id):
        manager = None if manager_id is None else await people.by_id(tx, manager_id)
        if manager is not None and manager.left_at is None:
            found[manager.id] = manager
            break
    return [person for person in found.values() if person.telegram_id is not None]
