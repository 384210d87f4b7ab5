"""Open links and anonymous surveys on a page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from yarl import URL

from storage.people import links
from tests import engines
from tests.bot.chat.test_anonymous import SURVEY
from tests.bot.web.browser import Browser, all_at_once, browser, with_pages
from tests.bot.web.test_answering import NUMBERS
from tests.bot.world import MANAGER, START, World, small_world
from tests.engines import on_both


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[World]:
    """A small world with an anonymous survey, whose bot serves pages."""
    async with small_world(tmp_path, [SURVEY]) as small:
        yield with_pages(small)


def rows(world: World, sql: str) -> list[tuple[object, ...]]:
    """Return what a query finds."""
    return engines.rows(world.settings.database_url, sql)


def cookie(device: Browser, path: str) -> str:
    """Return what a device keeps for a page."""
    kept = device.session.cookie_jar.filter_cookies(URL(f"{device.url}{path}"))
    return kept["otklik"].value if "otklik" in kept else ""


@on_both
async def test_an_open_link_makes_one_customer_of_a_double_tap(pages: World) -> None:
    async with pages.writing() as database, database.transaction() as tx:
        token = await links.issue_open(tx, "касса", START, None, most_uses=1)
    async with pages.bot(), browser(pages) as guest, browser(pages) as late:
        await pages.launch("nps")
        before = rows(pages, "SELECT count(*) FROM people")
        await guest.open(f"/a/{token}")
        page = await guest.open(f"/a/{token}")
        assert page.buttons[:2] == ["Согласен", "Нет, спасибо"]
        await late.open(f"/a/{token}")
        assert rows(pages, "SELECT count(*) FROM people") == before
        done = await all_at_once(*(guest.press("Согласен", page=page) for _ in range(4)))
        assert all(one.buttons[:11] == NUMBERS for one in done)
        await guest.press("10")
        page = await late.press("Согласен")
        assert (page.status, "все, кто мог" in page.heading) == (410, True)
        page = await late.open(f"/a/{token}?l=en")
        assert "I agree" in page.buttons
    assert rows(pages, "SELECT touchpoint, channel FROM invitations WHERE finished_at IS NULL"
                " AND started_at IS NOT NULL") == [("open", "web")]  # fmt: skip
    assert rows(pages, "SELECT uses FROM links WHERE kind = 'open'") == [(1,)]


async def test_an_anonymous_survey_leaves_no_cookie_behind(pages: World) -> None:
    path = f"/a/{pages.tokens['M1']}"
    async with pages.bot(), browser(pages) as maria, browser(pages) as other:
        await pages.launch("mood")
        await maria.open(path)
        await maria.press("Согласен")
        assert not cookie(maria, path)
        await maria.press("4")
        assert len(cookie(maria, path).partition(".")[0]) == 16
        page = await maria.press("Отправить", words="Тайна")
        page = await maria.press("‹ Назад")
        assert "Ваш ответ: Тайна" in page.text
        await other.open(path)
        assert "Тайна" not in other.page.html
        assert not cookie(other, path)
        await maria.press("Пропустить")
        page = await maria.press("Да")
        assert "Спасибо!" in page.heading
        assert not cookie(maria, path)
        assert "Спасибо!" in (await maria.open(path)).heading
    assert rows(pages, "SELECT count(*) FROM answers") == [(0,)]
    assert rows(pages, "SELECT count(*) FROM anonymous_open") == [(0,)]
    assert rows(pages, "SELECT DISTINCT channel FROM invitations") == [("telegram",)]


async def test_an_anonymous_survey_goes_on_after_a_restart_where_it_was_begun(pages: World) -> None:
    path = f"/a/{pages.tokens['M1']}"
    async with browser(pages) as maria, browser(pages) as other:
        async with pages.bot():
            await pages.arrive("M1")
            await pages.launch("mood")
            await maria.open(path)
            await maria.press("4")
        async with pages.bot():
            page = await other.open(path)
            assert "в другом месте" in page.heading
            page = await maria.open(path)
            await maria.press("Отправить", words="Меньше отчётов")
            await maria.press("Да")
            await pages.start(MANAGER)
    assert rows(pages, "SELECT state FROM invitations WHERE definition_id = "
                "(SELECT id FROM definitions WHERE key = 'mood')") == [("finished",)]  # fmt: skip
