"""A customer's way through the chat, over HTTP, with the real dispatcher and database."""

from storage.answering import answers, invitations
from storage.people import people
from storage.people.addresses import of_telegram
from tests.bot.world import ANNA, BORIS, STRANGER, World


async def _answers(world: World, telegram_id: int) -> dict[str, str]:
    async with world.database() as database, database.reading() as reader:
        person = await people.by_address(reader, of_telegram(telegram_id))
        assert person is not None
        found = await invitations.of_person(reader, person.id)
        return await answers.given(reader, found[0].id) if found else {}


async def test_a_personal_link_leads_through_consent_to_the_first_question(world: World) -> None:
    async with world.bot():
        await world.start(ANNA, world.tokens["C1"])
        assert "Ромашка &lt;и Ко&gt;" not in world.screen(ANNA).text
        assert "Ромашка <и Ко>" in world.screen(ANNA).text
        assert world.labels(ANNA) == ["Согласен", "Прочитать согласие", "Нет, спасибо"]
        await world.tap(ANNA, "Согласен")
        assert world.labels(ANNA) == []
        await world.launch("nps")
        assert world.labels(ANNA)[:11] == [str(point) for point in range(11)]


async def test_a_whole_survey_is_one_message_edited_and_thanks_by_segment(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        invitation = world.screen(ANNA)
        why = await world.tap(ANNA, "9")
        assert why.message_id == invitation.message_id
        assert "2 из 2" in why.text
        assert "самое ценное" in why.text
        thanks = await world.say(ANNA, "Отвечают <b>быстро</b> & вежливо 🙂 שלום")
        assert "Изменить ответы" in world.labels(ANNA)[-1]
        assert thanks.message_id > invitation.message_id
    assert await _answers(world, ANNA) == {
        "recommend": "9",
        "why": '"Отвечают <b>быстро</b> & вежливо 🙂 שלום"',
    }


async def test_back_and_a_changed_mind_replace_the_answer(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "3")
        again = await world.tap(ANNA, "‹ Назад")
        assert "Ваш ответ: 3" in again.text
        await world.tap(ANNA, "8")
        await world.tap(ANNA, "Пропустить")
        await world.tap(ANNA, "Изменить ответы")
        await world.tap(ANNA, "10")
    assert (await _answers(world, ANNA))["recommend"] == "10"


async def test_changing_answers_opens_a_new_message_and_leaves_the_thanks(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        thanks = await world.tap(ANNA, "Пропустить")
        data = thanks.buttons[-1].data
        assert data is not None
        first = await world.tap(ANNA, "Изменить ответы")
        assert first.message_id > thanks.message_id
        assert "1 из 2" in first.text
        [left] = [
            one for one in world.sandbox.messages(ANNA) if one.message_id == thanks.message_id
        ]
        assert "Спасибо" in left.text
        assert not left.buttons
        await world.forge(ANNA, data, thanks.message_id)
        assert len(world.sandbox.messages(ANNA)) == first.message_id, "a second tap adds nothing"
        await world.tap(ANNA, "10")
        await world.tap(ANNA, "Пропустить")
    assert (await _answers(world, ANNA))["recommend"] == "10"


async def test_seven_points_are_four_and_three(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("service_request")
        rows = world.screen(ANNA).body["reply_markup"]["inline_keyboard"]
        assert [len(row) for row in rows] == [4, 3]


async def test_typed_words_where_a_number_is_due_get_a_kind_sentence(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        for text in ("одиннадцать", "11", "-1", "7,5", "٩9x"):
            said = await world.say(ANNA, text)
            assert not said.buttons, text
            assert said.text
        assert await _answers(world, ANNA) == {}
        await world.say(ANNA, " 9 ")
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_hostile_and_endless_text_is_kept_or_kindly_refused(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "2")
        refused = await world.say(ANNA, "а" * 5000)
        assert "4" in refused.text
        assert "why" not in await _answers(world, ANNA)
        await world.say(ANNA, "ы" * 4096)
        assert (await _answers(world, ANNA))["why"] == f'"{"ы" * 4096}"'
        await world.tap(ANNA, "Изменить ответы")
        again = await world.tap(ANNA, "2")
        assert "ыыы…" in again.text
        await world.say(ANNA, "плохо\x00\ud800<script>")
        assert (await _answers(world, ANNA))["why"] == '"плохо  <script>"'


async def test_stale_doubled_forged_and_foreign_taps_change_nothing(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        first = world.screen(ANNA)
        data = next(button.data for button in first.buttons if button.label == "9")
        assert data is not None
        await world.tap(ANNA, "9")
        assert await world.forge(ANNA, data, first.message_id)
        assert await world.forge(ANNA, data.replace(":9", ":3"), first.message_id)
        assert await world.forge(BORIS, data)
        assert await world.forge(ANNA, "1:a:999:0:9")
        assert await world.forge(ANNA, "что-то чужое")
        assert await _answers(world, ANNA) == {"recommend": "9"}
        assert await _answers(world, BORIS) == {}
        assert "2 из 2" in world.screen(ANNA).text


async def test_a_survey_goes_on_after_a_restart_at_any_point(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("loyalty")
        await world.tap(ANNA, "9")
    async with world.bot():
        await world.tap(ANNA, "8")
    async with world.bot():
        shown = await world.say(ANNA, "/start")
        assert "3 из" in shown.text
        await world.tap(ANNA, "7")
    answers = await _answers(world, ANNA)
    assert [answers[key] for key in ("recommend", "buy_again", "try_other")] == ["9", "8", "7"]


async def test_strangers_and_wrong_links_are_turned_away_politely(world: World) -> None:
    async with world.bot():
        await world.start(STRANGER)
        for text in ("привет", "/start", "/menu", "/digest", "/stop", "/help", "/whatever"):
            said = await world.say(STRANGER, text)
            assert said.text
            assert not said.buttons
        await world.start(STRANGER, "not-a-token")
        assert "не" in world.screen(STRANGER).text
        await world.arrive("C1")
        await world.start(STRANGER, world.tokens["C1"])
        assert "кому-то другому" in world.screen(STRANGER).text
    async with world.database() as database, database.reading() as reader:
        assert await people.by_address(reader, of_telegram(STRANGER)) is None


async def test_an_unknown_command_is_never_taken_for_an_answer(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        said = await world.say(ANNA, "/whatever")
        assert "/help" in said.text
        assert "why" not in await _answers(world, ANNA)


async def test_stop_ends_invitations_and_start_brings_them_back(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.say(ANNA, "/stop")
        refused = await world.operate("preview_campaign", survey="nps")
        assert refused["invited"] == 0
        assert refused["reasons"]["opted_out"] == 1
        await world.say(ANNA, "/start")
        assert (await world.operate("preview_campaign", survey="nps"))["invited"] == 1


async def test_the_language_is_switched_by_a_button(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.say(ANNA, "/language")
        said = await world.tap(ANNA, "English")
        assert "English" in said.text
        await world.launch("nps")
        assert "How likely" in world.screen(ANNA).text


async def test_the_open_question_is_asked_in_the_new_language_where_it_stands(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        invitation = world.screen(ANNA)
        await world.say(ANNA, "/language")
        await world.tap(ANNA, "Русский")
        [stays] = [
            one for one in world.sandbox.messages(ANNA) if one.message_id == invitation.message_id
        ]
        assert stays.text == invitation.text, "who sees the answers is not taken away"
        before = len(world.sandbox.messages(ANNA))
        await world.say(ANNA, "/language")
        await world.tap(ANNA, "English")
        await world.settle()
        shown = {one.message_id: one for one in world.sandbox.messages(ANNA)}
        assert len(shown) == before + 2, "the command and its reply, and no second invitation"
        assert "would like to know your opinion" in shown[invitation.message_id].text
        assert "How likely" in shown[invitation.message_id].text
        nine = next(one.data for one in invitation.buttons if one.label == "9" and one.data)
        await world.forge(ANNA, nine, invitation.message_id)
        await world.say(ANNA, "/language")
        await world.tap(ANNA, "Русский")
        await world.settle()
        await world.say(ANNA, "/language")
        before = len(world.sandbox.messages(ANNA))
        await world.tap(ANNA, "English")
        await world.settle()
        shown = {one.message_id: one for one in world.sandbox.messages(ANNA)}
        assert len(shown) == before, "nobody is notified again"
        assert "2 of 2" in shown[invitation.message_id].text
        assert "Skip" in [one.label for one in shown[invitation.message_id].buttons]
        await world.say(ANNA, "Quick")
    assert await _answers(world, ANNA) == {"recommend": "9", "why": '"Quick"'}


async def test_a_photo_where_words_are_due_is_answered_and_loses_nothing(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        world.sandbox.send_photo(ANNA, b"\x89PNG\r\n")
        await world.settle()
        assert world.screen(ANNA).text
        assert await _answers(world, ANNA) == {}


async def test_who_comes_while_a_campaign_runs_is_asked_at_once(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.arrive("C2")
        assert world.labels(BORIS)[:3] == ["0", "1", "2"]
        await world.tap(BORIS, "6")
    assert await _answers(world, BORIS) == {"recommend": "6"}
