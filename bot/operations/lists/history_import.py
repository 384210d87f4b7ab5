"""Past answers into the database: what a file says, checked against surveys and people here."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.errors import Refused
from bot.operations.lists.dates import Problem, is_future, moment_of
from bot.operations.lists.history_file import Row, RowsRefused, fingerprint
from storage.asking import definitions, history
from storage.asking.definitions import StoredDefinition
from storage.asking.history import Found, PastRow
from storage.asking.past import PastAnswer
from storage.database import Database, Reader
from storage.people import workspace
from surveys.messages import Message, mark
from surveys.periods import Zone, containing
from surveys.survey import answers as codec
from surveys.survey.definition import NpsQuestion, Question, ScaleQuestion, Survey, TextQuestion
from templates.texts import Texts

TOUCHPOINT = "imported"
"""The touchpoint of answers whose file names none."""


async def import_history(
    database: Database,
    now: datetime,
    /,
    rows: Sequence[Sequence[Any]],
    survey: str,
    question: str | None,
    scale: Sequence[int],
    *,
    check: bool = False,
) -> dict[str, Any]:
    """Operation: bring past answers in (`rows` as `History.as_json` gives them), all or none."""
    given = [Row(*row) for row in rows]
    async with database.reading() as reader:
        definition = await _definition(reader, survey)
        space = await workspace.get(reader)
    asked = _question(definition.survey, question, (scale[0], scale[1]))
    # In a thread: a long file must not make the chats wait.
    past = await asyncio.to_thread(_past_rows, given, definition.survey, asked, space.zone, now)
    if check:
        async with database.reading() as reader:
            found = _acceptable(await history.compare(reader, past))
    else:
        async with database.transaction() as tx:
            found = _acceptable(await history.compare(tx, past))
            texts = Texts(space.language)
            await history.record(tx, found, definition.id, texts("Imported answers"), now)
    return _result(past, found, definition.key, asked.key)


async def _definition(reader: Reader, key: str) -> StoredDefinition:
    definition = await definitions.latest(reader, key)
    if definition is None:
        known = ", ".join(sorted(item.key for item in await definitions.all_latest(reader)))
        raise Refused(mark("There is no survey «{key}». Known: {known}."), key=key, known=known)
    if definition.survey.anonymous or definition.survey.audience != "customers":
        raise Refused(
            mark("«{key}» is not a survey of customers by name; past answers need one."), key=key
        )
    return definition


def _question(
    survey: Survey, key: str | None, scale: tuple[int, int]
) -> NpsQuestion | ScaleQuestion:
    scored = [one for one in survey.questions if isinstance(one, NpsQuestion | ScaleQuestion)]
    named = [one for one in scored if one.key == key] if key else scored[:1]
    if not named:
        known = ", ".join(one.key for one in scored)
        raise Refused(
            mark("«{survey}» has no score called «{key}». Its scores: {known}."),
            survey=survey.key,
            key=key,
            known=known or "—",
        )
    low, high = codec.bounds(named[0]) or scale
    if (low, high) != scale:
        raise Refused(
            mark(
                "The file's scores are {first}-{last}, those of «{question}» {low}-{high}. "
                "Say --scale, or choose another --survey and --question."
            ),
            first=scale[0],
            last=scale[1],
            question=named[0].key,
            low=low,
            high=high,
        )
    return named[0]


def _past_rows(
    rows: Iterable[Row], survey: Survey, question: Question, zone: Zone, now: datetime
) -> list[PastRow]:
    texts = [one for one in survey.questions if isinstance(one, TextQuestion)]
    past, problems = [], []
    for row in rows:
        if is_future(row.date, zone, now):
            message = Message("{date} lies in the future", {"date": row.date})
            problems.append(Problem((row.line,), message))
        elif row.comment and not texts:
            message = Message("«{survey}» asks for no comment", {"survey": survey.key})
            problems.append(Problem((row.line,), message))
        else:
            # Of today only the day may be known: its noon may still be to come.
            moment = min(moment_of(row.date, zone), now)
            answers = _answers(row, question, texts, moment)
            past.append(_past_row(row, survey, question, answers, zone))
    if problems:
        raise RowsRefused(problems)
    return _in_order(past)


def _in_order(rows: Sequence[PastRow]) -> list[PastRow]:
    """Return the rows by time, those of one moment as they stand in the file.

    Many tools write the newest first: where nine of ten changes of the date go down, what stands
    higher is later.
    """
    moments = [row.answers[0].answered_at for row in rows]
    changes = [later > earlier for earlier, later in pairwise(moments) if later != earlier]
    newest_first = changes.count(False) > 9 * changes.count(True)
    as_given = reversed(rows) if newest_first else rows
    return sorted(as_given, key=lambda row: row.answers[0].answered_at)


def _answers(
    row: Row, question: Question, texts: Sequence[TextQuestion], moment: datetime
) -> tuple[PastAnswer, ...]:
    score = PastAnswer(
        question.key, codec.to_json(row.score), codec.score(question, row.score), moment
    )
    if not row.comment:
        return (score,)
    return (score, PastAnswer(texts[0].key, codec.to_json(row.comment), None, moment))


def _past_row(
    row: Row, survey: Survey, question: Question, answers: tuple[PastAnswer, ...], zone: Zone
) -> PastRow:
    identity = fingerprint(survey.key, question.key, row.identity)
    customer = row.customer or f"answer:{identity[:16]}"
    return PastRow(
        line=row.line,
        identity=identity,
        content=row.content,
        customer=customer,
        name=row.name or customer,
        answers=answers,
        month=containing(answers[0].answered_at, "month", zone),
        touchpoint=row.touchpoint or TOUCHPOINT,
        segment=row.segment or None,
        manager=row.manager or None,
        attributes=row.attributes,
    )


def _acceptable(found: Found) -> Found:
    problems = [
        Problem(
            lines,
            Message("several managers are called «{name}»; write the manager's id", {"name": name}),
        )
        for name, lines in found.ambiguous.items()
    ]
    if found.conflicting:
        message = Message(
            "answers with this id were imported before and said something else; imported answers "
            "are not changed"
        )
        problems.append(Problem(found.conflicting, message))
    if problems:
        raise RowsRefused(problems)
    return found


def _result(rows: Sequence[PastRow], found: Found, survey: str, question: str) -> dict[str, Any]:
    moments = [row.answers[0].answered_at for row in rows]
    return {
        "rows": len(rows),
        "added": len(found.new),
        "unchanged": found.unchanged,
        "customers": len({row.customer for row in rows}),
        "new_customers": len(found.customers),
        "new_managers": list(found.managers),
        "survey": survey,
        "question": question,
        "first": min(moments).isoformat(),
        "last": max(moments).isoformat(),
    }
