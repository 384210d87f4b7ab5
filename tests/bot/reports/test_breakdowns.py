"""Attributes of the company's own: chosen by command or by buttons, then shown in the digest."""

import csv
import json
from typing import Any

import pytest

from bot.errors import Refused
from bot.operations.reports.breakdowns import MOST
from bot.says.taps import MenuTap
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, MANAGER, World

HOSTILE = '<b>поле</b> & "x" ' + "ж" * 80


async def _import(world: World, **said: str) -> None:
    """Bring Anna in again, with attributes, as a company's list would."""
    columns = {"id": "C1", "name": "Анна", **said}
    path = world.settings.data_directory / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(columns), list(columns.values())])
    chosen = dict.fromkeys(said, "attribute")
    await world.operate("import_people", path=str(path), reading={"chosen": chosen})


async def _chosen(world: World) -> list[str]:
    found: list[str] = (await world.operate("company"))["break_down_by"]
    return found


async def _digest(world: World) -> tuple[dict[str, Any], str]:
    """Ask for the month's digest by the buttons; return its numbers and its page."""
    await world.say(ADMIN, "/menu")
    await choose(world, "Дайджест сейчас")
    await choose(world, "сентябрь 2026")
    document = world.screen(ADMIN).document
    assert document is not None
    page = world.sandbox.file(document["file_id"]).decode()
    written = sorted((world.settings.data_directory / "digests").glob("*/digest.json"))
    return json.loads(written[-1].read_text()), page


async def test_what_is_tapped_is_shown_as_it_was_when_the_customer_was_asked(world: World) -> None:
    async with world.bot():
        await claim(world)
        await _import(world, город="Пермь <b>", статус="новый")
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await _import(world, город="Казань", статус="ушёл")
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест по расписанию")
        text = await choose(world, "По признакам")
        assert "не больше 3" in text
        await choose(world, "город")
        assert "✓ город · 1\N{NO-BREAK SPACE}значение" in world.labels(ADMIN)
        numbers, page = await _digest(world)
        [city] = numbers["breakdowns"]
        assert (city["name"], city["n"], city["apart"]) == ("город", 1, 0)
        assert [(one["kind"], one["group"]) for one in city["groups"]] == [("value", "Пермь <b>")]
        assert "По признаку «город»" in page
        assert "Пермь &lt;b&gt;" in page
        assert "Казань" not in page


async def test_nothing_chosen_changes_nothing(world: World) -> None:
    async with world.bot():
        await claim(world)
        await _import(world, город="Пермь")
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        numbers, page = await _digest(world)
        assert numbers["breakdowns"] == []
        assert "По признаку" not in page


async def test_a_second_tap_takes_it_back_and_a_fourth_attribute_is_refused(world: World) -> None:
    async with world.bot():
        await claim(world)
        await _import(world, а="1", б="2", в="3", г="4")
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест сейчас")
        await choose(world, "По признакам")
        for name in "абв":
            await choose(world, f"{name} ·")
        assert await _chosen(world) == ["а", "б", "в"]
        fourth = next(one for one in world.screen(ADMIN).buttons if one.label.startswith("г"))
        assert "3" in await world.forge(ADMIN, fourth.data or "")
        assert await _chosen(world) == ["а", "б", "в"]
        await choose(world, "✓ б")
        assert await _chosen(world) == ["а", "в"]


async def test_hostile_names_are_text_and_an_unknown_button_is_out_of_date(world: World) -> None:
    async with world.bot():
        await claim(world)
        await _import(world, **{HOSTILE: "да"})
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест сейчас")
        await choose(world, "По признакам")
        await choose(world, "<b>поле</b>")
        assert await _chosen(world) == [HOSTILE]
        assert all(len(label) < 64 for label in world.labels(ADMIN))
        for argument in ("", "0" * 16, "x"):
            toast = await world.forge(ADMIN, MenuTap("breakdown", (argument,)).pack())
            assert "устарела" in toast
        assert await _chosen(world) == [HOSTILE]


async def test_managers_and_customers_cannot_choose(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.arrive("M1", "C1")
        await _import(world, город="Пермь")
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест сейчас")
        await choose(world, "По признакам")
        button = next(one for one in world.screen(ADMIN).buttons if "город" in one.label)
        for telegram_id in (MANAGER, ANNA):
            await world.forge(telegram_id, button.data or "")
        assert await _chosen(world) == []


async def test_without_attributes_the_screen_says_where_they_come_from(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест сейчас")
        assert "Пока таких нет" in await choose(world, "По признакам")


async def test_the_command_chooses_whatever_the_case_and_refuses_what_nobody_has(
    world: World,
) -> None:
    await _import(world, Город="Пермь", статус="новый", а="1", б="2")
    shown = await world.operate("company", break_down_by=["статус", "город", "Город"])
    assert shown["break_down_by"] == ["статус", "Город"]
    assert shown["attributes"] == {"Город": 1, "а": 1, "б": 1, "статус": 1}
    with pytest.raises(Refused, match=r"«страна».*Город, а, б"):
        await world.operate("company", break_down_by=["страна"])
    with pytest.raises(Refused, match=str(MOST)):
        await world.operate("company", break_down_by=["статус", "город", "а", "б"])
    assert await _chosen(world) == ["статус", "Город"]
    shown = await world.operate("company", language="en")
    assert (shown["language"], shown["break_down_by"]) == ("en", ["статус", "Город"])
    assert (await world.operate("company", break_down_by=[""]))["break_down_by"] == []
