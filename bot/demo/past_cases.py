"""The demo's earlier cases: opened by low answers, most of them resolved, the latest not yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.demo.temper import Temper
from storage.answering import invitations
from storage.answering.past import PastAnswer
from storage.cases import cases, changing
from storage.cases.cases import New
from storage.database import Transaction
from storage.people.people import Person
from surveys.cases import OUTCOMES, CaseOutcome

_LOW = 6
_DUE = timedelta(days=1)
_PROMISED = (timedelta(hours=-19), timedelta(hours=25))
"""When, from the campaign, the customers of the last cases were to be called: one call is late."""
Low = tuple[datetime, Person, int]
"""When somebody gave which low score."""


async def open_cases(
    tx: Transaction,
    respondents: Sequence[Person],
    given: Mapping[int, Sequence[PastAnswer]],
    start: datetime,
    *,
    latest: bool,
) -> None:
    """Open a case for each low answer; `latest`: a few of this wave are still open at `start`."""
    low = [
        (answer.answered_at, person, round(answer.score))
        for person in respondents
        for answer in given.get(person.id, ())
        if answer.question_key == "recommend" and answer.score is not None and answer.score <= _LOW
    ]
    low.sort(key=lambda one: (one[0], one[1].id))
    left = _left_open(respondents, low) if latest else []
    for one in low:
        moment, person, score = one
        promised = start + _PROMISED[left.index(one)] if one in left else None
        await _course(tx, person, score, moment, promised)


def _left_open(respondents: Sequence[Person], low: Sequence[Low]) -> Sequence[Low]:
    """Return a few cases of the manager whom the page shows: that of the first customer."""
    shown = next((one.manager_id for one in respondents if not one.is_manager), None)
    theirs = [one for one in low if one[1].manager_id == shown]
    return (theirs or low)[-len(_PROMISED) :]


async def _course(
    tx: Transaction, person: Person, score: int, moment: datetime, promised: datetime | None
) -> None:
    """Let a case take its course: to its end, or to the promise of a call."""
    asked = await invitations.latest_of(tx, person.id)
    if asked is None or person.manager_id is None:
        return
    new = New(asked.id, person.id, person.manager_id, None, "recommend", score, moment + _DUE)
    made = await cases.open_one(tx, new, moment)
    one = None if made is None else await cases.get(tx, made)
    if one is None:
        return
    temper = Temper(person.id, score)
    taken = moment + timedelta(hours=1 + temper.index(30))
    await changing.take(tx, one, person.manager_id, taken)
    one = await cases.get(tx, one.id)
    if one is None:
        return
    if promised is not None:
        await changing.call_at(tx, one, person.manager_id, promised, taken)
        return
    outcome: CaseOutcome = OUTCOMES[0] if temper.agrees(0.7) else OUTCOMES[1]
    ended = taken + timedelta(hours=4 + temper.index(50))
    await changing.resolve(tx, one, person.manager_id, outcome, ended)
