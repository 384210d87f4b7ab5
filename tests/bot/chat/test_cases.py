"""Cases: opened with the low answer, worked on in the chat, seen only by whom they concern."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.operations.cases import casework
from bot.says.taps import MenuTap
from storage.cases import cases
from storage.cases.cases import Case, CaseEvent
from storage.people import people
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.tables.cases import cases as table
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, World
from tests.engines import on_both

LEAD = 501


async def _come(world: World) -> None:
    """Let the admin, the manager, a lead of their team and Anna be there, and ask Anna."""
    async with world.writing() as database, database.transaction() as tx:
        lead = await people.add(tx, START, of_telegram(LEAD), name="Старшая", language="ru")
        await people.set_leads(tx, lead.id, ["Север"])
        await people_import.apply(
            tx, [PersonRow("customer", "C1", "Анна Попова", phone="+79120000001")], START
        )
    world.sandbox.add_user("Lead", user_id=LEAD, started=True)


async def _asked(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")
    await world.launch("nps")


async def _answer(world: World, score: str, words: str = "") -> None:
    await world.tap(ANNA, score)
    if words:
        await world.say(ANNA, words)
    else:
        await world.tap(ANNA, "Пропустить")
    await world.settle()


async def _case(world: World) -> tuple[Case | None, Sequence[CaseEvent]]:
    async with world.database() as database, database.reading() as reader:
        number = await reader.scalar(select(func.max(table.c.id))) or 0
        return await cases.get(reader, number), await cases.history(reader, number)


def _toast(world: World, telegram_id: int) -> str:
    return world.sandbox.toasts(telegram_id)[-1].text


async def test_a_low_score_is_taken_noted_promised_a_call_resolved_and_opened_again(
    world: World,
) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "3", "Никто <b>не</b> перезвонил")
        assert world.labels(MANAGER) == ["Взять в работу", "Обращение", "Карточка клиента"]
        shown = await world.tap(MANAGER, "Взять в работу")
        assert "В работе: Мария Менеджер" in shown.text
        assert "Никто <b>не</b> перезвонил" in shown.text
        assert "открыто, ответ: 3" in shown.text
        assert "Забрать себе" not in world.labels(MANAGER), "it is hers"
        assert "Что сделать" in shown.text
        # The admin has the same alert, which shows it; whoever tapped before that is too late.
        assert "В работе: Мария Менеджер" in world.screen(ADMIN).text
        assert world.labels(ADMIN) == ["Обращение", "Карточка клиента"]
        late = await world.forge(ADMIN, MenuTap("case_take", ("1", "")).pack())
        assert late == "Это обращение уже в работе: Мария Менеджер."
        await world.tap(MANAGER, "Заметка")
        noted = await world.say(MANAGER, "Позвонила: <i>ждёт</i> курьера")
        assert "заметка, Мария Менеджер: Позвонила: <i>ждёт</i> курьера" in noted.text
        await world.tap(MANAGER, "Перезвонить…")
        assert "не удалось понять" in (await world.say(MANAGER, "когда-нибудь")).text.lower()
        assert "уже прошло" in (await world.say(MANAGER, "01.01.2020 10:00")).text
        assert "ночь" in (await world.say(MANAGER, "завтра 3:00")).text
        promised = await world.say(MANAGER, "завтра 11:00")
        assert "Срок: 16 сентября 2026, 11:00" in promised.text
        await world.tap(MANAGER, "Закрыть")
        ended = await world.tap(MANAGER, "исправлено")
        assert "Закрыто: исправлено" in ended.text
        assert "Закрыто: исправлено" in world.screen(ADMIN).text
        assert "Что сделать" not in ended.text + world.screen(ADMIN).text, "it is done"
        again = await world.tap(MANAGER, "Открыть снова")
        assert "В работе: Мария Менеджер" in again.text
        one, history = await _case(world)
        assert one is not None
        assert (one.state, one.score, one.outcome, one.first_response_at) == (
            "taken", 3, None, START,
        )  # fmt: skip
        kinds = [event.kind for event in history]
        assert kinds == ["opened", "taken", "note", "call_at", "resolved", "reopened"]
        assert {event.by for event in history[1:]} == {"Мария Менеджер"}
        assert all(event.happened_at == START for event in history)


async def test_a_changed_answer_closes_no_case_but_stands_in_its_history(world: World) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "2")
        await world.tap(ANNA, "Изменить ответы")
        await _answer(world, "10")
        one, history = await _case(world)
        assert one is not None
        assert one.state == "open"
        assert [(event.kind, event.details) for event in history] == [
            ("opened", "2"),
            ("answer_changed", "10"),
        ]
        async with world.database() as database, database.reading() as reader:
            assert await cases.get(reader, 2) is None
        assert "Было 2, стало 10" in world.screen(MANAGER).text
        assert "Взять в работу" in world.labels(MANAGER)


async def test_a_high_score_opens_no_case(world: World) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "7")
        assert await _case(world) == (None, [])


async def test_lists_show_what_is_open_overdue_and_done(world: World) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "3")
        for reader in (MANAGER, LEAD, ADMIN):
            await world.say(reader, "/menu")
            await world.tap(reader, "Обращения")
            assert world.labels(reader)[:4] == [
                "открытые · 1", "просроченные · 0", "закрытые · 0",
                "Анна Попова · 16 сентября 2026",
            ]  # fmt: skip
        await world.tap(LEAD, "Анна Попова · 16 сентября 2026")
        await world.tap(LEAD, "Закрыть")
        await world.tap(LEAD, "с клиентом не удалось связаться")
        await world.tap(LEAD, "‹ Обращения")
        assert "закрытые · 1" in world.labels(LEAD)
        await world.tap(LEAD, "закрытые · 1")
        assert "Анна Попова · 15 сентября 2026" in world.labels(LEAD)


async def test_a_reminder_goes_to_the_holder_once_and_a_day_later_to_lead_and_admins(
    world: World,
) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "3", "Привезли не то")
        await world.tap(MANAGER, "Взять в работу")
        told = {one: len(world.sandbox.messages(one)) for one in (MANAGER, LEAD, ADMIN)}

        def new(reader: int) -> int:
            return len(world.sandbox.messages(reader)) - told[reader]

        # Opened on Tuesday at noon in Moscow: due on Wednesday at noon.
        await world.pass_time(hours=23)
        assert [new(one) for one in (MANAGER, LEAD, ADMIN)] == [0, 0, 0]
        await world.pass_time(hours=2)
        assert "Подошёл срок обращения" in world.screen(MANAGER).text
        assert [new(one) for one in (MANAGER, LEAD, ADMIN)] == [1, 0, 0]
        await world.pass_time(hours=25)
        for reader in (LEAD, ADMIN):
            assert "просрочено на 1 день" in world.screen(reader).text
            assert "Мария Менеджер" in world.screen(reader).text
        await world.pass_time(days=5)
        assert [new(one) for one in (MANAGER, LEAD, ADMIN)] == [1, 1, 1]
        await world.tap(ADMIN, "Обращение")
        await world.tap(ADMIN, "Забрать себе")
        assert _toast(world, ADMIN) == "Обращение теперь Ваше."
        await world.tap(ADMIN, "Закрыть")
        await world.tap(ADMIN, "исправлено")
        one, history = await _case(world)
        assert one is not None
        assert (one.state, one.outcome) == ("resolved", "put_right")
        kinds = [event.kind for event in history]
        assert kinds == ["opened", "taken", "nagged", "escalated", "taken", "resolved"]


async def test_who_resolved_in_time_is_not_reminded(world: World) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "3")
        await world.tap(MANAGER, "Обращение")
        await world.tap(MANAGER, "Закрыть")
        await world.tap(MANAGER, "исправлено")
        seen = len(world.sandbox.messages(MANAGER))
        await world.pass_time(days=6)
        assert len(world.sandbox.messages(MANAGER)) == seen


async def test_a_promised_call_is_reminded_of_when_it_is_due(world: World) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "3")
        await world.tap(MANAGER, "Обращение")
        await world.tap(MANAGER, "Перезвонить…")
        await world.say(MANAGER, "18.09 15:00")
        seen = len(world.sandbox.messages(MANAGER))
        await world.pass_time(days=2)
        assert len(world.sandbox.messages(MANAGER)) == seen
        await world.pass_time(days=1, hours=4)
        assert len(world.sandbox.messages(MANAGER)) == seen + 1
        assert "Подошёл срок обращения" in world.screen(MANAGER).text


async def test_what_is_about_the_manager_is_the_leads_and_hidden_from_the_manager(
    world: World,
) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await _answer(world, "1", "Мария хамит")
        one, _ = await _case(world)
        assert one is not None
        assert one.assignee == "Старшая"
        for place in ("case", "case_take", "case_note", "case_call", "case_end", "case_again"):
            data = MenuTap(place, ("1", "")).pack()
            assert await world.forge(MANAGER, data) == "Эта кнопка устарела."
        await world.forge(MANAGER, MenuTap("case_done", ("1", "put_right")).pack())
        await world.say(MANAGER, "/menu")
        await world.tap(MANAGER, "Обращения")
        assert "открытые · 0" in world.labels(MANAGER)
        assert [event.kind for event in (await _case(world))[1]] == ["opened", "assigned"]


async def test_who_is_no_staff_gets_nothing_of_a_case(world: World) -> None:
    await _come(world)
    async with world.bot():
        await _asked(world)
        await world.arrive("C2")
        await _answer(world, "1", "Обидно")
        for stranger in (ANNA, BORIS):
            for place in ("cases", "case", "case_take", "case_note", "case_call", "case_again"):
                await world.forge(stranger, MenuTap(place, ("1", "")).pack())
                assert "Обидно" not in world.screen(stranger).text
        assert [event.kind for event in (await _case(world))[1]] == ["opened"]


@on_both
async def test_an_answer_and_its_case_are_kept_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to the case breaks in the middle: nothing is half, and the repeat makes it whole."""
    tries = []
    real = casework.remind_of

    async def breaks_once(*arguments: Any) -> None:
        tries.append(await cases.of_invitation(arguments[0], 1))
        if len(tries) == 1:
            raise RuntimeError
        await real(*arguments)

    monkeypatch.setattr(casework, "remind_of", breaks_once)
    await _come(world)
    async with world.bot():
        await _asked(world)
        world.sandbox.tap(ANNA, label="3")
        await world.settle()
        assert await _case(world) == (None, [])
        async with world.database() as database, database.reading() as reader:
            assert await cases.of_invitation(reader, 1) is None
        await world.pass_time(minutes=5)
        one, history = await _case(world)
        assert one is not None
        assert len(tries) == 2
        assert [event.kind for event in history] == ["opened"]
        alerts = [one for one in world.sandbox.messages(MANAGER) if "Низкая оценка" in one.text]
        assert len(alerts) == 1


async def test_a_manager_who_leaves_hands_the_cases_over_with_the_customers(world: World) -> None:
    await _come(world)
    async with world.writing() as database, database.transaction() as tx:
        await people_import.apply(tx, [PersonRow("manager", "M2", "Пётр")], START)
    async with world.bot():
        await _asked(world)
        await _answer(world, "3")
        await world.tap(MANAGER, "Взять в работу")
        await world.operate("leave", person="M1", role="manager", to="M2")
        one, history = await _case(world)
        assert one is not None
        assert (one.state, one.assignee) == ("open", "Пётр")
        assert [event.by for event in history if event.kind == "assigned"][-1] == "Пётр"
