"""The answers of a file as they are kept: in order of time, and by what they are recognised."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from bot.operations.history.answers import FileAnswers, lines_of
from bot.operations.history.row_keys import earlier_keys, keys, nameless
from bot.operations.tables.dates import is_future, moments_of
from bot.operations.tables.problems import ColumnProblem, gathered
from storage.answering.history.people import NOBODY
from storage.answering.history.rows import KeptAnswer, PastRows
from storage.engine.constant import Constant
from surveys.messages import Message
from surveys.periods import Period, Zone, containing, zone_info
from surveys.survey import answers as codec
from surveys.survey.definition import Points, Survey, TextQuestion

T = TypeVar("T")
TOUCHPOINT = "imported"
"""The touchpoint of answers in files that name none."""


def past_rows(
    given: FileAnswers,
    survey: Survey,
    question: Points,
    zone: Zone,
    now: datetime,
    *,
    earlier: bool,
) -> tuple[PastRows, list[ColumnProblem], bool]:
    """Return the rows in order of time, what is wrong with others, whether the newest is first.

    `earlier`: some may be here under the keys of earlier programs.
    """
    texts = [one for one in survey.questions if isinstance(one, TextQuestion)]
    moments = moments_of(given.said("date"), zone)
    to_come: list[tuple[int, str]] = []
    unasked: list[int] = []
    if max(moments) > now or not texts:
        columns = (given.said(name) for name in ("line", "date", "comment"))
        for line, text, comment, moment in zip(*columns, moments, strict=True):
            # A date without a time counts as that day's noon, and today's noon may lie ahead.
            if moment > now and is_future(text, zone, now):
                to_come.append((line, text))
            elif comment and not texts:
                unasked.append(line)
        moments = [min(moment, now) for moment in moments]
    problems = [*gathered(to_come, _to_come), *_unasked(survey, unasked)]
    named = f"{survey.key}\0{question.key}"
    rows = PastRows(
        **_who(given, named, earlier=earlier),
        line=given.said("line"),
        at=moments,
        answers=_answers(given, question, texts[0].key if texts else ""),
        month=_months(moments, zone),
        touchpoint=_said(given, "touchpoint", TOUCHPOINT),
        segment=_said(given, "segment", None),
        manager=_said(given, "manager", None),
        attributes=given.said("attributes"),
    )
    refused = lines_of(problems)
    if refused:
        rows = rows.chosen([at for at, line in enumerate(rows.line) if line not in refused])
    ordered = in_order(rows)
    return ordered, problems, ordered is not rows and is_newest_first(rows.at)


def _to_come(lines: tuple[int, ...], text: str) -> ColumnProblem:
    said = {"date": text.replace("T", " ")}
    return ColumnProblem(lines, Message("{date} lies in the future", said))


def _unasked(survey: Survey, lines: Sequence[int]) -> Iterator[ColumnProblem]:
    if lines:
        message = Message(
            "«{survey}» asks for no comment: leave that column out with --comment -",
            {"survey": survey.key},
        )
        yield ColumnProblem(tuple(lines), message)


def _who(given: FileAnswers, question: str, *, earlier: bool) -> dict[str, Sequence[str]]:
    """Return by what the rows are recognised, and who gave their answers."""
    own = keys(given.marks(), question)
    customers = given.said("customer")
    if not all(customers):
        pairs = zip(customers, own, strict=True)
        customers = [customer or f"{NOBODY}{nameless(key)}" for customer, key in pairs]
    names = zip(given.said("name"), customers, strict=True)
    return {
        "key": own,
        "earlier_key": earlier_keys(given.marks(), question)
        if earlier
        else Constant("", len(given)),
        "content": _contents(given),
        "customer": customers,
        "name": [name or one for name, one in names] if "name" in given.columns else customers,
    }


def _contents(given: FileAnswers) -> Sequence[str]:
    """Return what those with an id say; of the others the key tells."""
    if "id" not in given.columns:
        return Constant("", len(given))
    pairs = zip(given.said("id"), given.said("content"), strict=True)
    return [content if key else "" for key, content in pairs]


def _said(given: FileAnswers, name: str, otherwise: T) -> Sequence[str | T]:
    if name not in given.columns:
        return Constant(otherwise, len(given))
    return [one or otherwise for one in given.columns[name]]


def _months(moments: Sequence[datetime], zone: Zone) -> list[Period]:
    """Return the calendar month of each moment; neighbours mostly share theirs."""
    months: dict[tuple[int, int], Period] = {}
    local = zone_info(zone)
    found: list[Period] = []
    for moment in moments:
        if found and found[-1].start <= moment < found[-1].end:
            found.append(found[-1])
            continue
        day = moment.astimezone(local)
        key = day.year, day.month
        if key not in months:
            months[key] = containing(moment, "month", zone)
        found.append(months[key])
    return found


def in_order(rows: PastRows) -> PastRows:
    """Return the rows by time, those of one moment as they stand in the file.

    Many tools write the newest first: where nine of ten changes of the date go down, what stands
    higher is later.
    """
    if all(later >= earlier for earlier, later in pairwise(rows.at)):
        return rows  # so a long file is in memory once
    as_given = range(len(rows))
    places = reversed(as_given) if is_newest_first(rows.at) else as_given
    return rows.chosen(sorted(places, key=rows.at.__getitem__))


def is_newest_first(moments: Iterable[datetime]) -> bool:
    """Tell whether these are the dates of a file in which they go down."""
    changes = Counter(later > earlier for earlier, later in pairwise(moments) if later != earlier)
    return changes[False] > 9 * changes[True]


def _answers(
    given: FileAnswers, question: Points, comments: str
) -> Sequence[tuple[KeptAnswer, ...]]:
    """Return what each row answers; rows that say no more than a score share it."""
    scores = given.said("score")
    alone = {one: (_scored(question, one),) for one in set(scores)}
    found: list[tuple[KeptAnswer, ...]] = list(map(alone.__getitem__, scores))
    for at, comment in enumerate(given.said("comment")):
        if comment:
            found[at] = (*found[at], KeptAnswer(comments, codec.to_json(comment), None))
    return found


def _scored(question: Points, score: int) -> KeptAnswer:
    return KeptAnswer(question.key, codec.to_json(score), codec.score(question, score))
