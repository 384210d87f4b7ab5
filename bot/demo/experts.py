"""The demo's two experts: what each thinks a criterion weighs, compared pair by pair, adopted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.operations.weights import adopting
from bot.operations.weights.questionnaires import CRITERIA, questionnaires
from storage.database import Transaction
from storage.people.people import Person
from storage.weights import experts

_OPINIONS: Final[Sequence[Mapping[str, int]]] = (
    {
        "loyalty_index": 6,
        "service_quality": 5,
        "departed_customers": 4,
        "cost_per_loyal_customer": 2,
        "automation": 1,
        "customer_accounting": 1,
        "sales_process": 3,
    },
    {
        "loyalty_index": 5,
        "service_quality": 5,
        "departed_customers": 3,
        "cost_per_loyal_customer": 3,
        "automation": 2,
        "customer_accounting": 1,
        "sales_process": 2,
    },
)


async def adopt_weights(tx: Transaction, staff: Sequence[Person], now: datetime) -> None:
    """Let the first two of the staff compare all criteria, and adopt what they agree on."""
    questionnaire = questionnaires()[CRITERIA]
    for person, opinion in zip(staff, _OPINIONS, strict=False):
        row = await experts.invite(tx, CRITERIA, person.id, None, now)
        for first, second in questionnaire.steps():
            value = _judgement(opinion[first], opinion[second])
            await experts.judge(tx, row.id, (first, second), value, now)
        await experts.note(tx, row.id, begun_at=now, finished_at=now)
    await adopting.adopt(tx, None, now)


def _judgement(first: int, second: int) -> int:
    """Return how many times one weighs more than the other, below zero if it is the second."""
    times = max(1, round(max(first / second, second / first)))
    return times if first >= second or times == 1 else -times
