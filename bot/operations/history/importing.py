"""Past answers into the database: what a file says, checked against surveys and people here."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress, groupby, pairwise
from typing import Any

from bot.errors import Refused
from bot.operations.company import usual_settings
from bot.operations.copies.before_import import copied_before
from bot.operations.history.answers import FileAnswers, lines_of
from bot.operations.history.doubles import refuse_doubles
from bot.operations.history.refusals import RowsRefused, said_of
from bot.operations.history.rows import past_rows
from bot.operations.history.scales import other_scale, refuse_low, scores_here
from bot.operations.tables.problems import ColumnProblem
from bot.telling import told
from storage.answering.history import keys, recording
from storage.answering.history.people import NOBODY
from storage.answering.history.recording import HistoryFound
from storage.answering.history.rows import PastRows
from storage.asking import definitions
from storage.asking.definitions import StoredDefinition
from storage.database import Database, Reader
from storage.people import workspace
from surveys.messages import Language, Message, mark
from surveys.periods import Zone, zone_info
from surveys.survey.definition import Points, Survey
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is taken.

    `check` only says what would happen; `skip_refused` takes the other rows where some cannot be
    taken; `again` takes answers whose times and scores are here already; `no_copy` leaves out the
    copy that is made of the database before anything is written.
    """

    check: bool = False
    skip_refused: bool = False
    again: bool = False
    no_copy: bool = False


async def import_history(
    database: Database,
    now: datetime,
    /,
    columns: Mapping[str, Sequence[Any]],
    into: Mapping[str, Any],
    language: Language = "en",
    **wanted: bool,
) -> dict[str, Any]:
    """Operation: bring past answers in (`columns` as `History.as_json` gives them), all or none.

    `into` says whose answers they are: `survey`, `question` (None: its first score), `scale`, and
    whether that is `scale_stated` by a person. Problems are told in `language`; `wanted` are the
    fields of `Wanted`.
    """
    given, how, texts = FileAnswers(dict(columns)), Wanted(**wanted), Texts(language)
    await _with_surveys(database, now)
    async with database.reading() as reader:
        definition = await _definition(reader, into["survey"])
        asked = _question(definition.survey, into["question"])
        await _refuse_other_scale(reader, given, (definition.key, asked.key), into)
        space = await workspace.get(reader)
        earlier = await keys.any_earlier(reader)
    # In a thread: a long file must not make the chats wait.
    past, problems, newest_first = await asyncio.to_thread(
        past_rows, given, definition.survey, asked, space.zone, now, earlier=earlier
    )
    async with database.reading() as reader:
        taken = await _acceptable(reader, past, problems, skip=how.skip_refused)
        if not how.again:
            undated = frozenset(compress(given.said("line"), given.said("undated")))
            await refuse_doubles(reader, taken.found, undated, space.zone)
    copy = None
    if not how.check and taken.found.new:
        copy = None if how.no_copy else await copied_before(database, now)
        async with database.transaction() as tx:
            # Somebody else may have written since.
            taken = await _acceptable(tx, past, problems, skip=how.skip_refused)
            of_company = Texts(space.language)
            name = of_company("Imported answers")
            await recording.record(tx, taken.found, definition.id, name, now)
    return {
        "rows": len(given),
        "survey": definition.key,
        "question": asked.key,
        **_result(taken, space.zone, texts),
        "of_one_moment": _of_one_moment(past),
        "newest_first": newest_first,
        "settings": usual_settings(texts, space),
        "copy": None if copy is None else str(copy),
        "is_server": database.shared is not None,
    }


async def _refuse_other_scale(
    reader: Reader, given: FileAnswers, asked: tuple[str, str], into: Mapping[str, Any]
) -> None:
    """Refuse scores that do not fit the scale, or a scale that answers here do not have.

    `asked`: the keys of the survey and its question.
    """
    low, high = into["scale"]
    here = await scores_here(reader)
    if not into.get("scale_stated"):
        refuse_low(given.said("score"), (low, high), here)
    asked_on = next((one for one in here if one[:2] == asked), None)
    if asked_on is not None and asked_on.scale != (low, high):
        raise other_scale(asked_on, (low, high), here)


async def _with_surveys(database: Database, now: datetime) -> None:
    """Store the catalog's surveys where there are none: to read them all takes long."""
    async with database.reading() as reader:
        if await definitions.any_here(reader):
            return
    from bot.operations.surveys import save_catalog  # noqa: PLC0415 (it loads YAML)

    await save_catalog(database, now)


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


def _of_one_moment(rows: PastRows) -> int:
    """Return how many answers share their moment with another of their customer."""
    if all(later != earlier for earlier, later in pairwise(rows.at)):
        return 0  # the rows are sorted by time
    places = range(len(rows))
    together = (list(group) for _, group in groupby(places, rows.at.__getitem__))
    seen = (Counter(rows.customer[at] for at in some) for some in together if len(some) > 1)
    return sum(number for one in seen for number in one.values() if number > 1)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken of a file: its rows by time, what that does, and what is wrong with others."""

    rows: PastRows
    found: HistoryFound
    problems: Sequence[ColumnProblem]


async def _acceptable(
    reader: Reader, rows: PastRows, problems: Sequence[ColumnProblem], *, skip: bool
) -> _Taken:
    """Return what can be taken; raises RowsRefused where that is not all, unless they `skip`."""
    found = await recording.compare(reader, rows)
    problems = [*problems, *_conflicts(found)]
    if not problems:
        return _Taken(rows, found, ())
    refused = lines_of(problems)
    others = rows.chosen([at for at, line in enumerate(rows.line) if line not in refused])
    if not skip or not others:
        raise RowsRefused(problems, are_all=not others)
    rows = others
    return _Taken(rows, await recording.compare(reader, rows), problems)


def _conflicts(found: HistoryFound) -> Iterator[ColumnProblem]:
    for name, lines in found.ambiguous.items():
        message = Message(
            "several managers are called «{name}»; write the manager's id", {"name": name}
        )
        yield ColumnProblem(tuple(sorted(lines)), message)
    if found.conflicting:
        message = Message(
            "answers with this id were imported before and said something else; imported answers "
            "are not changed"
        )
        yield ColumnProblem(tuple(sorted(found.conflicting)), message)


def _result(taken: _Taken, zone: Zone, texts: Texts) -> dict[str, Any]:
    """Return the counts; `first` and `last` are days in the company's zone, or None."""
    days = [
        at.astimezone(zone_info(zone)).date().isoformat()
        for at in (*taken.rows.at[:1], *taken.rows.at[-1:])  # the rows are sorted by time
    ]
    customers = set(taken.rows.customer)
    return {
        "added": len(taken.found.new),
        "changed": 0,
        "unchanged": taken.found.unchanged,
        "refused": len(lines_of(taken.problems)),
        "problems": [told(texts, one) for one in said_of(taken.problems)],
        "customers": len(customers),
        "new_customers": len(taken.found.customers),
        "nameless": sum(one.startswith(NOBODY) for one in customers),
        "new_managers": list(taken.found.managers),
        "first": min(days, default=None),
        "last": max(days, default=None),
    }
