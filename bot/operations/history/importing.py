"""Past answers into the database: what a file says, checked against surveys and people here."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from bot.errors import Refused
from bot.operations.company import usual_settings
from bot.operations.copies.before_import import copied_before
from bot.operations.history.answers import FileAnswer, fingerprint, lines_of
from bot.operations.history.doubles import refuse_doubles
from bot.operations.history.refusals import RowsRefused, said_of
from bot.operations.history.scales import other_scale, refuse_low, scores_here
from bot.operations.tables.dates import DateProblem, is_future, moment_of
from bot.telling import told
from storage.answering import history
from storage.answering.history import HistoryFound, PastRow
from storage.answering.past import PastAnswer
from storage.asking import definitions
from storage.asking.definitions import StoredDefinition
from storage.database import Database, Reader
from storage.people import workspace
from surveys.messages import Language, Message, mark
from surveys.periods import Period, Zone, containing, zone_info
from surveys.survey import answers as codec
from surveys.survey.definition import Points, Question, Survey, TextQuestion
from templates.texts import Texts

TOUCHPOINT = "imported"
"""The touchpoint of answers in files that name none."""


async def import_history(
    database: Database,
    now: datetime,
    /,
    rows: Sequence[Sequence[Any]],
    into: Mapping[str, Any],
    language: Language = "en",
    **wanted: bool,
) -> dict[str, Any]:
    """Operation: bring past answers in (`rows` as `History.as_json` gives them), all or none.

    `into` says whose answers they are: `survey`, `question` (None: its first score), `scale`, and
    whether that is `scale_stated` by a person. Problems are told in `language`. In `wanted`,
    `check` only says what would happen; `skip_refused` takes the other rows where some cannot be
    taken; `again` takes answers whose times and scores are here already; `no_copy` leaves out the
    copy that is made of the database before anything is written.
    """
    given = [row if isinstance(row, FileAnswer) else FileAnswer._make(row) for row in rows]
    async with database.reading() as reader:
        definition = await _definition(reader, into["survey"])
        space = await workspace.get(reader)
        here = await scores_here(reader)
    asked = _question(definition.survey, into["question"])
    low, high = into["scale"]
    if not into.get("scale_stated"):
        refuse_low([row.score for row in given], (low, high), here)
    asked_on = next((one for one in here if one[:2] == (definition.key, asked.key)), None)
    if asked_on is not None and asked_on.scale != (low, high):
        raise other_scale(asked_on, (low, high), here)
    # In a thread: a long file must not make the chats wait.
    past, problems = await asyncio.to_thread(
        _past_rows, given, definition.survey, asked, space.zone, now
    )
    skip = wanted.get("skip_refused", False)
    texts = Texts(language)
    async with database.reading() as reader:
        taken = await _acceptable(reader, past, problems, skip=skip)
        if not wanted.get("again"):
            undated = frozenset(row.line for row in given if row.undated)
            await refuse_doubles(reader, taken.found, undated, space.zone)
    copy = None
    if not wanted.get("check") and taken.found.new:
        copy = None if wanted.get("no_copy") else await copied_before(database, now)
        async with database.transaction() as tx:
            # Somebody else may have written since.
            taken = await _acceptable(tx, past, problems, skip=skip)
            of_company = Texts(space.language)
            name = of_company("Imported answers")
            await history.record(tx, taken.found, definition.id, name, now)
    return {
        "rows": len(given),
        "survey": definition.key,
        "question": asked.key,
        **_result(taken, space.zone, texts),
        **_ties(past),
        "settings": usual_settings(texts, space),
        "copy": None if copy is None else str(copy),
        "is_server": database.shared is not None,
    }


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


def _question(survey: Survey, key: str | None) -> Points:
    scored = [one for one in survey.questions if isinstance(one, Points)]
    named = [one for one in scored if one.key == key] if key else scored[:1]
    if not named:
        known = ", ".join(one.key for one in scored)
        raise Refused(
            mark("«{survey}» has no score called «{key}». Its scores: {known}."),
            survey=survey.key,
            key=key,
            known=known or "—",
        )
    return named[0]


def _past_rows(
    rows: Iterable[FileAnswer], survey: Survey, question: Question, zone: Zone, now: datetime
) -> tuple[list[PastRow], list[DateProblem]]:
    """Return the rows in order of time, and what is wrong with the others."""
    texts = [one for one in survey.questions if isinstance(one, TextQuestion)]
    local = zone_info(zone)
    months: dict[tuple[int, int], Period] = {}
    past, problems = [], []
    for row in rows:
        moment = moment_of(row.date, zone)
        # A date without a time counts as that day's noon, and today's noon may lie ahead.
        if moment > now and is_future(row.date, zone, now):
            message = Message("{date} lies in the future", {"date": row.date.replace("T", " ")})
            problems.append(DateProblem((row.line,), message))
        elif row.comment and not texts:
            message = Message(
                "«{survey}» asks for no comment: leave that column out with --comment -",
                {"survey": survey.key},
            )
            problems.append(DateProblem((row.line,), message))
        else:
            moment = min(moment, now)
            answers = _answers(row, question, texts, moment)
            day = moment.astimezone(local)
            key = day.year, day.month
            if key not in months:
                months[key] = containing(moment, "month", zone)
            past.append(_past_row(row, survey, question, answers, months[key]))
    return in_order(past), problems


def in_order(rows: Sequence[PastRow]) -> list[PastRow]:
    """Return the rows by time, those of one moment as they stand in the file.

    Many tools write the newest first: where nine of ten changes of the date go down, what stands
    higher is later.
    """
    as_given = reversed(rows) if is_newest_first(rows) else rows
    return sorted(as_given, key=_answered_at)


def is_newest_first(rows: Sequence[PastRow]) -> bool:
    """Tell whether the rows stand in a file whose dates go down."""
    changes = [
        later > earlier for earlier, later in pairwise(map(_answered_at, rows)) if later != earlier
    ]
    return changes.count(False) > 9 * changes.count(True)


def _answered_at(row: PastRow) -> datetime:
    return row.answers[0].answered_at


def _ties(rows: Sequence[PastRow]) -> dict[str, Any]:
    """Return how many answers share their moment with another of their customer."""
    seen = Counter((row.customer, _answered_at(row)) for row in rows)
    in_file = sorted(rows, key=lambda row: row.line)
    return {
        "of_one_moment": sum(number for number in seen.values() if number > 1),
        "newest_first": is_newest_first(in_file),
    }


def _answers(
    row: FileAnswer, question: Question, texts: Sequence[TextQuestion], moment: datetime
) -> tuple[PastAnswer, ...]:
    score = PastAnswer(question.key, *_scored(question, row.score), moment)
    if not row.comment:
        return (score,)
    return (score, PastAnswer(texts[0].key, codec.to_json(row.comment), None, moment))


@lru_cache(maxsize=1024)
def _scored(question: Question, score: int) -> tuple[str, float | None]:
    """Return a score as it is kept: rows that say the same share it."""
    return codec.to_json(score), codec.score(question, score)


def _past_row(
    row: FileAnswer,
    survey: Survey,
    question: Question,
    answers: tuple[PastAnswer, ...],
    month: Period,
) -> PastRow:
    identity = fingerprint(survey.key, question.key, row.identity)
    customer = row.customer or f"{history.NOBODY}{identity[:16]}"
    return PastRow(
        line=row.line,
        identity=identity,
        content=row.content,
        customer=customer,
        name=row.name or customer,
        answers=answers,
        month=month,
        touchpoint=row.touchpoint or TOUCHPOINT,
        segment=row.segment or None,
        manager=row.manager or None,
        attributes=row.attributes,
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken of a file: its rows by time, what that does, and what is wrong with others."""

    rows: Sequence[PastRow]
    found: HistoryFound
    problems: Sequence[DateProblem]


