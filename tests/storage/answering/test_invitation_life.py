"""The life of an invitation under any order of events, against a model of what must hold."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storage.answering import answers, deadlines, invitation_batches, invitations
from storage.answering.invitations import Invitation
from storage.asking import campaigns
from storage.database import Database, open_database
from storage.people.addresses import of_telegram
from storage.sending import outbox, tally
from storage.sending.outbox import NewMessage
from tests.engines import database_in
from tests.examples import per_hundred
from tests.storage.world import DAY, NOW, World, close_due

LIFE = 14 * DAY
FINAL = {"expired", "cancelled"}


class Life(RuleBasedStateMachine):
    """One person, one wave; every rule is something that can happen at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.now = NOW
        self.message = 0
        self.seen: list[str] = []
        self.reminders = 0
        self.finished_at: datetime | None = None

    @initialize()
    def begin(self) -> None:
        self.loop.run_until_complete(self._begin())

    async def _begin(self) -> None:
        url = database_in(Path(self.folder.name))
        self.database: Database = await self.stack.enter_async_context(open_database(url))
        world = await World.build(self.database)
        async with self.database.transaction() as tx:
            made = await world.invite(tx, world.customers[0])
            self.id = made.id
            wave = await campaigns.get_wave(tx, made.wave_id)
            self.campaign = wave.campaign_id
            params = {"text": "?"}
            draft = NewMessage(
                "i", of_telegram(7), "customer", 50, NOW, "show", params, invitation_id=made.id
            )
            await outbox.put(tx, draft, NOW)

    def run(self, change: Callable[..., Awaitable[None]], *arguments: object) -> None:
        """Do one of the changes of an invitation in a transaction of its own."""

        async def body() -> None:
            async with self.database.transaction() as tx:
                await change(tx, self.id, *arguments)

        self.loop.run_until_complete(body())

    def look(self) -> Invitation:
        async def body() -> Invitation:
            async with self.database.reading() as reader:
                return await invitations.get(reader, self.id)

        return self.loop.run_until_complete(body())

    @rule(days=st.integers(0, 5), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def is_delivered(self) -> None:
        self.message += 1
        self.run(invitations.sent, self.message, self.now)

    @rule()
    def cannot_be_delivered(self) -> None:
        self.run(invitations.failed, self.now)

    @rule()
    def fate_is_unknown(self) -> None:
        self.run(invitations.unknown)

    @rule(score=st.integers(0, 10))
    def is_answered(self, score: int) -> None:
        if self._takes_answers():
            self.run(invitations.show, "recommend", self.now)
            self.run(answers.keep, "recommend", str(score), float(score), self.now)

    @rule()
    def is_finished(self) -> None:
        if self._takes_answers() and self.look().started_at is not None:
            self.run(invitations.finish, self.now)
            self.finished_at = self.finished_at or self.now

    @rule()
    def the_jobs_run(self) -> None:
        async def body() -> None:
            async with self.database.transaction() as tx:
                await close_due(tx, self.now)
                for one in await deadlines.reminders(tx, self.now):
                    assert one.finished_at is None, "only those who have not finished"
                    assert one.closed_at is None, "a closed survey reminds nobody"
                    await invitation_batches.reminded(tx, [one.id], self.now)
                    self.reminders += 1

        self.loop.run_until_complete(body())

    @rule(what=st.sampled_from(["pause", "resume"]))
    def the_campaign_is_stopped_or_goes_on(self, what: str) -> None:
        async def body() -> None:
            async with self.database.transaction() as tx:
                if (await campaigns.get(tx, self.campaign)).state != "cancelled":
                    await getattr(campaigns, what)(tx, self.campaign)

        self.loop.run_until_complete(body())

    @rule()
    def the_campaign_is_cancelled(self) -> None:
        async def body() -> None:
            async with self.database.transaction() as tx:
                await campaigns.cancel(tx, self.campaign, self.now)
                queued = (await tally.by_state(tx)).get("queued", 0)
                assert queued == 0, "a cancelled campaign sends nothing more"

        self.loop.run_until_complete(body())

    def _takes_answers(self) -> bool:
        present = self.look()
        return present.closed_at is None and present.closes_at > self.now

    @invariant()
    def history_is_kept(self) -> None:
        if not hasattr(self, "id"):
            return
        present = self.look()
        if not self.seen or self.seen[-1] != present.state:
            self.seen.append(present.state)
        ended = [state for state in self.seen if state in FINAL]
        assert not ended or self.seen[-1] == ended[0], f"{self.seen}: an end is an end"
        assert "queued" not in self.seen[1:], "nothing goes back to the queue"
        assert self.reminders <= 1, "one reminder"
        assert present.finished_at == self.finished_at, "the first end counts"
        if present.finished_at is not None:
            assert present.state == "finished"
        stages = [present.started_at, present.finished_at]
        assert all(moment is None or moment >= NOW for moment in stages)
        if present.finished_at is not None:
            assert present.started_at is not None
        assert (present.closed_at is None) or present.current_question is None

    def teardown(self) -> None:
        self.loop.run_until_complete(self.stack.aclose())
        self.loop.close()
        self.folder.cleanup()


Life.TestCase.settings = settings(
    max_examples=per_hundred(12),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_the_life_of_an_invitation = Life.TestCase
