"""Low scores and their cases, while the program is killed again and again."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.telegram.calls import REPEATED
from storage.answering import answers
from storage.asking import definitions
from storage.database import Reader, open_database, open_reading
from storage.people import people
from storage.people.addresses import of_telegram
from storage.tables.cases import cases
from storage.tables.surveys import invitations
from surveys.survey import answers as codec
from surveys.survey.low_answers import low_answers
from tests.prove.company import START, SURVEY, invite
from tests.prove.guards import APART
from tests.prove.lines import Lines, none, some
from tests.prove.proofs.killing import Plan, endure

ADMIN = 900
_A_KILL = 6
"""So many customers a kill: each low score is a message to one chat, of which one a second goes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of low scores: `lost` have no case, `untold` were not told, `doubled` twice.

    Lost is also what had no case at any moment at which the program was dead.
    """

    low: int
    lost: int
    untold: int
    doubled: int


async def told(folder: Path, kills: int, seed: int) -> Lines:
    """Yield the figures with the case in the answer's transaction, then with it apart."""
    for without in ((), (APART,)):
        within = folder / ("apart" if without else "together")
        within.mkdir()
        found = await _trial(within, kills, seed, without)
        behind = f"{kills} kills, {found.low} low scores"
        if without:
            yield some("a case in a transaction of its own: lost", found.lost, behind)
            continue
        yield none("low scores without a case", found.lost, behind)
        yield none("cases that nobody was told of", found.untold, behind)
        yield none("alerts told twice", found.doubled, behind)


async def _trial(folder: Path, kills: int, seed: int, without: tuple[str, ...]) -> Kept:
    points = without or ("effect", "handled")
    plan = Plan(_A_KILL * kills, kills, seed, without=without, points=points)
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        url = await invite(sandbox, folder, plan.people)
        sandbox.add_user("Admin", user_id=ADMIN, started=True)
        async with open_database(url) as database, database.transaction() as tx:
            await people.add_admin(tx, of_telegram(ADMIN), "Админ", "ru", START)
        lost: set[int] = set()

        async def look() -> dict[int, str]:
            async with open_reading(url) as database, database.reading() as reader:
                low = await _low(reader)
                there = set(await reader.scalars(select(cases.c.invitation_id)))
            lost.update(low.keys() - there)
            return {number: name for number, name in low.items() if number in there}

        async def dead() -> None:
            await look()

        await endure(sandbox, folder, url, plan, dead)
        told_of = await look()
        once, heard = _heard(sandbox)
        names = set(told_of.values())
        return Kept(
            low=len(told_of.keys() | lost),
            lost=len(lost),
            untold=len(names - heard),
            doubled=sum(max(0, count - 1) for count in once.values()),
        )


async def _low(reader: Reader) -> dict[int, str]:
    """Return the invitations with a low answer, finished or not, with the customers' names."""
    definition = await definitions.latest(reader, SURVEY)
    assert definition is not None
    survey = definition.survey
    asked = select(invitations.c.id, invitations.c.person_id)
    low = {}
    for row in await reader.all(asked):
        stored = await answers.given(reader, row["id"])
        given = {key: codec.from_json(survey.question(key), one) for key, one in stored.items()}
        if low_answers(survey, given):
            person = await people.get(reader, row["person_id"])
            low[row["id"]] = person.name
    return low


def _heard(sandbox: Sandbox) -> tuple[Counter[str], set[str]]:
    """Count the alerts that the admin got about each customer; return also whom any was about.

    A repeat that is marked is not counted, but tells of the customer: the first may have got lost.
    """
    once: Counter[str] = Counter()
    heard = set()
    for message in sandbox.messages(ADMIN):
        head = message.text.partition("\n")[0]
        if message.from_bot and "Клиент " in head:
            who = f"Клиент {head.rpartition('Клиент ')[2]}"
            heard.add(who)
            once[who] += not head.startswith(REPEATED)
    return once, heard
