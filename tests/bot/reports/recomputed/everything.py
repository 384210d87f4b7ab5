"""A database in which every section of a digest has something to say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select, update

from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.cases import asking, cases, changing
from storage.cases.cases import Case, New
from storage.database import Transaction, open_database
from storage.facts import facts
from storage.facts.facts import Teller
from storage.people import people, workspace
from storage.people.lists import people_import
from storage.people.lists.listed import ListedRole, PersonRow
from storage.tables.surveys import answers, invitations, questions
from surveys.cases import Recovered
from surveys.survey import answers as codec
from surveys.survey.answers import bounds
from surveys.survey.definition import Survey
from tests.storage.world import DAY, World

PEOPLE, MANAGERS = 96, 3
SEPTEMBER = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
WORDS = ("Долго ждали доставку", "Вежливый менеджер", "Цены выше, чем у других", "Всё хорошо")
LOW = 6
HOUR = timedelta(hours=1)
OF_CUSTOMERS = ("nps", "service_quality", "loyalty", "service_request")
OF_MANAGERS = ("manager_self_assessment",)
FACTS = {
    "revenue": 1_500_000, "fixed_costs": 400_000, "variable_costs": 500_000, "marketing": 60_000,
    "retention": 30_000, "loyalty_programme": 12_000, "crm_running": 18_000,
    "crm_investment": 205_500, "customers_start": 240, "customers_new": 14, "customers_lost": 9,
    "deals": 40, "deals_won": 12, "deal_days": 21,
}  # fmt: skip


async def build(url: str) -> None:
    """Fill a new database: two months of answers by the same customers, their managers, money."""
    async with open_database(url) as database:
        world = await World.build(database)
        async with database.transaction() as tx:
            space = await workspace.get(tx)
            await workspace.save(tx, replace(space, break_down_by=("city",)))
            await people_import.apply(tx, list(_rows()), AUGUST)
            customers = [await _known(tx, f"c{n}", "customer") for n in range(PEOPLE)]
            managers = [await _known(tx, f"m{n}", "manager") for n in range(MANAGERS)]
            for month, moment in enumerate((AUGUST, SEPTEMBER)):
                for hour, key in enumerate((*OF_CUSTOMERS, *OF_MANAGERS)):
                    asked = managers if key in OF_MANAGERS else customers
                    await _wave(tx, world, key, asked, month, moment + timedelta(hours=hour))
            await _remind(tx)
            await _cases(tx, managers[0])
            for key, growth in (("2026-08", 0), ("2026-09", 90_000)):
                told = {fact: Decimal(n) for fact, n in FACTS.items()}
                told["revenue"] += growth
                await facts.record(tx, key, told, "RUB", Teller("file", SEPTEMBER + 30 * DAY))


async def _known(tx: Transaction, external_id: str, role: ListedRole) -> int:
    person = await people.by_external(tx, external_id, role)
    assert person is not None
    return person.id


def _rows() -> Iterator[PersonRow]:
    for n in range(MANAGERS):
        yield PersonRow("manager", f"m{n}", f"Менеджер {n}")
    for n in range(PEOPLE):
        yield PersonRow(
            "customer",
            f"c{n}",
            f"Клиент {n}",
            manager_external_id=f"m{n // 8 % MANAGERS}",
            segment="silver" if n % 3 == 0 else "gold",
            attributes={"city": ("Тверь", "Омск", "Пермь")[n % 5 % 3]},
        )


async def _wave(
    tx: Transaction, world: World, key: str, asked: Sequence[int], month: int, moment: datetime
) -> None:
    """Let two of three answer; every fourth of them was invited by the manager."""
    for touchpoint, of in (("manager", {3}), ("campaign", {0, 1, 2})):
        wave = await campaigns.get_wave(tx, await world.wave(tx, key, moment))
        given = {
            person: _sheet(world.surveys[key], 1000 * month + 17 * place + len(key), moment)
            if (place + month) % 3 or key in OF_MANAGERS
            else []
            for place, person in enumerate(asked)
            if place % 4 in of
        }
        await past.record(tx, wave, world.definitions[key], touchpoint, given)


async def _remind(tx: Transaction) -> None:
    """Every fifth answered only after a reminder."""
    late = (invitations.c.person_id % 5 == 0) & invitations.c.started_at.is_not(None)
    await tx.run(update(invitations).where(late).values(reminded_at=invitations.c.sent_at))


async def _cases(tx: Transaction, manager: int) -> None:
    """Every low score to the NPS opens a case; what becomes of them differs."""
    sheet = invitations.c.id == answers.c.invitation_id
    asked = questions.c.id == answers.c.question_id
    low = await tx.all(
        select(invitations.c.id, invitations.c.person_id, answers.c.score, answers.c.answered_at)
        .join_from(answers, invitations, sheet)
        .join(questions, asked)
        .where(questions.c.kind == "nps", answers.c.score <= LOW)
        .order_by(answers.c.answered_at, answers.c.id)
    )
    opened: dict[int, Case] = {}
    for place, row in enumerate(low):
        at = row["answered_at"]
        before = opened.pop(row["person_id"], None)
        if before is not None:
            await _was_it_put_right(tx, before, row["id"], at, place)
        new = New(row["id"], row["person_id"], manager, None, "recommend", int(row["score"]), at)
        number = await cases.open_one(tx, replace(new, due_at=at + 9 * HOUR), at)
        case = await cases.get(tx, number or 0)
        assert case is not None
        if place % 5 == 0:
            continue
        responded = at + timedelta(minutes=13 + 97 * (place % 11))
        await changing.take(tx, case, manager, responded)
        if place % 4:
            await changing.resolve(tx, case, manager, "put_right", at + (place % 7) * 5 * DAY)
            opened[row["person_id"]] = case
        else:
            await changing.call_at(tx, case, manager, at + (place % 9) * 4 * DAY, responded)


async def _was_it_put_right(
    tx: Transaction, case: Case, invitation_id: int, at: datetime, place: int
) -> None:
    await asking.put(tx, case.id, invitation_id, at)
    said: Sequence[Recovered | None] = ("yes", "no", "yes", None)
    await asking.answered(tx, case, said[place % len(said)], at)


def _sheet(survey: Survey, seed: int, moment: datetime) -> list[PastAnswer]:
    """Somebody's answers; one in nine stops early."""
    random = Random(seed)
    worse = 0.17 if survey.key == "service_quality" and moment.month == SEPTEMBER.month else 0.0
    mood = random.gauss(0.68 - worse, 0.2)
    found = []
    for place, question in enumerate(survey.questions):
        at = moment + timedelta(minutes=place)
        ends = bounds(question)
        if question.kind == "text":
            found.append(PastAnswer(question.key, codec.to_json(random.choice(WORDS)), None, at))
        elif ends is not None:
            low, high = (int(end) for end in ends)
            given = low + round((high - low) * min(max(random.gauss(mood, 0.15), 0), 1))
            found.append(
                PastAnswer(question.key, codec.to_json(given), codec.score(question, given), at)
            )
    return found[: 2 if seed % 9 == 0 else None]
