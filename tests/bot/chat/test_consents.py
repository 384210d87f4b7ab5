"""Consent is a text of its own, kept word for word, and taken back as easily as it was given."""

import pytest
from sqlalchemy import select

from bot.operations.privacy.consent_texts import checked
from bot.operations.privacy.consenting import refuse
from storage.people import people, workspace
from storage.people.addresses import of_telegram
from storage.privacy import consents
from storage.sending import inbox
from storage.tables.privacy import consents as said
from surveys.consents.texts import AUDIENCES, LONGEST, SHORTEST, filled, problem_of, usual
from surveys.messages import LANGUAGES
from templates.texts import Texts
from tests.bot.lists.test_people import become_admin
from tests.bot.web.browser import browser, with_pages
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, World

OWN = (
    "Наше согласие\n\n{operator} спрашивает Вас о том, как мы работаем, чтобы исправить то, что "
    "плохо. Мы храним имя, телефон и ответы: {kept}. Видят их только наши сотрудники. Отозвать "
    "согласие можно в любой момент командой /consent, а стереть всё сразу — командой /forget. <b>&"
)


async def _said(world: World) -> list[tuple[str, str]]:
    async with world.database() as database, database.reading() as reader:
        rows = await reader.all(select(said.c.kind, said.c.channel).order_by(said.c.id))
    return [(row["kind"], row["channel"]) for row in rows]


async def _version(world: World, telegram_id: int) -> str | None:
    async with world.database() as database, database.reading() as reader:
        person = await people.by_address(reader, of_telegram(telegram_id))
    assert person is not None
    return person.consent_version


def test_the_usual_texts_hold_what_a_companys_own_must() -> None:
    for language in LANGUAGES:
        for audience in AUDIENCES:
            assert problem_of(usual(language, audience)) is None
            assert "/consent" in usual(language, audience)
            said = filled(usual(language, audience), company="A", operator="Smith, Inc.", kept="x")
            assert "Smith, Inc." in said
            assert ".." not in said


@pytest.mark.parametrize(
    "text", ["{operator} " * 5, "{operator}" + "х" * LONGEST, "х" * SHORTEST, f"{OWN} {{name}}"]
)
def test_what_says_too_little_too_much_or_nobodys_is_refused(text: str) -> None:
    assert problem_of(text) is not None
    assert problem_of(OWN) is None
    assert checked(f" {OWN}\0 ") == OWN


async def test_the_text_is_read_before_agreeing_and_kept_word_for_word(world: World) -> None:
    async with world.bot():
        first = await world.start(ANNA, world.tokens["C1"])
        assert "отдельный документ" in first.text
        text = await world.tap(ANNA, "Прочитать согласие")
        assert "Оператор: Ромашка <и Ко>" in text.text
        assert "Ответы хранятся: 3 года." in text.text
        await world.tap(ANNA, "Согласен")
        stands = await world.say(ANNA, "/consent")
        assert "15 сентября 2026" in stands.text
        assert "редакция ru-1" in stands.text
        assert "Оператор: Ромашка <и Ко>" in (await world.tap(ANNA, "Прочитать текст")).text
    assert await _version(world, ANNA) == "ru-1"
    async with world.database() as database, database.reading() as reader:
        kept = await consents.text_of(reader, "ru-1")
        assert kept is not None
        assert kept.content.startswith("Согласие на обработку персональных данных")


async def test_who_writes_before_agreeing_is_asked_whether_they_agree(world: World) -> None:
    async with world.bot():
        await world.start(ANNA, world.tokens["C1"])
        await world.start(MANAGER, world.tokens["M1"])
        for who in (ANNA, MANAGER):
            assert "отдельный документ" in (await world.say(who, "Здравствуйте!")).text
            assert "Согласен" in world.labels(who)


