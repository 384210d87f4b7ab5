"""Companies of anonymous respondents, whose printed numbers an attacker subtracts."""

import random
from collections.abc import Sequence
from pathlib import Path

from storage.database import open_database
from surveys.counts.minima import MIN_ANONYMOUS
from tests.prove.lines import Lines, none, some
from tests.solving import PEOPLE, indistinct, solved
from tests.storage.counting.attacking import (
    LATER_ONES_SKIP,
    MONTHS,
    Attack,
    Sheet,
    attacked,
    by_sheet,
)


async def isolated(folder: Path, kills: int, seed: int) -> Lines:
    """Solve what digests, comparisons and exports print, once as it is and once by whole sheets."""
    companies = max(3, kills // 3)
    found = numbers = 0
    for number in range(companies):
        attack = await _attack(folder / f"{number}.db", _company(random.Random(seed + number)))
        numbers += sum(map(len, attack.found.values()))
        found += _told(attack)
    behind = f"{companies} companies of at most {PEOPLE}, {numbers} groups in printed numbers"
    yield none("groups below five that numbers tell of", found, behind)
    with by_sheet():
        attack = await _attack(folder / "without.db", LATER_ONES_SKIP)
    yield some("a minimum for whole sheets alone: groups", _told(attack), "one company of 12")


def _company(dice: random.Random) -> Sequence[Sheet]:
    """Return who answers what, in the order of their answers."""
    segments, optional = ("gold", "silver", None), "bcden"
    return [
        (
            MONTHS[place * len(MONTHS) // PEOPLE],
            dice.choice(segments),
            frozenset({"a", *(key for key in optional if dice.random() < dice.choice((0.3, 0.9)))}),
            dice.randrange(11),
        )
        for place in range(PEOPLE)
    ]


async def _attack(path: Path, given: Sequence[Sheet]) -> Attack:
    async with open_database(f"sqlite:///{path}") as database:
        return await attacked(database, given, readings=2)


def _told(attack: Attack) -> int:
    """Count the groups of fewer than five that two or three numbers together tell of."""
    return sum(
        len(list(solved(figures, MIN_ANONYMOUS)))
        + sum(len(group) < MIN_ANONYMOUS for group in indistinct(figures))
        for figures in attack.found.values()
    )