async def _acceptable(
    reader: Reader, rows: Sequence[PastRow], problems: Sequence[DateProblem], *, skip: bool
) -> _Taken:
    """Return what can be taken; raises RowsRefused where that is not all, unless they `skip`."""
    found = await history.compare(reader, rows)
    problems = [*problems, *_conflicts(found)]
    if not problems:
        return _Taken(rows, found, ())
    refused = lines_of(problems)
    others = [row for row in rows if row.line not in refused]
    if not skip or not others:
        raise RowsRefused(problems, are_all=not others)
    rows = others
    return _Taken(rows, await history.compare(reader, rows), problems)


def _conflicts(found: HistoryFound) -> Iterator[DateProblem]:
    for name, lines in found.ambiguous.items():
        message = Message(
            "several managers are called «{name}»; write the manager's id", {"name": name}
        )
        yield DateProblem(tuple(sorted(lines)), message)
    if found.conflicting:
        message = Message(
            "answers with this id were imported before and said something else; imported answers "
            "are not changed"
        )
        yield DateProblem(tuple(sorted(found.conflicting)), message)


def _result(taken: _Taken, zone: Zone, texts: Texts) -> dict[str, Any]:
    """Return the counts; `first` and `last` are days in the company's zone, or None."""
    days = [
        row.answers[0].answered_at.astimezone(zone_info(zone)).date().isoformat()
        for row in (*taken.rows[:1], *taken.rows[-1:])  # the rows are sorted by time
    ]
    return {
        "added": len(taken.found.new),
        "changed": 0,
        "unchanged": taken.found.unchanged,
        "refused": len(lines_of(taken.problems)),
        "problems": [told(texts, one) for one in said_of(taken.problems)],
        "customers": len({row.customer for row in taken.rows}),
        "new_customers": len(taken.found.customers),
        "nameless": sum(1 for row in taken.rows if row.customer.startswith(history.NOBODY)),
        "new_managers": list(taken.found.managers),
        "first": min(days, default=None),
        "last": max(days, default=None),
    }
