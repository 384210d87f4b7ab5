"""The record of staff's deeds: who looked, took, changed and exported; read by admins alone."""

import re

from bot.says.taps import MenuTap
from storage.people import audit
from storage.people.audit import Deed
from tests.bot.lists.test_people import become_admin, send, shows
from tests.bot.world import ADMIN, ANNA, MANAGER, START, World


async def _deeds(world: World) -> list[Deed]:
    async with world.database() as database, database.reading() as reader:
        return list(await audit.latest(reader, 100))[::-1]


async def test_what_staff_does_is_noted_and_shown_to_admins(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("M1", "C1")
        await world.launch("nps")
        await world.tap(ANNA, "2")
        await world.tap(ANNA, "Пропустить")
        assert "saw_case" not in [one.what for one in await _deeds(world)]
        await world.tap(MANAGER, "Взять в работу")
        await world.tap(MANAGER, "Заметка")
        await world.say(MANAGER, "Звонила")
        await world.say(MANAGER, "/card Анна")
        await world.say(MANAGER, "/card Никто")
        await world.operate("company", zone="Europe/Samara")
        await world.operate("company")
        deeds = [(one.what, one.by, one.about) for one in await _deeds(world)]
        assert deeds == [
            ("changed_campaign", None, None),
            ("took_case", "Мария Менеджер", "Анна"),
            ("changed_case", "Мария Менеджер", "Анна"),
            ("saw_card", "Мария Менеджер", "Анна"),
            ("changed_company", None, None),
        ]
        assert all(one.happened_at == START for one in await _deeds(world))
        shown = await world.say(ADMIN, "/audit")
        assert "Мария Менеджер: обращение взято в работу (Анна, 1)" in shown.text
        assert re.search(r"командная строка( \(.+\))?: изменение кампании", shown.text)
        refused = await world.say(MANAGER, "/audit")
        assert "обращение взято" not in refused.text
        told = await world.operate("audit", customer="C1")
        assert [one["what"] for one in told["deeds"]] == ["saw_card", "changed_case", "took_case"]


async def test_a_refused_tap_is_no_deed(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("M1", "C1")
        before = await _deeds(world)
        await world.forge(MANAGER, MenuTap("case_take", ("77", "")).pack())
        await world.forge(MANAGER, MenuTap("card", ("4",)).pack())
        assert await _deeds(world) == before


async def test_files_that_go_in_and_out_by_the_chat_are_noted(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        before = len(await _deeds(world))
        await send(world, b"id,name\nC9,Ann Lee\nC8,Bo Lee\n", "autumn.csv")
        assert len(await _deeds(world)) == before, "nothing was taken yet"
        await world.tap(ADMIN, "Загрузить: 2 человека")
        await shows(world, ADMIN, "Готово")
        await world.launch("nps")
        await world.forge(ADMIN, MenuTap("wave_links", ("1",)).pack())
        await world.forge(ADMIN, MenuTap("wave_links", ("77",)).pack())
        noted = (await _deeds(world))[before:]
        assert [(one.what, one.details) for one in noted if one.by is not None] == [
            ("imported", "autumn.csv"),
            ("made_links", "1"),
        ]


async def test_who_only_looks_or_is_too_late_does_nothing(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1", "C1")
        await world.launch("nps")
        await world.tap(ANNA, "2")
        await world.tap(MANAGER, "Взять в работу")
        before = len(await _deeds(world))
        await world.say(ADMIN, "/outbox")
        await world.say(ADMIN, "/why")
        await world.say(ADMIN, "/why Никто")
        await world.forge(ADMIN, MenuTap("case_take", ("1", "")).pack())
        world.sandbox.send_document(MANAGER, b"%PDF", "act.pdf")
        await world.settle()
        assert len(await _deeds(world)) == before
        await world.say(ADMIN, "/why Анна")
        assert [(one.what, one.about) for one in (await _deeds(world))[before:]] == [
            ("saw_decision", "Анна")
        ]


async def test_settings_and_facts_that_are_changed_in_the_chat_are_noted(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        before = len(await _deeds(world))
        for button in (
            MenuTap("retention_set", ("words", "400")),
            MenuTap("retention_set", ("words", "1")),
            MenuTap("loyal", ()),
            MenuTap("loyal", ("2",)),
            MenuTap("days"),
        ):
            await world.forge(ADMIN, button.pack())
        await world.say(ADMIN, "31.12 выходной")
        await world.say(ADMIN, "не день")
        await send(world, b"month,customers_new\n2026-08,7\n", "facts.csv")
        await world.tap(ADMIN, world.labels(ADMIN)[0])
        noted = (await _deeds(world))[before:]
        assert [(one.what, one.details) for one in noted] == [
            ("changed_company", "words=400"),
            ("changed_company", None),
            ("changed_company", None),
            ("changed_facts", "2026-08"),
        ]


async def test_the_command_line_notes_settings_that_it_changes_and_none_that_it_shows(
    world: World,
) -> None:
    async with world.bot():
        before = len(await _deeds(world))
        for shown in ("retention", "consent", "company", "calendar"):
            await world.operate(shown)
        assert len(await _deeds(world)) == before
        await world.operate("retention", changes={"words": "400"})
        await world.operate("consent", usual_again=True)
        noted = (await _deeds(world))[before:]
        assert [one.what for one in noted] == ["changed_company", "changed_company"]
