"""The admin's conversation about campaigns and surveys, as it is tapped."""

import re

import pytest

from bot.errors import Refused
from storage.asking import boards, definitions
from storage.people import people
from tests.bot.world import ADMIN, ANNA, BORIS, World


async def claim(world: World) -> None:
    found = re.search(r"start=([\w-]+)", world.announced[-1])
    assert found is not None
    await world.start(ADMIN, found[1])


async def choose(world: World, part: str) -> str:
    """Tap the button that has these words; return what the bot shows then."""
    label = next(label for label in world.labels(ADMIN) if part in label)
    return (await world.tap(ADMIN, label)).text


async def begin_nps(world: World) -> None:
    await world.say(ADMIN, "/menu")
    await choose(world, "Новая кампания")
    await choose(world, "Готовность рекомендовать")


async def test_the_wizard_can_be_left_and_resumed(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await claim(world)
        await begin_nps(world)
        await choose(world, "опт")
        await choose(world, "Выборка")
        await choose(world, "50")
        await world.say(ADMIN, "/menu")
    async with world.bot():
        await choose(world, "Новая кампания")
        text = await choose(world, "Продолжить")
        assert "Сегмент: опт" in text
        assert "50" in text
        assert "1 человек получит приглашение" in text
        await choose(world, "Запустить")
        assert world.labels(ANNA)[:2] == ["0", "1"]
        await world.say(ADMIN, "/menu")
        await choose(world, "Новая кампания")
        assert "Продолжить" not in world.labels(ADMIN)


async def test_the_board_pauses_resumes_and_tells_what_was_sent(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await claim(world)
        await world.pass_time(hours=11)
        await begin_nps(world)
        await choose(world, "Все клиенты")
        board = await choose(world, "Запустить")
        assert "отправлено: 0" in board
        assert "ждут: 2" in board
        assert "задержано паузой: 2" in await choose(world, "Пауза")
        seen = len(world.sandbox.messages(ANNA))
        await world.pass_time(days=1, hours=2)
        assert len(world.sandbox.messages(ANNA)) == seen
        await choose(world, "Продолжить")
        await world.pass_time(hours=11)
        assert len(world.sandbox.messages(ANNA)) == seen + 1
        await world.pass_time(seconds=5)
        text = world.screen(ADMIN).text
        assert "отправлено: 2" in text
        assert "100" in text
        await choose(world, "Завершить")
        assert "завершена" in await choose(world, "Да")


async def test_resuming_by_night_waits_for_the_morning(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        launched = await world.operate(
            "start_campaign", text="survey: nps\nwindow: {from: 14, until: 16}\n"
        )
        await world.settle()
        await world.operate("pause_campaign", campaign=launched["campaign"])
        await world.pass_time(hours=12)
        seen = len(world.sandbox.messages(ANNA))
        status = await world.operate("resume_campaign", campaign=launched["campaign"])
        await world.settle()
        assert len(world.sandbox.messages(ANNA)) == seen
        assert status["account"]["next_at"] == "2026-09-16T14:00:00+03:00"
        await world.pass_time(hours=15)
        assert len(world.sandbox.messages(ANNA)) == seen + 1


async def test_cancelling_tells_what_was_already_sent(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        launched = await world.operate("start_campaign", text="survey: nps\nspread_hours: 4\n")
        await world.settle()
        number = launched["campaign"]
        status = await world.operate("cancel_campaign", campaign=number)
        assert (status["account"]["sent"], status["account"]["cancelled"]) == (1, 1)
        assert status["state"] == "cancelled"
        await world.pass_time(days=1)
        asked = [chat for chat in (ANNA, BORIS) if world.labels(chat)[:2] == ["0", "1"]]
        assert len(asked) == 1


async def test_the_board_is_edited_in_place_and_rarely(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await claim(world)
        await begin_nps(world)
        await choose(world, "Все клиенты")
        await choose(world, "Запустить")
        messages = len(world.sandbox.messages(ADMIN))
        for _ in range(5):
            await world.pass_time(seconds=4)
        assert len(world.sandbox.messages(ADMIN)) == messages
        assert "отправлено: 2" in world.screen(ADMIN).text
        await choose(world, "Меню")
    async with world.database() as database, database.reading() as reader:
        assert await reader.scalar(boards.FIRST_DUE) is None


async def test_a_wave_asks_by_link_those_who_are_not_in_telegram(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        launched = await world.launch("nps")
        wave = launched["wave"]
        assert launched["by_link"] == 2
        rows = (await world.operate("wave_links", wave=wave))["links"]
        assert [row["name"] for row in rows] == ["Борис", "Вера"]
        before = (await world.operate("list_campaigns"))["campaigns"][0]["progress"]
        assert (before["invited"], before["delivered"]) == (3, 1)
        why = await world.operate("why", person="Борис")
        assert why["people"][0]["ledger"][0]["outcome"] == "link_unused"
        await world.start(BORIS, rows[0]["link"].rpartition("=")[2])
        await world.tap(BORIS, "Согласен")
        await world.tap(BORIS, "9")
        after = (await world.operate("list_campaigns"))["campaigns"][0]["progress"]
        assert (after["invited"], after["delivered"], after["started"]) == (3, 2, 1)
        assert (await world.operate("wave_links", wave=wave))["links"][0]["name"] == "Вера"
        await world.pass_time(days=5)
        assert "0" in world.labels(BORIS) or world.labels(BORIS)


async def test_of_two_waves_that_gave_a_link_the_one_that_is_not_paused_asks(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1")
        first, second = await world.launch("nps"), await world.launch("loyalty")
        rows = (await world.operate("wave_links", wave=first["wave"]))["links"]
        await world.operate("wave_links", wave=second["wave"])
        await world.operate("pause_campaign", campaign=second["campaign"])
        await world.start(BORIS, rows[0]["link"].rpartition("=")[2])
        await world.tap(BORIS, "Согласен")
        assert world.labels(BORIS)[:2] == ["0", "1"]
        lines = (await world.operate("why", person="Борис"))["people"][0]["ledger"]
        assert {line["wave"]: line["outcome"] for line in lines} == {
            first["wave"]: "sent",
            second["wave"]: "link_unused",
        }


async def test_who_opened_the_link_during_a_pause_is_not_said_to_have_left_it_unused(
    world: World,
) -> None:
    async with world.bot():
        launched = await world.launch("nps")
        rows = (await world.operate("wave_links", wave=launched["wave"]))["links"]
        await world.operate("pause_campaign", campaign=launched["campaign"])
        await world.start(BORIS, rows[1]["link"].rpartition("=")[2])
        await world.tap(BORIS, "Согласен")
        why = await world.operate("why", person="Борис")
        assert why["people"][0]["ledger"][0]["outcome"] == "campaign_paused"


async def test_a_cancelled_campaign_gives_no_links_that_would_open_nothing(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await claim(world)
        launched = await world.launch("nps")
        await world.operate("cancel_campaign", campaign=launched["campaign"])
        with pytest.raises(Refused):
            await world.operate("wave_links", wave=launched["wave"])
        await world.forge(ADMIN, f"1:m:wave_links:{launched['wave']}")
        await world.settle()
        assert not [one for one in world.sandbox.messages(ADMIN) if "document" in one.body]
        await world.forge(ADMIN, f"1:m:board:{launched['campaign']}")
        assert not [one for one in world.labels(ADMIN) if "Ссылки" in one]


async def test_an_invitation_that_never_went_out_is_not_called_unanswered(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await claim(world)
        await world.pass_time(hours=12)
        launched = await world.launch("nps")
        await world.operate("pause_campaign", campaign=launched["campaign"])
        await world.pass_time(days=40)
        why = await world.operate("why", person="Анна")
        assert why["people"][0]["ledger"][0]["outcome"] == "undelivered"
        assert "раньше, чем приглашение дошло" in (await world.say(ADMIN, "/why Анна")).text


async def test_why_answers_for_a_name(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await claim(world)
        await world.launch("nps")
        text = (await world.say(ADMIN, "/why анна")).text
        assert "Анна" in text
        assert "приглашение" in text or "приглаш" in text
        text = (await world.say(ADMIN, "/why Вера")).text
        assert "ещё не в Telegram" in text
        await world.say(ADMIN, "/why ера")
        assert "никого" in (await world.say(ADMIN, "/why Nobody")).text.lower()
        await world.say(ANNA, "/why Борис")
        assert "Борис" not in world.screen(ANNA).text


async def test_a_survey_is_tried_and_nothing_is_kept(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Опросы")
        await choose(world, "Готовность рекомендовать")
        await choose(world, "Прислать мне")
        assert world.labels(ADMIN)[:2] == ["0", "1"]
        assert "исправить" in (await world.tap(ADMIN, "3")).text
        ended = (await world.say(ADMIN, "цены")).text
        assert "откровенный" in ended
        listed = await world.operate("list_campaigns")
        assert listed["campaigns"] == []


async def test_a_copy_is_reworded_shortened_and_published(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Опросы")
        await choose(world, "Качество обслуживания")
        await choose(world, "Копировать")
        await choose(world, "✎")
        await choose(world, "Русский")
        await world.say(ADMIN, "Довольны ли Вы <нами>?")
        assert "<нами>" in world.screen(ADMIN).text
        await choose(world, "‹ К опросу")
        await world.tap(ADMIN, "✓ 7")
        assert "✗ 7" in world.labels(ADMIN)
        await choose(world, "Опубликовать")
        await world.launch("service_quality_2")
        assert "Довольны ли Вы" in world.screen(ANNA).text
    async with world.database() as database, database.reading() as reader:
        stored = await definitions.latest(reader, "service_quality_2")
        assert stored is not None
        assert len(stored.survey.questions) == 6
        anna = await people.by_external(reader, "C1")
        assert anna is not None


async def test_a_question_that_others_need_cannot_be_left_out(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Опросы")
        await choose(world, "Готовность рекомендовать")
        await world.tap(ADMIN, "Изменить")
        await world.tap(ADMIN, "✓ 1")
        before = world.screen(ADMIN)
        publish = next(one.data for one in before.buttons if one.label.startswith("Опубликовать"))
        assert await world.forge(ADMIN, publish or "", before.message_id)
        assert world.screen(ADMIN).text == before.text


async def test_what_is_chosen_may_be_typed(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await claim(world)
        await begin_nps(world)
        await choose(world, "Все клиенты")
        assert "завтра 10:00" in await choose(world, "Когда")
        assert "Не удалось понять" in (await world.say(ADMIN, "когда-нибудь")).text
        assert "Не удалось понять" in (await world.say(ADMIN, "сегодня 8:00")).text
        await world.say(ADMIN, "завтра 12:30")
        assert "✓ один раз, 16 сентября 2026 в 12:30" in world.labels(ADMIN)
        await choose(world, "Готово")
        await choose(world, "Часы")
        await world.say(ADMIN, "с 11 до 15")
        assert "✓ с 11:00 до 15:00" in world.labels(ADMIN)
        hub = await choose(world, "Готово")
        assert "Когда: один раз, 16 сентября 2026 в 12:30" in hub
        await choose(world, "Запустить")
        seen = len(world.sandbox.messages(ANNA))
        await world.pass_time(hours=24)
        assert len(world.sandbox.messages(ANNA)) == seen
        await world.pass_time(hours=1)
        assert len(world.sandbox.messages(ANNA)) == seen + 1
        await world.say(ADMIN, "завтра 10:00")
        assert "Не удалось" not in world.screen(ADMIN).text, "nothing is waited for any more"


async def test_only_surveys_about_an_event_are_offered_after_deals(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await claim(world)
        await begin_nps(world)
        await choose(world, "Все клиенты")
        await choose(world, "Когда")
        assert not [label for label in world.labels(ADMIN) if "сделк" in label]
        await world.say(ADMIN, "/menu")
        await choose(world, "Новая кампания")
        await choose(world, "Начать другую")
        await choose(world, "После обращения")
        await choose(world, "Все клиенты")
        await choose(world, "Когда")
        assert [label for label in world.labels(ADMIN) if "сделк" in label]


async def test_a_launch_that_invites_nobody_is_not_offered(world: World) -> None:
    async with world.bot():
        await claim(world)
        await begin_nps(world)
        text = await choose(world, "Все клиенты")
        assert "не получит никто" in text
        assert "Запустить" not in world.labels(ADMIN)
        assert "Сделать ссылки для тех, кого нет в Telegram" in world.labels(ADMIN)
        for key in ("nps", "service_request", "deal-closed"):
            assert key not in text


async def test_each_row_of_hours_says_how_often(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест по расписанию")
        labels = world.labels(ADMIN)
        assert {"Пн 9:00", "1-го 9:00", "Кв. 9:00"} <= set(labels)
        assert len(set(labels)) == len(labels)
