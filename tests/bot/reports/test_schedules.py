"""Digests and cards on schedule: shared, skipped, stopped in one tap, made up once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.jobs.making import Work
from bot.jobs.own_process import in_own_process
from bot.sandbox.chats import ChatMessage
from storage.people import people
from storage.people.addresses import of_telegram
from tests.bot.reports.test_digests import _answer, _become_admin, _pages
from tests.bot.world import ADMIN, BORIS, MANAGER, STRANGER, World


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return the commands by which digests were computed."""
    commands: list[tuple[str, ...]] = []

    async def noted(work: Work, *command: str) -> str | None:
        commands.append(command)
        return await in_own_process(work, *command)

    monkeypatch.setattr("bot.jobs.documents.in_own_process", noted)
    return commands


def _newest_page(world: World, chat: int = ADMIN) -> ChatMessage:
    return [one for one in world.sandbox.messages(chat) if one.document is not None][-1]


def _texts(world: World, chat: int = ADMIN) -> Sequence[str]:
    return [one.text for one in world.sandbox.messages(chat) if one.from_bot]


async def _second_admin(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        await people.add_admin(tx, of_telegram(STRANGER), "Вторая", "ru", world.sandbox.clock.now())


async def test_two_who_get_the_same_share_one_document_and_one_leaves_it(
    world: World, computed: list[tuple[str, ...]]
) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.start(STRANGER)
    await _second_admin(world)
    async with world.bot():
        for admin in (ADMIN, STRANGER):
            await world.say(admin, "/menu")
            await world.forge(admin, "1:m:subscribe:weekly:9", world.screen(admin).message_id)
        await world.pass_time(days=6)
        assert len(computed) == 1
        assert _pages(world) == ["otklik-2026-W38.html"]
        page = _newest_page(world)
        files = [_newest_page(world, admin).document for admin in (ADMIN, STRANGER)]
        one, other = (world.sandbox.file(file["file_id"]) for file in files if file is not None)
        assert one == other
        assert [button.label for button in page.buttons] == ["Больше не присылать"]
        await world.forge(ADMIN, page.buttons[0].data or "", page.message_id)
        assert "больше не приходит" in world.screen(ADMIN).text
        await world.arrive("C2")
        await world.launch("nps")
        await world.tap(BORIS, "9")
        await world.pass_time(days=7)
        assert len(_pages(world)) == 1
        assert _newest_page(world, STRANGER).document != files[1], "the other gets it still"
        await world.tap(ADMIN, "Присылать снова")
        assert "Язык" in world.screen(ADMIN).text
        assert "14.09" not in world.screen(ADMIN).text


async def test_after_days_of_downtime_one_digest_of_the_latest_slot_comes(
    world: World, computed: list[tuple[str, ...]]
) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.forge(ADMIN, "1:m:subscribe:weekly:9")
    await world.sandbox.clock.advance(timedelta(days=27))
    async with world.bot():
        await world.settle()
        assert len(computed) == 1
        assert computed[0][2] == "2026-W41"
        assert sum("41" in text and "ничего не пришло" in text for text in _texts(world)) == 1


async def test_what_was_told_already_is_one_line_with_a_button(world: World) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.tap(ADMIN, "Дайджест по расписанию")
        await world.tap(ADMIN, "По своему правилу")
        assert "каждую пятницу" in (await world.say(ADMIN, "каждую пятницу")).text
        shown = await world.say(ADMIN, "FREQ=DAILY;INTERVAL=1 10")
        assert "неделю" in shown.text
        await world.pass_time(days=6)
        assert len(_pages(world)) == 1
        await world.pass_time(days=2)
        assert len(_pages(world)) == 1
        assert "ничего нового" in world.screen(ADMIN).text
        assert world.labels(ADMIN) == ["Больше не присылать"]


async def test_a_part_in_another_language_and_zone_is_what_was_chosen(
    world: World, computed: list[tuple[str, ...]]
) -> None:
    async with world.bot():
        await _become_admin(world)
        await _answer(world)
        await world.forge(ADMIN, "1:m:subscribe:weekly:9", world.screen(ADMIN).message_id)
        await world.forge(ADMIN, "1:m:sched:1", world.screen(ADMIN).message_id)
        await world.tap(ADMIN, "English")
        await world.tap(ADMIN, "О ком")
        await world.tap(ADMIN, "сегмент «опт»")
        await world.tap(ADMIN, "Часовой пояс")
        assert "Europe/Moscow" in (await world.say(ADMIN, "Марс")).text
        shown = await world.say(ADMIN, "Asia/Kamchatka")
        assert "Asia/Kamchatka" in shown.text
        assert "опт" in shown.text
        await world.tap(ADMIN, "Другой час")
        await world.say(ADMIN, "25")
        assert "10:00" in (await world.say(ADMIN, "10")).text
        await world.pass_time(days=6)
        [command] = computed
        assert "--segment=опт" in command
        assert command[command.index("--zone") + 1] == "Asia/Kamchatka"
        picture = [one for one in world.sandbox.messages(ADMIN) if "photo" in one.body][-1]
        assert "segment “опт”" in picture.text


@pytest.mark.parametrize(
    ("typed", "named"), [("month-end 9", "каждый месяц, в последний день"), ("yearly", "раз в год")]
)
async def test_a_rule_that_is_a_word_is_named_in_the_readers_language(
    world: World, typed: str, named: str
) -> None:
    async with world.bot():
        await _become_admin(world)
        await world.forge(ADMIN, "1:m:sched_type:new:rule")
        shown = await world.say(ADMIN, typed)
        assert shown.text.splitlines()[0] == f"Дайджест: {named}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("month-end 9", ["Следующий: 30 сентября 2026, 09:00 — за период «август 2026»."]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1 9",
            ["Следующий: 1 октября 2026, 09:00 — за период «сентябрь 2026»."],
        ),
        ("FREQ=DAILY 9", ["Следующий: 16 сентября 2026, 09:00 — за период «37‑я неделя 2026»."]),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU 18",
            [
                "Следующий: 15 сентября 2026, 18:00 — за период «37‑я неделя 2026».",
                "После него — за период «39‑я неделя 2026»; что между ними, не войдёт ни в один.",
            ],
        ),
    ],
)
async def test_a_schedule_names_the_period_of_the_next_digest_and_what_it_leaves_out(
    world: World, typed: str, said: list[str]
) -> None:
    async with world.bot():
        await _become_admin(world)
        await world.tap(ADMIN, "Дайджест по расписанию")
        assert "выберите час ниже. Каждый — за последний полный месяц." in world.screen(ADMIN).text
        await world.tap(ADMIN, "По своему правилу")
        assert "30 сентября" in world.screen(ADMIN).text
        shown = (await world.say(ADMIN, typed)).text.splitlines()
    assert shown[-len(said) :] == said
    assert [line for line in shown if line.startswith(("Следующий", "После него"))] == said


async def test_a_managers_card_comes_monthly_and_is_stopped_by_one_tap(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await _answer(world)
        await world.say(MANAGER, "/menu")
        await world.tap(MANAGER, "Моя карточка")
        shown = await world.tap(MANAGER, "9:00")
        assert "сама" in shown.text
        await world.pass_time(days=16)
        card = world.screen(MANAGER)
        assert "Моя карточка" in card.text
        assert "сентябрь 2026" in card.text
        await world.tap(MANAGER, "Больше не присылать")
        await world.tap(MANAGER, "Присылать снова")
        await world.pass_time(days=31)
        assert "никто не ответил" in world.screen(MANAGER).text
        await world.tap(MANAGER, "Больше не присылать")
        before = len(world.sandbox.messages(MANAGER))
        await world.pass_time(days=31)
        assert len(world.sandbox.messages(MANAGER)) == before
