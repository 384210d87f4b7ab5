"""A page of figures is made once for all who ask for it, and never outlives what it tells."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.operations.reports.live import LiveAsked, read_asked
from bot.settings import Settings
from bot.web.live import rendering
from bot.web.live.rendering import FiguresUnmade, Renderer, TooBusy
from storage.database import Database, open_database
from storage.people import erasing, people, workspace
from storage.people.workspace import Workspace
from surveys.reports.scope import Scope
from tests.bot.world import START
from tests.engines import database_in

GOLD = LiveAsked("/digest", "2026-09", Scope(segment="gold", attribute=("a=b", "c")))


@dataclass
class Children:
    """Stands in for the processes: what each was given; they end when they may."""

    given: list[bytes | None] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False

    async def printed(self, *_: object, given: bytes | None = None, **__: object) -> bytes | None:
        self.given.append(given)
        await self.may_end.wait()
        return None if self.fails else f"page {len(self.given)}".encode()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(database_in(tmp_path)) as opened:
        async with opened.transaction() as tx:
            await people.add(tx, START, name="Анна", is_customer=True)
            await workspace.save(tx, Workspace(company="Ромашка"))
        yield opened


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    made = Children()
    made.may_end.set()
    monkeypatch.setattr(rendering, "printed", made.printed)
    return made


@pytest.fixture
async def renderer(database: Database, tmp_path: Path) -> AsyncIterator[Renderer]:
    settings = Settings(_env_file=None, database_url=database_in(tmp_path))
    async with rendering.rendering(settings, database, lambda: START, lambda: NOW[0]) as made:
        NOW[0] = 0.0
        yield made


NOW = [0.0]


async def test_a_page_is_made_once_for_a_filter_a_language_and_a_version(
    renderer: Renderer, children: Children, database: Database
) -> None:
    assert await renderer.digest(GOLD, "ru") == "page 1"
    assert await renderer.digest(GOLD, "ru") == "page 1"
    assert await renderer.digest(GOLD, "en") == "page 2"
    assert await renderer.digest(LiveAsked("/digest"), "ru") == "page 3"
    assert [read_asked((one or b"").decode()) for one in children.given] == [
        GOLD, GOLD, LiveAsked("/digest"),
    ]  # fmt: skip
    async with database.transaction() as tx:
        space = await workspace.get(tx)
        await workspace.save(tx, space)
    assert await renderer.digest(GOLD, "ru") == "page 1", "nothing has changed"
    async with database.transaction() as tx:
        assert await erasing.erase(tx, 1, START) is not None
    assert await renderer.digest(GOLD, "ru") == "page 4", "somebody was erased"
    assert [page for _, page in renderer._kept.values()] == ["page 4"], "the rest is gone"
    NOW[0] = 61.0
    assert await renderer.digest(GOLD, "ru") == "page 5", "a minute is over"


async def test_who_asks_for_the_same_waits_for_one_process_and_too_many_are_sent_away(
    renderer: Renderer, children: Children
) -> None:
    children.may_end.clear()
    waiting = [asyncio.create_task(renderer.digest(GOLD, "ru")) for _ in range(20)]
    others = [LiveAsked("/digest", f"20{year}") for year in range(10, 17)]
    waiting += [asyncio.create_task(renderer.digest(one, "ru")) for one in others]
    while len(renderer._making) < 8:
        await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await renderer.digest(LiveAsked("/digest", "2030"), "ru")
    assert len(children.given) == 1, "one at a time"
    waiting[0].cancel()
    children.may_end.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:20] == ["page 1"] * 19, "who leaves takes nothing from the others"
    assert len(set(found[20:])) == 7


async def test_what_failed_is_tried_anew(renderer: Renderer, children: Children) -> None:
    children.fails = True
    with pytest.raises(FiguresUnmade):
        await renderer.digest(GOLD, "ru")
    children.fails = False
    assert await renderer.digest(GOLD, "ru") == "page 2"


async def test_a_page_begun_before_an_erasure_is_kept_for_nobody(
    renderer: Renderer, children: Children, database: Database
) -> None:
    children.may_end.clear()
    early = asyncio.create_task(renderer.digest(GOLD, "ru"))
    while not children.given:
        await asyncio.sleep(0)
    async with database.transaction() as tx:
        assert await erasing.erase(tx, 1, START) is not None
    later = asyncio.create_task(renderer.digest(GOLD, "ru"))
    while len(renderer._making) < 2:
        await asyncio.sleep(0)
    children.may_end.set()
    assert [await early, await later] == ["page 1", "page 2"]
    assert [page for _, page in renderer._kept.values()] == ["page 2"]
