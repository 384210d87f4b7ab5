"""Customers who write unasked, and the replies of staff: by the bot, each to whom it is for."""

import re
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.operations.cases.correspondence import pieces
from bot.says.taps import MenuTap
from storage.cases import cases
from storage.cases.cases import Case, CaseEvent
from storage.people import addresses, people
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.tables.events import drafts
from storage.tables.surveys import remarks
from tests.bot.chat.test_anonymous import SURVEY as ANONYMOUS
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, World, small_world
from tests.engines import on_both

OTHER = 77


async def _begin(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        await people_import.apply(tx, [PersonRow("manager", "M2", "Другой Менеджер")], START)
        other = await people.by_external(tx, "M2", "manager")
        assert other is not None
        await addresses.bind(tx, other.id, of_telegram(OTHER))
        await people.consent(tx, other.id, "1", START)
    world.sandbox.add_user("Other", user_id=OTHER, started=True)


async def _come(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1", "C2")


async def _case(world: World, number: int = 1) -> tuple[Case | None, Sequence[CaseEvent]]:
    async with world.database() as database, database.reading() as reader:
        return await cases.get(reader, number), await cases.history(reader, number)


def _count(world: World) -> dict[int, int]:
    return {one: len(world.sandbox.messages(one)) for one in (ADMIN, MANAGER, OTHER, BORIS)}


async def test_what_a_customer_writes_is_offered_passed_on_and_answered(world: World) -> None:
    await _begin(world)
    async with world.bot():
        await _come(world)
        before = _count(world)
        offered = await world.say(ANNA, "Где мой <b>заказ</b>?")
        assert offered.text == "Передать это Вашему менеджеру?"
        assert _count(world) == before, "nothing goes out unasked"
        assert (await _case(world))[0] is None
        passed = await world.tap(ANNA, "Передать")
        assert "Ответ придёт сюда" in passed.text
        assert "Где мой <b>заказ</b>?" in world.screen(MANAGER).text
        assert _count(world) == {**before, MANAGER: before[MANAGER] + 1}
        await world.tap(MANAGER, "Ответить")
        sent = await world.say(MANAGER, "Едет, <i>завтра</i> будет")
        assert "отправляется" in sent.text
        assert "Мария Менеджер пишет:" in world.screen(ANNA).text
        assert "Едет, <i>завтра</i> будет" in world.screen(ANNA).text
        # What follows goes the same way without a question.
        await world.say(ANNA, "Спасибо!")
        assert "Спасибо!" in world.screen(MANAGER).text
        one, history = await _case(world)
        assert one is not None
        assert (one.invitation_id, one.first_response_at) == (None, START)
        assert [event.kind for event in history] == ["opened", "said", "replied", "said"]
        shown = await world.tap(MANAGER, "Обращение")
        assert "письмо клиента: Где мой <b>заказ</b>?" in shown.text
        assert "Мария Менеджер, ответ: Едет, <i>завтра</i> будет" in shown.text


async def test_what_is_not_passed_on_is_not_kept(world: World) -> None:
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Секрет, не передавайте")
        said = await world.tap(ANNA, "Нет, спасибо")
        assert "ничего не передаю" in said.text
        assert (await _case(world))[0] is None
        late = await world.forge(ANNA, MenuTap("letter", ("yes",)).pack())
        assert late == ""
        assert "больше нет" in world.screen(ANNA).text


async def test_a_photo_and_several_messages_are_passed_on_together(world: World) -> None:
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Смотрите")
        world.sandbox.send_photo(ANNA, b"picture", caption="Коробка мятая")
        await world.settle()
        await world.tap(ANNA, "Передать")
        _, history = await _case(world)
        assert [(one.kind, one.details, one.file_kind) for one in history[1:]] == [
            ("said", "Смотрите", None),
            ("said", "Коробка мятая", "photo"),
        ]
        assert "Коробка мятая" in world.screen(MANAGER).text
        await world.tap(MANAGER, "Показать файл")
        await world.settle()
        assert "photo" in world.screen(MANAGER).body
        foreign = await world.forge(BORIS, MenuTap("case_file", (str(history[2].id),)).pack())
        assert foreign
        assert "photo" not in world.screen(BORIS).body


async def test_4096_characters_arrive_whole_both_ways(world: World) -> None:
    async with world.bot():
        await _come(world)
        words = ("&<слово> " * 600)[:4096].strip()
        await world.say(ANNA, words)
        await world.tap(ANNA, "Передать")
        got = [one.text for one in world.sandbox.messages(MANAGER)]
        assert "".join("".join(got).split()).endswith("".join(words.split()))
        await world.tap(MANAGER, "Ответить")
        await world.say(MANAGER, words)
        got = [one.text for one in world.sandbox.messages(ANNA)]
        assert "".join("".join(got).split()).endswith("".join(words.split()))


async def test_at_night_a_reply_waits_for_the_morning_unless_they_wrote_just_now(
    world: World,
) -> None:
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Перезвоните")
        await world.tap(ANNA, "Передать")
        await world.pass_time(hours=11)  # 23:00 in Moscow
        await world.tap(MANAGER, "Ответить")
        before = len(world.sandbox.messages(ANNA))
        said = await world.say(MANAGER, "Перезвоню утром")
        assert "У клиента ночь" in said.text
        assert len(world.sandbox.messages(ANNA)) == before
        await world.say(ANNA, "Я ещё не сплю")
        await world.tap(MANAGER, "Ответить")
        said = await world.say(MANAGER, "Тогда сейчас")
        assert "отправляется" in said.text
        await world.pass_time(hours=11)
        assert "Перезвоню утром" in "".join(one.text for one in world.sandbox.messages(ANNA))


async def test_other_peoples_chats_stay_closed(world: World) -> None:
    await _begin(world)
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Где заказ?")
        await world.tap(ANNA, "Передать")
        event = (await _case(world))[1][1].id
        await world.say(OTHER, "/menu")
        before = _count(world)
        for who in (OTHER, BORIS):
            for place in ("case", "case_write", "case_take", "case_note", "case_end", "case_done"):
                for arguments in (("1",), ("1", ""), ("1", "put_right")):
                    await world.forge(who, MenuTap(place, arguments).pack())
            await world.forge(who, MenuTap("case_file", (str(event),)).pack())
            await world.say(who, "Чужое письмо клиенту")
        assert (await _case(world))[1][-1].kind == "said"
        assert "Чужое письмо" not in world.screen(ANNA).text
        texts = "".join(one.text for who in (OTHER, BORIS) for one in world.sandbox.messages(who))
        assert "Где заказ" not in texts
        assert _count(world)[MANAGER] == before[MANAGER]


@on_both
async def test_a_manager_removed_while_replying_sends_nothing(world: World) -> None:
    await _begin(world)
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Где заказ?")
        await world.tap(ANNA, "Передать")
        await world.tap(MANAGER, "Ответить")
        await world.operate("leave", person="M1", to="M2")
        before = len(world.sandbox.messages(ANNA))
        await world.say(MANAGER, "Мой ответ")
        assert len(world.sandbox.messages(ANNA)) == before
        one, history = await _case(world)
        assert one is not None
        assert one.assignee == "Другой Менеджер"
        assert "replied" not in [event.kind for event in history]


async def test_staff_replies_with_a_voice_a_picture_and_a_file(world: World) -> None:
    await _begin(world)
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Где заказ?")
        await world.tap(ANNA, "Передать")
        await world.tap(MANAGER, "Ответить")
        world.sandbox.send_voice(MANAGER, b"voice")
        await world.settle()
        assert "отправляется" in world.screen(MANAGER).text
        head, file = world.sandbox.messages(ANNA)[-2:]
        assert "Мария Менеджер" in head.text
        assert "voice" in file.body
        await world.tap(MANAGER, "‹ Обращение")
        await world.tap(MANAGER, "Написать клиенту")
        world.sandbox.send_photo(MANAGER, b"picture", caption="Вот <накладная>")
        await world.settle()
        head, file = world.sandbox.messages(ANNA)[-2:]
        assert "Вот <накладная>" in head.text
        assert "photo" in file.body
        _, history = await _case(world)
        assert [(one.kind, one.file_kind, one.details) for one in history[-2:]] == [
            ("replied", "voice", ""),
            ("replied", "photo", "Вот <накладная>"),
        ]
        shown = await world.tap(MANAGER, "‹ Обращение")
        assert re.search(r"ответ: \[\w+\] Вот", shown.text)
        await world.say(OTHER, "/menu")
        toast = await world.forge(OTHER, MenuTap("case_file", (str(history[-1].id),)).pack())
        assert toast
        assert "photo" not in world.screen(OTHER).body


async def test_what_is_too_large_or_asked_in_words_is_not_sent(world: World) -> None:
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Где заказ?")
        await world.tap(ANNA, "Передать")
        before = len(world.sandbox.messages(ANNA))
        await world.tap(MANAGER, "Ответить")
        await _document(world, MANAGER, size=20_000_001)
        assert "не больше 20 МБ" in world.screen(MANAGER).text
        await world.tap(MANAGER, "‹ Обращение")
        await world.tap(MANAGER, "Заметка")
        world.sandbox.send_voice(MANAGER, b"voice")
        await world.settle()
        assert "только текст" in world.screen(MANAGER).text
        assert len(world.sandbox.messages(ANNA)) == before
        await world.tap(MANAGER, "‹ Обращение")
        await world.tap(MANAGER, "Написать клиенту")
        await world.say(MANAGER, "Словами")
        assert "Словами" in world.screen(ANNA).text


async def test_nothing_is_asked_to_be_typed_for_whom_it_cannot_reach(world: World) -> None:
    """It was told only after the message had been typed and sent."""
    async with world.bot():
        await _come(world)
        await world.say(ANNA, "Где заказ?")
        await world.tap(ANNA, "Передать")
        world.sandbox.block(ANNA)
        await world.settle()
        assert "написать нельзя" in (await world.tap(MANAGER, "Ответить")).text
        said = await world.say(MANAGER, "Сейчас позвоню")
        assert "позвоните" not in said.text, "it was not taken for the customer"


async def _document(world: World, who: int, size: int) -> None:
    user = {"id": who, "is_bot": False, "first_name": "Somebody", "language_code": "ru"}
    told = {
        "message_id": 9_000,
        "date": int(world.sandbox.clock.now().timestamp()),
        "chat": {"id": who, "type": "private", "first_name": "Somebody"},
        "from": user,
        "document": {"file_id": "large", "file_unique_id": "large", "file_size": size},
    }
    world.sandbox.inject({"message": told})
    await world.settle()


async def test_after_an_anonymous_survey_a_letter_goes_only_once_its_writer_says_so(
    tmp_path: Path,
) -> None:
    anonymous = ANONYMOUS.replace("managers", "customers")
    async with small_world(tmp_path, [anonymous]) as world, world.bot():
        await _come(world)
        await world.launch("mood")
        await world.tap(ANNA, "4")
        await world.say(ANNA, "Больше тишины")
        await world.tap(ANNA, "Да")
        said = await world.say(ANNA, "Перезвоните, пожалуйста")
        assert "не сохраняется" in said.text
        assert await _held(world) == []
        assert (await _case(world))[0] is None
        shown = await world.tap(ANNA, "Написать менеджеру")
        assert "под Вашим именем" in shown.text
        await world.say(ANNA, "Перезвоните мне")
        _, history = await _case(world)
        assert [(one.kind, one.details) for one in history] == [
            ("opened", None),
            ("said", "Перезвоните мне"),
        ]
        assert "Анна" in world.screen(MANAGER).text
        assert "Перезвоните мне" in world.screen(MANAGER).text
        told = "".join(one.text for one in world.sandbox.messages(MANAGER))
        assert "Больше тишины" not in told
        assert "пожалуйста" not in told


async def _held(world: World) -> Sequence[str]:
    """Return what is kept of a customer's words beside the answers."""
    async with world.database() as database, database.reading() as reader:
        waiting = await reader.scalars(select(drafts.c.content).where(drafts.c.topic == "letter"))
        return [*waiting, *await reader.scalars(select(remarks.c.text))]


@given(st.text(alphabet=st.sampled_from("а &<\n😀"), max_size=9_000))
def test_pieces_hold_all_the_words_and_fit(words: str) -> None:
    parts = list(pieces(words))
    assert "".join("".join(parts).split()) == "".join(words.split())
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)
