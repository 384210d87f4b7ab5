"""What falls due by itself: one-step functions in a loop.

Each step does all that is due now and says when it wants to be called again at the latest.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bot.clock import Clock
from bot.jobs import campaigns, closings, counting, errands, imports, reminders
from bot.jobs.making import Menus, Work
from bot.jobs.upkeep import clock_jumps, pruning, renewal, watching
from bot.settings import Settings
from storage.answering import deadlines
from storage.asking import triggers
from storage.database import Database
from storage.engine.earliest import earliest
from storage.errors import StorageError
from storage.people.lists import imports as import_rows
from storage.sending import errands as errand_rows
from storage.sending import schedules

log = structlog.get_logger()

_AT_MOST_EVERY = timedelta(seconds=1)
_AFTER_FAILURE = timedelta(seconds=10)
_AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""Before any look at the clock: the present moment would be later than the last look."""
_DUES = (*deadlines.DUES, *schedules.DUES, *triggers.DUES, *import_rows.DUES)


class Jobs:
    """Runs the due steps; `filled` is set whenever one has put something into the outbox.

    A part that returns True has left something for the next step: it would have taken too long.
    What may take hours, as a copy of the database, is made beside the steps, one at a time.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        filled: asyncio.Event,
        download: imports.Download,
        menus: Menus,
    ) -> None:
        self._menus = menus
        self._lists = imports.ListSurroundings(settings, database, download, filled.set)
        self._settings = settings
        self._database = database
        self._clock = clock
        self._filled = filled
        self._more = False
        self._prune_at = self._count_at = self._watch_at = clock.now()
        self._latest: datetime | None = None
        self._late: watching.Waiting | None = None
        self._changed = asyncio.Event()
        self._beside: asyncio.Task[None] | None = None

    async def run(self, changed: asyncio.Event) -> None:
        """Work until cancelled."""
        self._changed = changed
        try:
            await self._run(changed)
        finally:
            if self._beside is not None:
                self._beside.cancel()
                await asyncio.wait({self._beside})

    async def _run(self, changed: asyncio.Event) -> None:
        while True:
            try:
                due = await self._do_what_is_due()
            except StorageError as error:
                log.error("job_failed", error=type(error).__name__)
                due = self._clock.now() + _AFTER_FAILURE
            await self._clock.wait(changed, due)

    async def _do_what_is_due(self) -> datetime:
        """Take a step where something is due; return when to look again."""
        looked_at = self._clock.now()
        await self._look_at_the_clock(looked_at)
        due = await self._next_due()
        if due > looked_at:
            return due
        if not await self.step():
            return self._clock.now() + _AFTER_FAILURE
        if self._more:
            return looked_at
        due = await self._next_due()
        return due if due > looked_at else self._clock.now() + _AT_MOST_EVERY

    async def _look_at_the_clock(self, now: datetime) -> None:
        """Look, at the start and after the clock went back, for what was put off too far."""
        seen = self._latest is not None
        if self._latest is None or now < self._latest - clock_jumps.NOTICED:
            await clock_jumps.mend(self._database, now, seen=seen)
            self._prune_at = min(self._prune_at, now + pruning.EVERY)
            self._count_at = min(self._count_at, now + counting.EVERY)
            self._watch_at = min(self._watch_at, now + watching.EVERY)
            self._filled.set()
            self._latest = now
        self._latest = max(self._latest, now)

    async def _next_due(self) -> datetime:
        busy_with = frozenset(errands.BESIDE if self._is_busy else ())
        async with self._database.reading() as reader:
            first = await earliest(reader, (*_DUES, *errand_rows.dues(busy_with)))
        if self._database.keys.spent:
            return _AT_ONCE
        own = min(self._prune_at, self._watch_at)
        return own if first is None else min(first, own)

    async def step(self) -> bool:
        """Do everything that is due; False where a part failed, which does not stop the others."""
        now = self._clock.now()
        parts = (
            partial(closings.close_due, self._database, now),
            partial(reminders.remind_due, self._database, now),
            partial(campaigns.run_due, self._database, now),
            partial(self._make_errands, now),
            partial(imports.work_off, self._lists, now),
            partial(renewal.renew_due, self._database),
            partial(self._prune, now),
            partial(self._count, now),
            partial(self._watch, now),
        )
        self._more = False
        done = [await self._tried(part) for part in parts]
        self._filled.set()
        return all(done)

    async def _make_errands(self, now: datetime) -> None:
        settings, database, menus = self._settings, self._database, self._menus
        await errands.make_due(settings, database, menus, now, self._make_beside)

    @property
    def _is_busy(self) -> bool:
        return self._beside is not None and not self._beside.done()

    def _make_beside(self, work: Work) -> None:
        """Begin an errand that no step waits for; while another is made, it stays due."""
        if not self._is_busy:
            self._beside = asyncio.create_task(errands.make(work))
            self._beside.add_done_callback(self._made_beside)

    def _made_beside(self, made: asyncio.Task[None]) -> None:
        if made.cancelled():
            return
        error = made.exception()
        if error is not None:
            log.error("job_failed", error=type(error).__name__)
            return
        self._filled.set()
        self._changed.set()

    async def _prune(self, now: datetime) -> None:
        """Once a day, and not again before the next where it fails."""
        if now >= self._prune_at:
            self._prune_at = now + pruning.EVERY
            await pruning.prune(self._settings, self._database, now)

    async def _watch(self, now: datetime) -> None:
        if now >= self._watch_at:
            self._watch_at = now + watching.EVERY
            at = asyncio.get_running_loop().time()
            self._late = await watching.watch(self._settings, self._database, now, self._late, at)

    async def _count(self, now: datetime) -> bool:
        """Keep figures ahead: once an hour at most and one per step, so other work comes first."""
        if now < self._count_at:
            return False
        more = await counting.keep_next(self._database, now)
        if not more:
            self._count_at = now + counting.EVERY
        return more

    async def _tried(self, part: Callable[[], Awaitable[object]]) -> bool:
        try:
            self._more |= await part() is True
        except Exception as error:  # noqa: BLE001 (whatever one part raises, the others go on)
            log.error("job_failed", error=type(error).__name__)
            return False
        return True
