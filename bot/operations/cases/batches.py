"""Anonymous surveys open no cases: admins read how many of a released batch scored low.

A batch is of five people or more. The message comes the next morning and not with an answer, so its
moment tells nothing of who answered.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from secrets import token_hex

from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.markup import literal
from bot.says.said import Show
from bot.says.screens import Screen
from storage.database import Transaction
from storage.people import people
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.counts.anonymity import Part
from surveys.survey.answers import from_json
from surveys.survey.definition import Question, Survey, localized
from surveys.survey.low_answers import is_low
from surveys.survey.placeholders import Placeholders, fill

_MORNING = time(9)


async def tell(
    tx: Transaction,
    survey: Survey,
    batches: Sequence[Sequence[Part]],
    space: Workspace,
    now: datetime,
) -> None:
    """Queue what was released to every admin, where anybody of it scored low."""
    counted = [] if survey.audience != "customers" else list(_low(survey, batches))
    if not counted:
        return
    morning = _next_morning(space, now)
    once = token_hex(8)
    for admin in await people.admins(tx):
        if admin.address is None:
            continue
        texts = texts_for(admin, space)
        names = Placeholders(space.company, "", "")
        title = literal(localized(survey.title, texts.language))
        lines = [texts("Anonymous answers to «{survey}» were opened.", survey=title)]
        for question, low, n in counted:
            asked = literal(fill(localized(question.text, texts.language), names))
            lines.append(texts("{question} — {low} of {n} low", question=asked, low=low, n=n))
        lines.append(texts("Whose they are nobody knows, so there is no case: look at the digest."))
        said = Show(Screen("\n".join(lines)))
        draft = to_staff(f"batch:{once}:{admin.id}", admin, said, morning, Action.GET_ALERTS)
        await outbox.put(tx, draft, morning)


def _low(survey: Survey, batches: Sequence[Sequence[Part]]) -> Iterator[tuple[Question, int, int]]:
    """Yield the questions with low answers in these batches: how many, of how many."""
    for question in survey.questions:
        given = [
            from_json(question, part.answers[question.key][0])
            for batch in batches
            for part in batch
            if question.key in part.answers
        ]
        low = sum(is_low(question, answer) for answer in given)
        if low:
            yield question, low, len(given)


def _next_morning(space: Workspace, now: datetime) -> datetime:
    tomorrow = now.astimezone(space.tzinfo).date() + timedelta(days=1)
    return datetime.combine(tomorrow, _MORNING, space.tzinfo).astimezone(UTC)
