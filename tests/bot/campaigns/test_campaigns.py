"""Campaigns as an admin runs them: count, launch, reminder, closing, and why not."""

import re
from datetime import timedelta

from storage.asking import ledger, waves
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import uncertain
from tests.bot.world import ADMIN, ANNA, BORIS, STRANGER, World


async def _claim(world: World) -> None:
    found = re.search(r"start=([\w-]+)", world.announced[-1])
    assert found is not None
    await world.start(ADMIN, found[1])


async def test_the_first_admin_claims_by_the_printed_link_once(world: World) -> None:
    async with world.bot():
        await _claim(world)
        assert "Новая кампания" in world.labels(ADMIN)
        await world.start(STRANGER, world.announced[-1].rpartition("=")[2])
        assert not world.screen(STRANGER).buttons
    async with world.bot():
        assert len(world.announced) == 1


async def test_the_menu_counts_before_it_launches(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await _claim(world)
        await world.tap(ADMIN, "Новая кампания")
        nps = next(label for label in world.labels(ADMIN) if "NPS" in label or "рекоменд" in label)
        await world.tap(ADMIN, nps)
        assert "опт" in world.labels(ADMIN)
        counted = await world.tap(ADMIN, "Все клиенты")
        assert "2 человека получат приглашение" in counted.text
        assert "1 нет в Telegram" in counted.text or "1 ещё не в Telegram" in counted.text
        await world.tap(ADMIN, "Запустить")
        assert world.labels(ANNA)[:2] == ["0", "1"]


async def test_campaigns_of_one_name_and_day_say_their_time_and_state(world: World) -> None:
    async with world.bot():
        await _claim(world)
        await world.arrive("C1", "C2")
        await world.operate("start_campaign", survey="nps", segment="опт")
        await world.pass_time(hours=2)
        again = await world.operate("start_campaign", survey="nps", segment="сети")
        await world.operate("pause_campaign", campaign=again["campaign"])
        await world.say(ADMIN, "/menu")
        text = (await world.tap(ADMIN, "Кампании")).text
        name = "Готовность рекомендовать от 15 сентября 2026"
        found = [f"1. {name}, 14:00 — на паузе", f"2. {name}, 12:00 — идёт"]
        assert [line for line in text.splitlines() if ". " in line] == found
        assert world.labels(ADMIN)[:2] == found
        board = await world.tap(ADMIN, found[0])
        assert board.text.startswith(f"{name}, 14:00 — на паузе")
        asked = (await world.tap(ADMIN, "Завершить кампанию")).text
        assert "«Готовность рекомендовать» от 15 сентября 2026, 14:00 насовсем" in asked
        await world.pass_time(days=30)
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Кампании")
        assert world.labels(ADMIN)[1] == f"2. {name}, 12:00 — прошла"
        (_, first) = (await world.operate("list_campaigns"))["campaigns"]
        assert (first["state"], first["over"]) == ("running", True)


async def test_customers_cannot_reach_the_admins_menus(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.say(ANNA, "/menu")
        assert not world.screen(ANNA).buttons
        for data in ("1:m:launch:nps:all", "1:m:campaign", "1:m:period:2026", "1:m:menu"):
            assert await world.forge(ANNA, data)
    async with world.database() as database, database.reading() as reader:
        assert not await waves.latest(reader)


async def test_one_reminder_comes_to_those_who_have_not_finished(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await world.tap(ANNA, "Пропустить")
        before = len(world.sandbox.messages(ANNA)), len(world.sandbox.messages(BORIS))
        await world.pass_time(days=5)
        await world.pass_time(days=3)
        after = len(world.sandbox.messages(ANNA)), len(world.sandbox.messages(BORIS))
        assert after == (before[0], before[1] + 1)
        assert world.labels(BORIS)[:2] == ["0", "1"]


async def test_a_reminder_keeps_to_the_campaign_s_window(world: World) -> None:
    plan = "survey: nps\nwindow: {from: 14, until: 15}\nrules: {remind_after_days: 3}\n"
    async with world.bot():
        await world.arrive("C1")
        await world.operate("start_campaign", text=plan)
        await world.pass_time(hours=2, minutes=30)
        asked = len(world.sandbox.messages(ANNA))
        assert world.labels(ANNA)[:2] == ["0", "1"]
    await world.sandbox.clock.advance(timedelta(days=3, hours=2))
    async with world.bot():
        await world.settle()
        assert len(world.sandbox.messages(ANNA)) == asked
        await world.pass_time(hours=22)
        assert len(world.sandbox.messages(ANNA)) == asked + 1


async def test_who_comes_later_takes_a_place_of_the_quota_or_is_not_asked(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.operate("start_campaign", text="survey: nps\nrules: {quota: 1}\n")
        await world.settle()
        assert world.labels(ANNA)[:2] == ["0", "1"]
        await world.arrive("C2")
        await world.settle()
        assert "0" not in world.labels(BORIS)
        told = await world.operate("why", person="C2")
        assert "quota_full" in str(told)


async def test_a_survey_closes_with_a_quiet_edit(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        question = world.screen(BORIS)
        await world.pass_time(days=15)
        closed = world.sandbox.message(BORIS, question.message_id)
        assert closed is not None
        assert not world.screen(BORIS).buttons
        assert await world.forge(ANNA, "1:s:1:1:", world.screen(ANNA).message_id)


async def test_nobody_is_asked_twice_within_the_period_and_each_reason_is_kept(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        first = await world.launch("nps", segment="опт")
        assert first["invited"] == 1
        second = await world.launch("nps")
        assert second["invited"] == 1
        assert second["reasons"] == {"no_telegram": 1, "survey_open": 1}
        assert len(world.sandbox.messages(ANNA)) == len(world.sandbox.messages(BORIS))
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_address(reader, of_telegram(ANNA))
        assert anna is not None
        lines = await ledger.of_person(reader, anna.id)
        assert [line.reason for line in lines] == ["survey_open", None]


async def test_invitations_wait_for_the_morning(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.pass_time(hours=10)
        seen = len(world.sandbox.messages(ANNA))
        await world.launch("nps")
        assert len(world.sandbox.messages(ANNA)) == seen
        await world.pass_time(hours=12)
        assert world.labels(ANNA)[:2] == ["0", "1"]


async def test_who_blocks_the_bot_is_unreachable_until_they_come_back(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        world.sandbox.block(ANNA)
        await world.settle()
        preview = await world.operate("preview_campaign", survey="nps")
        assert preview["reasons"]["unreachable"] == 1
        assert preview["noticeable"] == [], "fewer than ten answers show nothing"
        await world.start(ANNA)
        assert (await world.operate("preview_campaign", survey="nps"))["invited"] == 1


async def test_a_send_of_unknown_fate_is_listed_and_never_repeated(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        world.sandbox.faults.add({"kind": "cut_after", "method": "sendMessage", "chat_id": ANNA})
        await world.launch("nps")
        await world.pass_time(hours=1)
        questions = [one for one in world.sandbox.messages(ANNA) if len(one.buttons) > 10]
        assert len(questions) == 1
        await world.tap(ANNA, "9")
    async with world.database() as database, database.reading() as reader:
        assert len(await uncertain.listed(reader)) == 1


async def test_a_reminder_says_all_to_whom_perhaps_no_invitation_came(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("C1", "C2")
        world.sandbox.faults.add({"kind": "cut_before", "method": "sendMessage", "chat_id": ANNA})
        await world.launch("nps")
        await world.pass_time(hours=1)
        assert not world.labels(ANNA)
        await world.pass_time(days=5)
        came, again = world.screen(ANNA).text, world.screen(BORIS).text
        assert "хочет узнать Ваше мнение" in came
        assert "считайте это единственным напоминанием" in came
        assert "считайте это единственным напоминанием" not in again
        seen = len(world.sandbox.messages(ANNA))
        await world.say(ADMIN, "/outbox")
        await world.tap(ADMIN, "1: отправить ещё раз")
        await world.pass_time(days=1)
        assert len(world.sandbox.messages(ANNA)) == seen, "the reminder said it already"


async def test_a_reminder_waiting_for_its_hour_stops_with_the_answer(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        plan = "survey: nps\nrules: {remind_after_days: 1}\nwindow: {from: 20, until: 21}\n"
        await world.operate("start_campaign", text=plan)
        await world.pass_time(hours=8, minutes=30)
        await world.pass_time(days=1, hours=1)
        seen = len(world.sandbox.messages(ANNA)), len(world.sandbox.messages(BORIS))
        await world.tap(ANNA, "9")
        await world.tap(ANNA, "Пропустить")
        await world.pass_time(hours=23)
        after = len(world.sandbox.messages(ANNA)), len(world.sandbox.messages(BORIS))
        assert after == (seen[0], seen[1] + 1)


async def test_who_says_stop_by_night_gets_nothing_in_the_morning(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.pass_time(hours=11)
        await world.launch("nps")
        await world.say(ANNA, "/stop")
        seen = len(world.sandbox.messages(ANNA))
        await world.pass_time(days=1)
        assert len(world.sandbox.messages(ANNA)) == seen
        found = await world.operate("why", person="Анна")
        assert found["people"][0]["ledger"][0]["outcome"] == "opted_out"


async def test_what_came_due_while_the_program_stood_still_does_not_go_out_by_night(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.operate("start_campaign", text="survey: nps\nwindow: {from: 14, until: 15}\n")
        await world.settle()
        seen = len(world.sandbox.messages(ANNA))
    await world.sandbox.clock.advance(timedelta(hours=12))
    async with world.bot():
        await world.settle()
        assert len(world.sandbox.messages(ANNA)) == seen
        await world.pass_time(hours=10)
        assert len(world.sandbox.messages(ANNA)) == seen + 1


async def test_the_count_says_which_change_so_many_answers_show(crowd: World) -> None:
    async with crowd.bot():
        await _claim(crowd)
        await crowd.tap(ADMIN, "Новая кампания")
        nps = next(label for label in crowd.labels(ADMIN) if "NPS" in label or "рекоменд" in label)
        await crowd.tap(ADMIN, nps)
        counted = await crowd.tap(ADMIN, "Все клиенты")
        for n, points in (("333 ответа", "18 пунктов"), ("111 ответов", "31 пункта")):
            told = f"Если {n} и сейчас, и в следующий раз, падение NPS от {points} и больше"
            assert told in counted.text.replace("\xa0", " "), "everybody answers, or every third"
        found = await crowd.operate("preview_campaign", survey="nps")
        assert [n for n, _ in found["noticeable"]] == [333, 111]
        other = await crowd.operate("preview_campaign", survey="service_quality")
        assert other["noticeable"] == [], "of a survey without NPS nothing is said"
