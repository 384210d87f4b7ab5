"""The record of staff's deeds: who looked, took, changed and exported; read by admins alone."""

import re

from bot.says.taps import MenuTap
from storage.people import audit
from storage.people.audit import Deed
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
