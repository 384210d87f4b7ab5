"""Themes as an admin meets them: in the digest, in the chat, by the command."""

import json
from datetime import timedelta

import pytest

from bot.errors import Told
from bot.operations.reports import digest
from surveys.reports.as_json import read_digest, written
from tests.bot.chat.test_wizard import choose, claim
from tests.bot.world import ADMIN, ANNA, BORIS, START, World

LATER = START + timedelta(days=1)
OWN = """
themes:
  - key: parking
    name: {ru: Парковка, en: Parking}
    words: [парковка]
"""


async def _answered(world: World) -> None:
    await world.arrive("C1", "C2")
    await world.launch("nps")
    await world.tap(ANNA, "2")
    await world.say(ANNA, "Ольга Викторовна не отвечает, ждала доставку неделю. Мой 89123456789")
    await world.tap(BORIS, "9")
    await world.say(BORIS, "Доставили быстро, <b>парковка</b> удобная")


async def test_the_digest_counts_themes_and_quotes_nobodys_name(world: World) -> None:
    async with world.bot():
        await _answered(world)
    made = await digest.make(
        world.settings.database_url, "2026-09", "ru", START + timedelta(days=1)
    )
    found = made.document.themes
    assert found is not None
    assert (found.answers, found.untold) == (2, 0)
    rows = {row.key: row for row in found.rows}
    assert (rows["delivery"].n, rows["delivery"].detractors) == (2, 1)
    assert rows["reply"].n == 1
    page, told = made.html(), made.json()
    for text in (page, told):
        assert "Ольга" not in text
        assert "89123456789" not in text
    assert "[имя] не отвечает" in page
    assert "&lt;b&gt;парковка" in page
    assert read_digest(written(made.document)) == made.document


async def test_an_admin_adds_a_word_by_typing_and_takes_it_out_by_a_tap(world: World) -> None:
    async with world.bot():
        await claim(world)
        await _answered(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест по расписанию")
        await choose(world, "Темы комментариев")
        await choose(world, "Сайт и личный кабинет")
        await world.say(ADMIN, "парковка, <b>въезд</b>")
        labels = world.labels(ADMIN)
        assert "✕ парковка" in labels
        assert "✕ <b>въезд</b>" in labels
        await choose(world, "‹ Темы")
        await choose(world, "Проверить комментарий")
        await world.say(ADMIN, "На парковке тесно")
        assert "Сайт и личный кабинет" in world.screen(ADMIN).text
        told = await world.operate("themes", tried="на парковке тесно")
        assert (told["own"], told["told"]) == (True, ["site"])
        await choose(world, "‹ Темы")
        await choose(world, "Сайт и личный кабинет")
        await choose(world, "✕ парковка")
        assert (await world.operate("themes", tried="парковка"))["told"] == []
        await choose(world, "‹ Темы")
        await choose(world, "Снова обычные темы")
        await choose(world, "Да, обычные")
        assert not (await world.operate("themes"))["own"]


async def test_words_typed_elsewhere_are_no_words_of_a_theme(world: World) -> None:
    async with world.bot():
        await claim(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Дайджест по расписанию")
        await choose(world, "Темы комментариев")
        await choose(world, "Качество")
        await world.say(ADMIN, "/menu")
        await world.say(ADMIN, "просто слова")
        assert not (await world.operate("themes"))["own"]


async def test_the_command_takes_a_companys_file_and_gives_the_usual_ones_back(
    world: World,
) -> None:
    async with world.bot():
        with pytest.raises(Told, match="themes"):
            await world.operate("themes", source="themes: []")
        told = await world.operate("themes", source=OWN, tried="Парковки нет")
        assert [one["key"] for one in told["themes"]] == ["parking"]
        assert told["told"] == ["parking"]
        await _answered(world)
        made = await digest.make(
            world.settings.database_url, "2026-09", "en", START + timedelta(days=1)
        )
        rows = json.loads(made.json())["themes"]["rows"]
        assert [(row["name"], row["n"]) for row in rows] == [("Parking", 1)]
        told = await world.operate("themes", usual_again=True)
        assert not told["own"]
