"""Digests in the chat: on request, on schedule, each slot once across restarts."""

import json
from typing import Any

import pytest

from bot.errors import Refused
from bot.operations.reports import digest
from storage.sending import digests
from tests.bot.world import ADMIN, ANNA, World


async def _become_admin(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])


def _pages(world: World) -> list[str]:
    return [
        message.document["file_name"]
        for message in world.sandbox.messages(ADMIN)
        if message.document is not None
    ]


def _said(world: World) -> str:
    """Return the words below the newest picture."""
    captions = [one.body["caption"] for one in world.sandbox.messages(ADMIN) if "photo" in one.body]
    return str(captions[-1]) if captions else ""


async def _answer(world: World) -> None:
    await world.arrive("C1")
    await world.launch("nps")
    await world.tap(ANNA, "9")
    await world.say(ANNA, "<script>alert(1)</script> & спасибо")


async def test_a_digest_asked_for_comes_as_a_page_that_holds_the_answers(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.tap(ADMIN, "Дайджест сейчас")
        await world.tap(ADMIN, "сентябрь 2026")
        assert _pages(world) == ["otklik-2026-09.html"]
        picture, document = world.sandbox.messages(ADMIN)[-2], world.screen(ADMIN).document
        assert document is not None
        assert len(picture.text.splitlines()) <= 6
        assert world.sandbox.file(picture.body["photo"][-1]["file_id"]).startswith(b"\x89PNG")
        page = world.sandbox.file(document["file_id"]).decode()
        assert "<script>" not in page
        assert "Ромашка &lt;и Ко&gt;" in page
        [numbers] = (world.settings.data_directory / "digests").glob("*/digest.json")
        assert json.loads(numbers.read_text())["nps"]["n"] == 1


async def test_a_sent_digest_keeps_its_document_without_customers_words(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.tap(ADMIN, "Дайджест сейчас")
        await world.tap(ADMIN, "сентябрь 2026")
        async with world.database() as database, database.reading() as reader:
            kept = await digests.kept(reader, "2026-09")
            assert await digests.kept(reader, "2026-08") is None
        assert kept is not None
        assert json.loads(kept)["nps"]["n"] == 1
        assert "спасибо" not in kept
        url = world.settings.database_url
        assert json.loads((await digest.sent(url, "2026-09", None)).json()) == json.loads(kept)
        assert "NPS" in (await digest.sent(url, "2026-09", "en")).text()
        with pytest.raises(Refused):
            await digest.sent(url, "2026-08", None)


async def test_a_scheduled_digest_comes_once_a_slot_across_restarts(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.tap(ADMIN, "Дайджест по расписанию")
        weekly = next(
            button
            for button in world.screen(ADMIN).buttons
            if button.data is not None and button.data.startswith("1:m:subscribe:weekly:9")
        )
        await world.forge(ADMIN, weekly.data or "")
        await world.pass_time(days=6)
        assert _pages(world) == ["otklik-2026-W38.html"]
    async with world.bot():
        await world.settle()
        assert len(_pages(world)) == 1


async def test_an_empty_week_is_said_to_be_empty(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await world.forge(ADMIN, "1:m:subscribe:weekly:9", world.screen(ADMIN).message_id)
        await world.pass_time(days=6)
        assert _pages(world) == []
        assert "ничего не пришло" in world.screen(ADMIN).text


async def test_where_the_last_month_has_no_answers_the_latest_that_has_is_offered(
    world: World,
) -> None:
    async with world.bot():
        await _become_admin(world)
        assert "Ответов пока нет" in (await world.say(ADMIN, "/digest")).text
        await _answer(world)
        offered = await world.say(ADMIN, "/digest")
        assert "август 2026» ответов нет" in offered.text
        assert "Ещё не закончились: сентябрь 2026" in offered.text
        assert world.labels(ADMIN)[0] == "сентябрь 2026"
        asked = await world.tap(ADMIN, "сентябрь 2026")
        await world.settle()
        assert "ещё не закончился" in asked.text + _said(world)
        assert _pages(world) == ["otklik-2026-09.html"]
        assert "Период ещё не закончился" in _said(world)
        await world.pass_time(days=20)
        await world.say(ADMIN, "/digest")
        await world.settle()
        assert len(_pages(world)) == 2, "the last month is over and has an answer"
        assert "не закончился" not in _said(world)


def _numbers(world: World) -> dict[str, Any]:
    """Return the newest digest.json."""
    found = (world.settings.data_directory / "digests").glob("*/digest.json")
    latest = max(found, key=lambda path: int(path.parent.name))
    read: dict[str, Any] = json.loads(latest.read_text())
    return read


async def test_the_command_listens_to_the_periods_behind_it(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.say(ADMIN, "/digest now")
        assert _numbers(world)["period"]["key"] == "2026-09"
        assert _pages(world) == ["otklik-2026-09.html"]
        world.sandbox.say(ADMIN, "/digest 2026-q3 2025-К3")
        await world.settle()
        both = _numbers(world)
        assert (both["period"]["key"], both["previous"]["key"]) == ("2026-Q3", "2025-Q3")
        asked = [one.text for one in world.sandbox.messages(ADMIN) if "Сравнение" in one.text]
        assert len(asked) == 1


async def test_a_wrong_word_behind_the_command_is_answered_with_examples(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        for typed, why in (
            ("<b>скоро</b>", "«<b>скоро</b>»"),
            ("2027", "ещё не начался"),
            ("2026-Q2 2026-Q3", "нельзя сравнить"),
        ):
            said = await world.say(ADMIN, f"/digest {typed}")
            assert why in said.text
            assert "/digest 2026-Q3 2025-Q3" in said.text
            assert "август 2026" in world.labels(ADMIN)
        assert not (world.settings.data_directory / "digests").exists()


async def test_a_customer_cannot_ask_for_a_digest(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.say(ANNA, "/digest")
        await world.forge(ANNA, "1:m:period:2026-09")
        assert not (world.settings.data_directory / "digests").exists()