async def test_one_tap_withdraws_and_nothing_more_is_asked_nor_kept(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        question = world.screen(ANNA)
        await world.say(ANNA, "/consent")
        await world.tap(ANNA, "Отозвать согласие")
        before = len(world.sandbox.messages(ANNA))
        await world.pass_time(days=8)
        assert len(world.sandbox.messages(ANNA)) == before, "not even the reminder comes"
        assert len(world.sandbox.messages(BORIS)) > 1
        ten = next(one.data for one in question.buttons if one.label == "10" and one.data)
        assert "сейчас нет" in await world.forge(ANNA, ten, question.message_id)
        assert "отдельный документ" in (await world.say(ANNA, "Всё равно скажу")).text
        await world.tap(ANNA, "Согласен")
        assert "10" in world.labels(ANNA), "who agrees again goes on where they were"
    assert await _said(world) == [
        ("given", "telegram"),
        ("given", "telegram"),
        ("withdrawn", "telegram"),
        ("given", "telegram"),
    ]


async def test_what_was_queued_is_taken_back_and_who_agrees_again_is_not_asked_twice(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
    await world.operate("start_campaign", survey="nps", segment=None)
    async with world.writing() as database, database.transaction() as tx:
        anna = await people.by_address(tx, of_telegram(ANNA))
        assert anna is not None
        space = await workspace.get(tx)
        await refuse(tx, anna, space, Texts("ru"), "telegram", world.sandbox.clock.now())
    async with world.bot():
        await world.settle()
        assert "10" in world.labels(BORIS)
        assert "10" not in world.labels(ANNA)
        await world.start(ANNA)
        assert "вопросов к Вам нет" in (await world.tap(ANNA, "Согласен")).text
    async with world.database() as database, database.reading() as reader:
        assert await inbox.parked(reader) == []


async def test_an_admin_writes_another_text_and_earlier_consents_keep_theirs(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("C1")
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Данные и согласие")
        await world.tap(ADMIN, "Кто отвечает за данные")
        named = await world.say(ADMIN, "ООО «Ромашка», ИНН 77, Москва")
        assert "За данные отвечает: ООО «Ромашка», ИНН 77, Москва" in named.text
        await world.tap(ADMIN, "для клиентов · Русский")
        await world.tap(ADMIN, "Написать другой")
        assert "нужно хотя бы" in (await world.say(ADMIN, "Коротко")).text
        shown = await world.say(ADMIN, OWN)
        assert "ООО «Ромашка», ИНН 77, Москва спрашивает" in shown.text
        assert shown.text.endswith("<b>&"), "markup in it is text"
        assert "Наше согласие" in (await world.tap(ADMIN, "Пусть действует этот текст")).text
        await world.arrive("C2")
        assert (await _version(world, ANNA), await _version(world, BORIS)) == ("ru-1", "ru-2")
        await world.say(ADMIN, "/menu")
        home = await world.tap(ADMIN, "Данные и согласие")
        assert "Редакция ru-2, для клиентов" in home.text
        await world.tap(ADMIN, "для клиентов · Русский ✎")
        assert "даю согласие" in (await world.tap(ADMIN, "Вернуть обычный текст")).text
        await world.start(MANAGER, world.tokens["M1"])
        staff = await world.tap(MANAGER, "Прочитать согласие")
        assert "сам оцениваю свою работу" in staff.text


async def test_everybody_is_asked_anew_before_the_next_survey_alone(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("C1", "C2")
        await world.launch("nps")
        begun = await world.tap(ANNA, "9")
        await world.pass_time(minutes=1)
        await world.say(ADMIN, "/menu")
        await world.tap(ADMIN, "Данные и согласие")
        await world.tap(ADMIN, "для клиентов · Русский")
        sure = await world.tap(ADMIN, "Спросить всех заново")
        assert "согласились 2 человека" in sure.text
        await world.tap(ADMIN, "Спросить всех заново")
        assert begun.text != (await world.say(ANNA, "Хорошо работаете")).text, (
            "what was begun goes on"
        )
        asked = await world.tap(BORIS, "3")
        assert "изменился" in asked.text
        await world.tap(BORIS, "Согласен")
        assert "3" in world.labels(BORIS)
        assert "изменился" not in (await world.tap(BORIS, "3")).text
    assert [kind for kind, _ in await _said(world)] == ["given", "given", "given"]
    async with world.database() as database, database.reading() as reader:
        assert await inbox.parked(reader) == []


async def test_who_declines_the_new_text_is_asked_no_more_and_keeps_what_they_said(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
        await world.pass_time(minutes=1)
    told = await world.operate("consent", anew=True)
    assert told["asked_anew"] == 1
    async with world.bot():
        await world.tap(ANNA, "9")
        assert "вопросов не будет" in (await world.tap(ANNA, "Нет, спасибо")).text
    assert [kind for kind, _ in await _said(world)] == ["given", "declined"]


async def test_a_page_asks_anew_before_the_first_answer(world: World) -> None:
    pages = with_pages(world)
    async with pages.bot(), browser(pages) as anna:
        await anna.open(f"/a/{pages.tokens['C1']}")
        await anna.press("Согласен")
        await pages.pass_time(minutes=1)
        await pages.operate("consent", anew=True)
        await pages.launch("nps")
        page = await anna.open(f"/a/{pages.tokens['C1']}")
        assert "изменился" in page.text
        assert "10" not in page.buttons
        page = await anna.press("Согласен")
        assert "10" in page.buttons


async def test_a_page_shows_the_text_folded_and_takes_the_consent_back(world: World) -> None:
    pages = with_pages(world)
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        page = await anna.open(f"/a/{pages.tokens['C1']}")
        assert "Согласие на обработку персональных данных" in page.text
        assert "Да, отозвать" not in page.buttons
        await anna.press("Согласен")
        page = await anna.press("Да, отозвать")
        assert "вопросов не будет" in page.text
        assert page.buttons[:1] == ["Согласен"]
        assert await _said(pages) == [("given", "web"), ("withdrawn", "web")]


async def test_who_answers_on_a_page_alone_erases_everything_there(world: World) -> None:
    pages = with_pages(world)
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        path = f"/a/{pages.tokens['C1']}"
        await anna.open(path)
        await anna.press("Согласен")
        await anna.press("9")
        page = await anna.press("Да, стереть всё")
        assert "стёрт" in page.text.lower()
        await pages.settle()
        async with pages.database() as database, database.reading() as reader:
            assert await people.by_external(reader, "C1") is None
        assert (await anna.open(path)).status == 404
        await pages.start(BORIS, pages.tokens["C2"])
        await pages.tap(BORIS, "Согласен")
        page = await anna.open(f"/a/{pages.tokens['C2']}")
        assert "Да, стереть всё" not in page.buttons, "who is in Telegram erases there"
