"""Rows as a file from the chat: what, period, survey and form, by buttons and by typed words."""

import csv

import pytest

from bot.says.taps import MenuTap
from storage.people import audit
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, ANNA, MANAGER, World


async def _deeds(world: World) -> list[str | None]:
    async with world.database() as database, database.reading() as reader:
        return [one.details for one in await audit.latest(reader, 20) if one.what == "exported"]


def _files(world: World) -> list[str]:
    sent = (one.body.get("document") for one in world.sandbox.messages(ADMIN))
    return [one["file_name"] for one in sent if one]


async def test_an_admin_chooses_period_survey_and_form(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Данные файлом")
        shown = await world.tap(ADMIN, "Ответы")
        assert "Период: всё" in shown.text
        await world.tap(ADMIN, "Период")
        shown = await world.tap(ADMIN, "3‑й квартал 2026")
        assert "Период: 3‑й квартал 2026" in shown.text
        await world.tap(ADMIN, "Опрос")
        label = next(one for one in world.labels(ADMIN) if one.endswith("(nps)"))
        shown = await world.tap(ADMIN, label)
        assert "Период: 3‑й квартал 2026" in shown.text, "one choice keeps the other"
        assert "Опрос: nps" in shown.text
        await world.tap(ADMIN, "CSV")
        await world.pass_time(seconds=3)
        assert _files(world) == ["otklik-answers-2026-Q3.csv"]
        assert "Ответы, 3‑й квартал 2026, nps" in world.screen(ADMIN).text
        [made] = (world.settings.data_directory / "exports").rglob("*.csv")
        rows = list(csv.DictReader(made.read_text("utf-8-sig").splitlines(), delimiter=";"))
        assert [one["person_id"] for one in rows] == ["C1"]
        assert await _deeds(world) == ["answers.csv 2026-Q3 survey=nps"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("всякое", "«всякое»"),
        ("answers вчера", "«вчера»"),
        ("answers 2026-13", "«2026-13»"),
        ("answers 2027-01", "ещё не начался"),
        ("answers 2026-Q3 2026-Q2", "«2026-Q2» — лишнее"),
        ("people 2026-Q3", "период"),
        ("answers <b>", "&lt;b&gt;"),
    ],
)
async def test_bad_words_are_answered_with_examples(world: World, words: str, said: str) -> None:
    async with world.bot():
        await become_admin(world)
        shown = await world.say(ADMIN, f"/export {words}")
        assert said.replace("&lt;", "<").replace("&gt;", ">") in shown.text
        assert "/export answers 2026-Q3" in shown.text
        assert "Ответы" in world.labels(ADMIN), "what could be meant is a tap away"
        assert await _deeds(world) == []


async def test_typed_words_say_it_all_at_once(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        shown = await world.say(ADMIN, "/export обращения 2026-Q3")
        assert "Период: 3‑й квартал 2026" in shown.text
        await world.tap(ADMIN, "XLSX")
        await world.say(ADMIN, "/export ANSWERS csv NPS now")
        await world.say(ADMIN, "/export люди xlsx")
        await world.pass_time(seconds=3)
        assert sorted(_files(world)) == [
            "otklik-answers-2026-09.csv",
            "otklik-cases-2026-Q3.xlsx",
            "otklik-people.xlsx",
        ]
        assert await _deeds(world) == [
            "people.xlsx",
            "answers.csv 2026-09 survey=nps",
            "cases.xlsx 2026-Q3",
        ]
        assert "Данные файлом" in (await world.say(ADMIN, "/export")).text


async def test_forged_buttons_and_others_get_nothing(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1")
        for arguments in (
            ("people.csv", "2026-Q3", ""),
            ("answers.csv", "2026-99", ""),
            ("answers.csv", "", "abcdef123456"),
            ("answers.exe", "", ""),
            ("", "", ""),
        ):
            await world.forge(ADMIN, MenuTap("export_do", arguments).pack())
        for place in ("export_period", "export_survey"):
            await world.forge(ADMIN, MenuTap(place, ("people", "", "")).pack())
        await world.say(MANAGER, "/export answers csv")
        await world.forge(MANAGER, MenuTap("export_do", ("answers.csv", "", "")).pack())
        await world.pass_time(seconds=3)
        assert _files(world) == []
        assert await _deeds(world) == []
