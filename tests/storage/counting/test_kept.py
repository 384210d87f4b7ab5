"""Kept figures hold: whatever happens to answers, none that is found says what they do not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, text, update

from bot.jobs import counting
from storage.answering import answers, invitation_batches, invitations
from storage.counting import kept, spans
from storage.counting.figures import digest_figures
from storage.counting.kept import KeptFigure
from storage.database import Database, Transaction, open_database
from storage.tables.counting import kept_figures
from storage.tables.people import accounts, people
from storage.tables.surveys import invitations as invitation_rows
from surveys.counts.figures import DigestFigures
from tests.engines import database_in
from tests.examples import per_hundred
from tests.storage.counting.keeping import (
    BEFORE,
    DAY,
    FIGURES,
    ITEMS,
    MONTHS,
    PERIOD,
    ZONE,
    changed,
    erased,
    found,
    keep_all,
    some_answers,
    wrong,
)
from tests.storage.world import NOW, World


async def _sent(tx: Transaction, number: int, now: datetime) -> None:
    await invitations.sent(tx, number, 1, now)


async def _reminded(tx: Transaction, number: int, now: datetime) -> None:
    await invitation_batches.reminded(tx, [number], now)


FATES = (_sent, _reminded, invitations.start, invitations.finish, invitations.failed)
SNAPSHOTS = (
    {"segment": "gold"},
    {"segment": None},
    {"state": "cancelled"},
    {"account_id": 1},
    {"import_key": "a file's row"},
    {"import_key": None},
    {"created_at": PERIOD.start},
)
"""What corrections and erasing leave of an invitation; the last is no part of any flow of ours."""


async def digest(database: Database) -> DigestFigures:
    async with database.reading() as reader:
        return await digest_figures(reader, PERIOD, BEFORE, MONTHS, ZONE, "ru")


class Company(RuleBasedStateMachine):
    """Three customers answer, change, take back; figures are kept at any moment in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened = open_database(database_in(self.folder.name))
        self.database = self.runner.run(self.opened.__aenter__())
        self.world = self.runner.run(World.build(self.database))
        self.invited: dict[tuple[int, str, int], int] = {}

    def teardown(self) -> None:
        self.runner.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    async def _answer(self, person: int, survey: str, wave: int, value: int, at: datetime) -> None:
        key = (person, survey, wave)
        async with self.database.transaction() as tx:
            if key not in self.invited:
                made = await self.world.invite(tx, self.world.customers[person], survey, at)
                self.invited[key] = made.id
            for item in ITEMS[survey][: 1 + value % len(ITEMS[survey])]:
                await answers.keep(tx, self.invited[key], item, str(value), value, at)

    @rule(
        person=st.integers(0, 2),
        survey=st.sampled_from(list(ITEMS)),
        wave=st.integers(0, 1),
        value=st.integers(1, 5),
        days=st.integers(-75, 5),
    )
    def answer(self, person: int, survey: str, wave: int, value: int, days: int) -> None:
        self.runner.run(self._answer(person, survey, wave, value, PERIOD.end + days * DAY))

    @rule(which=st.integers(0, 9))
    def take_back(self, which: int) -> None:
        if not self.invited:
            return
        (_, survey, _), number = list(self.invited.items())[which % len(self.invited)]
        self.runner.run(self._in_transaction(answers.drop, number, ITEMS[survey][:1]))

    @rule(which=st.integers(0, 9), touchpoint=st.sampled_from(["campaign", "manager"]))
    def come_by_another_way(self, which: int, touchpoint: str) -> None:
        if self.invited:
            number = list(self.invited.values())[which % len(self.invited)]
            self.runner.run(self._in_transaction(_touched, number, touchpoint))

    @rule(which=st.integers(0, 9), channel=st.sampled_from(["telegram", "web"]))
    def answer_elsewhere(self, which: int, channel: str) -> None:
        if self.invited:
            number = list(self.invited.values())[which % len(self.invited)]
            self.runner.run(self._in_transaction(invitations.answered_by, number, channel))

    @rule(which=st.integers(0, 9), fate=st.sampled_from(FATES), days=st.integers(-75, 5))
    def come_so_far(self, which: int, fate: Callable[..., Awaitable[object]], days: int) -> None:
        if self.invited:
            number = list(self.invited.values())[which % len(self.invited)]
            self.runner.run(self._in_transaction(fate, number, PERIOD.end + days * DAY))

    @rule(which=st.integers(0, 9), values=st.sampled_from(SNAPSHOTS))
    def be_told_otherwise(self, which: int, values: dict[str, object]) -> None:
        if self.invited:
            number = list(self.invited.values())[which % len(self.invited)]
            self.runner.run(self._in_transaction(changed, number, **values))

    @rule(which=st.integers(0, 9))
    def vanish(self, which: int) -> None:
        if self.invited:
            key = list(self.invited)[which % len(self.invited)]
            self.runner.run(self._in_transaction(erased, self.invited.pop(key)))

    @rule(person=st.integers(0, 2), firm=st.sampled_from([None, "А"]))
    def join_a_firm(self, person: int, firm: str | None) -> None:
        self.runner.run(self._in_transaction(_joined, self.world.customers[person], firm))

    @rule()
    def keep(self) -> None:
        self.runner.run(keep_all(self.database))

    @rule(figure=st.sampled_from(FIGURES), days=st.integers(-75, 5))
    def answer_while_it_is_counted(self, figure: KeptFigure, days: int) -> None:
        self.runner.run(self._answer_meanwhile(figure, PERIOD.end + days * DAY))

    async def _answer_meanwhile(self, figure: KeptFigure, at: datetime) -> None:
        async with self.database.transaction() as tx:
            await kept.announce(tx, figure)
        async with self.database.reading() as reader:
            counted = await spans.count(reader, figure)
        await self._answer(0, "nps", 0, 3, at)
        async with self.database.transaction() as tx:
            stands = await kept.keep(tx, figure, counted)
        within = figure.moments[0] <= at < figure.moments[-1]
        assert not (stands and within)

    @rule(figure=st.sampled_from(FIGURES), days=st.integers(-75, 5))
    def invite_while_it_is_counted(self, figure: KeptFigure, days: int) -> None:
        self.runner.run(self._invite_meanwhile(figure, PERIOD.end + days * DAY))

    async def _invite_meanwhile(self, figure: KeptFigure, at: datetime) -> None:
        async with self.database.transaction() as tx:
            await kept.announce(tx, figure)
        async with self.database.reading() as reader:
            counted = await spans.count(reader, figure)
        async with self.database.transaction() as tx:
            await self.world.invite(tx, self.world.customers[0], "nps", at)
        async with self.database.transaction() as tx:
            stands = await kept.keep(tx, figure, counted)
        within = figure.moments[0] <= at < figure.moments[-1]
        assert stands is not (within and figure.name == spans.INVITED)

    async def _in_transaction(
        self, act: Callable[..., Awaitable[object]], *arguments: object, **named: object
    ) -> None:
        async with self.database.transaction() as tx:
            await act(tx, *arguments, **named)

    @invariant()
    def no_kept_figure_is_wrong(self) -> None:
        assert self.runner.run(wrong(self.database)) == []


