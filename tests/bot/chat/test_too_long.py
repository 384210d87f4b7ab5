"""An answer that was too long waits as a remark until a shorter one takes its place."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from storage.answering import answers, invitations, remarks
from storage.people import people
from tests.bot.chat.test_remarks import _changed, _typed
from tests.bot.chat.test_words_stay import AND_THEN
from tests.bot.world import ADMIN, ANNA, MANAGER, World, small_world
from tests.engines import on_both

SHORT = AND_THEN.replace("    variants:", "    max_length: 40\n    variants:")
LONG = "Доставка опоздала на три дня, а коробка пришла мятая и мокрая"
SHORTER = "Опоздали на три дня, коробка мятая"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path, [SHORT]) as small:
        yield small


async def _begin(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")
    await world.launch("shop")
    await world.tap(ANNA, "3")


async def _kept(world: World) -> tuple[str | None, Sequence[tuple[str, str]]]:
    """Return Anna's answer in words, and her remarks."""
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_external(reader, "C1")
        assert anna is not None
        mine = (await invitations.of_person(reader, anna.id))[0].id
        said = await remarks.of_invitation(reader, mine)
        given = (await answers.given(reader, mine)).get("why")
        return given, [(one.kind, one.text) for one in said]


async def _edit(world: World, text: str, what: str = "text") -> None:
    """Let Anna edit the message that she sent last."""
    await _changed(world, "edited_message", _typed(world), edit_date=1, **{what: text})


@on_both
async def test_a_shortened_answer_takes_the_place_of_what_was_too_long(world: World) -> None:
    async with world.bot():
        await _begin(world)
        said = await world.say(ANNA, LONG)
        assert said.text == (
            "Это длинновато: пожалуйста, не больше 40 знаков. Пока сохранили как есть; ответ "
            "покороче встанет на место этого."
        )
        assert await _kept(world) == (None, [("words", LONG)])
        await world.pass_time(seconds=30)
        await world.say(ANNA, f"{LONG} опять")
        assert await _kept(world) == (None, [("words", f"{LONG} опять")])
        await world.pass_time(seconds=30)
        await world.say(ANNA, SHORTER)
        assert await _kept(world) == (f'"{SHORTER}"', [])
        await world.tap(ANNA, "Нет")
        await world.settle()
        assert SHORTER in world.screen(MANAGER).text
        assert "мокрая" not in world.screen(MANAGER).text


async def test_nothing_is_lost_where_no_shorter_answer_comes(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.say(ANNA, LONG)
        await world.pass_time(seconds=30)
        await world.tap(ANNA, "Пропустить")
        assert await _kept(world) == ("null", [("words", LONG)])
        await world.tap(ANNA, "Нет")
        await world.settle()
        assert "мокрая" in world.screen(MANAGER).text


async def test_the_rest_of_a_message_that_was_split_replaces_nothing(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.say(ANNA, LONG)
        await world.say(ANNA, "и курьер нахамил")
        assert await _kept(world) == ('"и курьер нахамил"', [("words", LONG)])


async def test_an_earlier_answer_is_no_shortened_ones_to_replace(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.say(ANNA, "Опоздали")
        await world.tap(ANNA, "‹ Назад")
        await world.say(ANNA, LONG)
        await world.pass_time(seconds=30)
        await world.say(ANNA, SHORTER)
        assert await _kept(world) == (f'"{SHORTER}"', [("words", "Опоздали")])


async def test_a_message_edited_to_be_shorter_becomes_the_answer(world: World) -> None:
    async with world.bot():
        await _begin(world)
        await world.say(ANNA, LONG)
        await _edit(world, f"{LONG}!")
        assert "ответ покороче" in world.screen(ANNA).text
        assert await _kept(world) == (None, [("words", f"{LONG}!")])
        await _edit(world, SHORTER)
        assert "Легко ли было" in world.screen(ANNA).text
        assert await _kept(world) == (f'"{SHORTER}"', [])
        await _edit(world, "Опоздали")
        assert await _kept(world) == ('"Опоздали"', [])


async def test_a_caption_is_kept_once(world: World) -> None:
    async with world.bot():
        await _begin(world)
        world.sandbox.send_photo(ANNA, b"picture", caption=LONG)
        await world.settle()
        assert "ответ покороче" in world.screen(ANNA).text
        assert await _kept(world) == (None, [("photo", LONG)])
        await _edit(world, SHORTER, "caption")
        assert await _kept(world) == (f'"{SHORTER}"', [("photo", "")])
        await world.tap(ANNA, "‹ Назад")
        world.sandbox.send_photo(ANNA, b"another", caption="И ещё вот так")
        await world.settle()
        taken = [("photo", ""), ("photo", ""), ("words", SHORTER)]
        assert await _kept(world) == ('"И ещё вот так"', taken)
