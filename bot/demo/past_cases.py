"""The demo's earlier cases: opened by low answers, most of them resolved, the latest overdue."""

from collections.abc import Iterable, Mapping, Sequence
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
_UNRESOLVED = 2
"""How many of a wave's latest cases are left open; of a few cases, half."""


async def open_cases(
    tx: Transaction,
    respondents: Iterable[Person],
    given: Mapping[int, Sequence[PastAnswer]],
    *,
    latest: bool,
) -> None:
    """Open a case for each low answer; `latest`: a few of this wave are still open."""
    low = [
        (answer.answered_at, person, round(answer.score))
        for person in respondents
        for answer in given.get(person.id, ())
        if answer.question_key == "recommend" and answer.score is not None and answer.score <= _LOW
    ]
    low.sort(key=lambda one: (one[0], one[1].id))
    resolved = len(low) - (min(_UNRESOLVED, len(low) // 2) if latest else 0)
    for place, (moment, person, score) in enumerate(low):
        await _course(tx, person, score, moment, resolved=place < resolved)


async def _course(
    tx: Transaction, person: Person, score: int, moment: datetime, *, resolved: bool
) -> None:
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
    if resolved and one is not None:
        outcome: CaseOutcome = OUTCOMES[0] if temper.agrees(0.7) else OUTCOMES[1]
        ended = taken + timedelta(hours=4 + temper.index(50))
        await changing.resolve(tx, one, person.manager_id, outcome, ended)