async def _touched(tx: Transaction, number: int, touchpoint: str) -> None:
    mine = invitation_rows.c.id == number
    await tx.run(update(invitation_rows).where(mine).values(touchpoint=touchpoint))


async def _joined(tx: Transaction, person_id: int, firm: str | None) -> None:
    number = None
    if firm is not None:
        await tx.run(tx.insert(accounts).values(name=firm).on_conflict_do_nothing())
        number = await tx.scalar(select(accounts.c.id).where(accounts.c.name == firm))
    await tx.run(update(people).where(people.c.id == person_id).values(account_id=number))


@pytest.mark.hypothesis
def test_whatever_happens_to_answers_no_kept_figure_differs_from_them() -> None:
    run_state_machine_as_test(
        Company,
        settings=settings(
            max_examples=per_hundred(10),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


async def test_a_digest_is_the_same_from_kept_figures(world: World) -> None:
    made = await some_answers(world)
    for person in world.customers[:2]:
        async with world.database.transaction() as tx:
            await _joined(tx, person, "Ромашка")
    counted = await digest(world.database)
    await keep_all(world.database)
    assert set(await found(world.database)) == set(FIGURES)
    assert await digest(world.database) == counted
    async with world.database.transaction() as tx:
        number = made[world.customers[0]]
        await answers.keep(tx, number, "speed", "1", 1, PERIOD.start + 4 * DAY)
    assert await digest(world.database) != counted


async def test_only_the_spans_of_achanged_answer_are_forgotten(world: World) -> None:
    made = await some_answers(world)
    await keep_all(world.database)
    async with world.database.transaction() as tx:
        number = made[world.customers[0]]
        await answers.keep(tx, number, "speed", "2", 2, NOW)
    left = await found(world.database)
    assert left
    moved_from = PERIOD.start + 3 * DAY
    assert not [one for one in left if one.moments[0] <= moved_from < one.moments[-1]]
    assert len(left) == len(
        [one for one in FIGURES if not one.moments[0] <= moved_from < one.moments[-1]]
    )


async def test_a_company_that_joins_two_people_forgets_the_firms_alone(world: World) -> None:
    await some_answers(world)
    await keep_all(world.database)
    async with world.database.transaction() as tx:
        await tx.run(update(people).values(account_id=None))  # as every list says it again
    assert len(await found(world.database)) == len(FIGURES)
    async with world.database.transaction() as tx:
        await _joined(tx, world.customers[0], "Ромашка")
    names = {one.name for one in await found(world.database)}
    assert names == {one.name for one in FIGURES} - {
        spans.FIRMS, spans.FIRMS_BY_MONTH, spans.MIRRORS, spans.ALIKE
    }  # fmt: skip


async def test_the_past_is_counted_one_figure_a_step_where_there_is_much_of_it(
    tmp_path: Path,
) -> None:
    async with open_database(database_in(tmp_path)) as database:
        await some_answers(await World.build(database))
        assert not await counting.keep_next(database, NOW)
        assert await found(database) == []
        wanted = spans.of_complete_periods(NOW, ZONE)
        steps = 1
        while await counting.keep_next(database, NOW, least=1):
            steps += 1
        assert steps == len(wanted)
        assert set(await found(database)) == set(wanted)
        assert await wrong(database) == []
        assert not await counting.keep_next(database, NOW, least=1)
        async with database.reading() as reader:
            assert await reader.scalar(select(func.count()).select_from(kept_figures)) == steps


FORGETTING = {
    "forget_answer_insert",
    "forget_answer_update",
    "forget_answer_delete",
    "forget_invitation_insert",
    "forget_invitation_update",
    "forget_invitation_delete",
    "forget_snapshot",
    "forget_firms",
    "forget_questions",
    "forget_question_measures",
}


async def test_every_trigger_that_forgets_is_there(world: World) -> None:
    """A later migration that rebuilds a table on SQLite would take its triggers along."""
    async with world.database.reading() as reader:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if reader.dialect == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        assert set(await reader.scalars(text(names))) == FORGETTING
