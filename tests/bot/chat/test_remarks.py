"""Whatever a customer says is kept: after the thanks, in place of an answer, as voice."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from storage.answering import answers, invitations, remarks
from storage.answering.remarks import Remark
from storage.people import people
from storage.tables.surveys import remarks as remark_rows
from tests.bot.chat.test_anonymous import SURVEY
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, World, small_world
from tests.engines import on_both

FORWARDED = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}


async def _kept(world: World, customer: str = "C1") -> Sequence[Remark]:
    async with world.database() as database, database.reading() as reader:
        person = await people.by_external(reader, customer)
        assert person is not None
        asked = await invitations.of_person(reader, person.id)
        return await remarks.of_invitations(reader, [one.id for one in asked])


async def _answers(world: World) -> dict[str, str]:
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_external(reader, "C1")
        assert anna is not None
        return await answers.given(reader, (await invitations.of_person(reader, anna.id))[0].id)


async def _changed(world: World, kind: str, message_id: int, **content: Any) -> None:
    """Let Anna edit or forward: what Telegram tells of it."""
    user = {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "ru"}
    told = {
        "message_id": message_id,
        "date": int(world.sandbox.clock.now().timestamp()),
        "chat": {"id": ANNA, "type": "private", "first_name": "Anna"},
        "from": user,
        **content,
    }
    world.sandbox.inject({kind: told})
    await world.settle()


def _typed(world: World) -> int:
    """Return the number of the message that Anna typed last."""
    return max(one.message_id for one in world.sandbox.messages(ANNA) if not one.from_bot)


async def _detractor(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")
    await world.launch("nps")
    await world.tap(ANNA, "3")
    await world.say(ANNA, "Доставка опоздала")
    await world.settle()


@on_both
async def test_words_after_the_thanks_are_added_and_told(world: World) -> None:
    async with world.bot():
        await _detractor(world)
        said = await world.say(ANNA, "…и коробка мятая, перезвоните мне")
        assert said.text == "Спасибо, добавили к Вашему ответу."
        for reader in (MANAGER, ADMIN):
            told = world.screen(reader)
            assert "Анна" in told.text
            assert "«…и коробка мятая, перезвоните мне»" in told.text
        card = await world.tap(MANAGER, "Карточка клиента")
        assert "+ «…и коробка мятая, перезвоните мне»" in card.text
    assert [one.text for one in await _kept(world)] == ["…и коробка мятая, перезвоните мне"]


async def test_words_after_a_raised_score_are_not_told_as_added_to_a_low_one(world: World) -> None:
    async with world.bot():
        await _detractor(world)
        await world.say(ANNA, "и коробка мятая")
        assert "дополнение к низкой оценке" in world.screen(MANAGER).text
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "9")
        await world.say(ANNA, "Всё исправили")
        await world.settle()
        await world.say(ANNA, "Передайте спасибо")
        await world.settle()
        for reader in (MANAGER, ADMIN):
            told = world.screen(reader).text
            assert "«Передайте спасибо»" in told
            assert "оценка изменена с 3 на 9" in told
            assert "низкой" not in told


async def test_an_edited_message_changes_the_answer_and_what_was_told(world: World) -> None:
    async with world.bot():
        await _detractor(world)
        message = _typed(world)
        await _changed(world, "edited_message", message, text="Доставка вовремя", edit_date=1)
        assert world.screen(ANNA).text == "Ваш ответ изменён."
        assert "«Доставка вовремя»" in world.screen(MANAGER).text
        assert (await _answers(world))["why"] == '"Доставка вовремя"'
        await world.say(ANNA, "и коробка мятая")
        await _changed(world, "edited_message", _typed(world), text="и коробка цела", edit_date=1)
        await world.pass_time(days=30)
        await _changed(world, "edited_message", message, text="Поздно", edit_date=1)
        assert world.screen(ANNA).text == "Опрос закрыт: Ваш ответ остался прежним."
        assert (await _answers(world))["why"] == '"Доставка вовремя"'
    kept = (await _kept(world))[0]
    assert (kept.text, kept.edited_at is not None) == ("и коробка цела", True)


async def test_a_voice_and_a_picture_are_kept_and_shown_to_who_may_see_them(world: World) -> None:
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.arrive("M1", "C1", "C2")
        await world.launch("nps")
        await world.tap(ANNA, "3")
        world.sandbox.send_voice(ANNA, b"voice")
        await world.settle()
        assert "сохранили" in world.screen(ANNA).text
        world.sandbox.send_photo(ANNA, b"picture", caption="Вот такая коробка")
        await world.settle()
        assert (await _answers(world))["why"] == '"Вот такая коробка"'
        kinds = [(one.kind, one.text) for one in await _kept(world)]
        assert kinds == [("voice", ""), ("photo", "")]
        await world.tap(MANAGER, "Карточка клиента")
        before = len(world.sandbox.messages(MANAGER))
        await world.tap(MANAGER, next(one for one in world.labels(MANAGER) if "голосовое" in one))
        shown = world.sandbox.messages(MANAGER)[before:]
        assert [("voice" in one.body) for one in shown] == [True]
        number = (await _kept(world))[0].id
        toast = await world.forge(BORIS, f"1:m:remark:{number}")
        assert toast
        assert not any("voice" in one.body for one in world.sandbox.messages(BORIS))


async def test_words_that_fit_no_button_are_kept_too(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        said = await world.say(ANNA, "ваш курьер нахамил")
        assert "Ваши слова тоже сохранены." in said.text
        await world.say(ANNA, "12")
    assert [one.text for one in await _kept(world)] == ["ваш курьер нахамил"]


async def test_anothers_words_are_never_the_answer(world: World) -> None:
    async with world.bot():
        await world.arrive("M1", "C1")
        await world.launch("nps")
        await world.tap(ANNA, "3")
        content = {"text": "у меня всё хорошо", "forward_origin": FORWARDED}
        await _changed(world, "message", 900, **content)
        assert "своими словами" in world.screen(ANNA).text
        assert "why" not in await _answers(world)
        await world.tap(ANNA, "Пропустить")
        told = next(one for one in world.sandbox.messages(MANAGER) if "оценка: 3" in one.text)
        assert "«у меня всё хорошо» (переслано)" in told.text
    kept = (await _kept(world))[0]
    assert (kept.text, kept.forwarded) == ("у меня всё хорошо", True)


async def test_anothers_card_in_a_survey_is_not_asked_to_be_ones_own(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        world.sandbox.share_contact(ANNA, phone="+79120000003", of=BORIS)
        await world.settle()
        assert "Давайте ответим на вопрос выше" in world.screen(ANNA).text


async def test_what_follows_nothing_is_no_remark(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        said = await world.say(ANNA, "здравствуйте")
        assert "добавили" not in said.text
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await world.tap(ANNA, "Пропустить")
        await world.pass_time(days=20)
        assert "добавили" not in (await world.say(ANNA, "здравствуйте ещё раз")).text
    assert await _kept(world) == []


async def test_an_anonymous_survey_takes_typed_words_alone(tmp_path: Path) -> None:
    async with small_world(tmp_path, [SURVEY]) as world, world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        world.sandbox.send_voice(MANAGER, b"voice")
        await world.settle()
        assert "не сохранено" in world.screen(MANAGER).text
        await world.say(MANAGER, "Больше тишины")
        await world.tap(MANAGER, "Да")
        assert "не сохраняется" in (await world.say(MANAGER, "и ещё: начальник кричит")).text
    async with world.database() as database, database.reading() as reader:
        assert await reader.scalar(select(func.count()).select_from(remark_rows)) == 0
