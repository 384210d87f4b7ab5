"""A company that has not said its name yet asks nobody, and says where the name is set."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cli.upkeep.doctor.database import look_inside
from bot.errors import Refused
from bot.operations.compose import first_screen
from bot.operations.copies.backups import shelf_of
from bot.operations.nameless import CompanyNameless
from bot.operations.ways_in.letters import letter_of
from bot.says.survey_screens import ConsentReader, SurveyView, consent
from bot.says.taps import MenuTap
from storage.asking import campaigns, definitions
from storage.people import people, workspace
from storage.people.workspace import Workspace
from surveys.messages import LANGUAGES, Language
from surveys.survey.placeholders import Placeholders, fill
from templates.cards import LinkCard, render_cards
from templates.texts import Texts
from tests.bot.chat.test_wizard import begin_nps, choose, claim
from tests.bot.world import ADMIN, ANNA, MANAGER, World

EVERY_MONTH = "survey: nps\nwhen: {repeat: monthly}\n"
AFTER_A_DEAL = "survey: service_request\nwhen: {event: deal-closed, after_hours: 2}\n"


async def _forget_the_name(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        await workspace.save(tx, replace(await workspace.get(tx), company=""))


@pytest.fixture
async def nameless(world: World) -> World:
    """A company whose name nobody has set."""
    await _forget_the_name(world)
    return world


async def _asked(world: World) -> int:
    async with world.database() as database, database.reading() as reader:
        found = await campaigns.list_all(reader)
        return len(found) + sum([len(await campaigns.waves_of(reader, one.id)) for one in found])


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("start_campaign", {"survey": "nps"}),
        ("start_campaign", {"survey": "manager_self_assessment"}),
        ("start_campaign", {"text": EVERY_MONTH}),
        ("start_campaign", {"text": AFTER_A_DEAL}),
        ("issue_links", {"again": True}),
        ("issue_links", {"person": "C1"}),
        ("issue_open_link", {"label": "у кассы"}),
        ("add_manager", {"name": "Пётр", "person": "M9"}),
    ],
    ids=str,
)
async def test_operations_that_ask_or_invite_are_refused(
    nameless: World, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(CompanyNameless, match="otklik company --name"):
        await nameless.operate(operation, **arguments)
    assert await _asked(nameless) == 0
    async with nameless.database() as database, database.reading() as reader:
        assert await people.by_external(reader, "M9", "manager") is None


async def test_looking_and_what_needs_no_name_go_on(nameless: World) -> None:
    assert (await nameless.operate("preview_campaign", survey="nps"))["survey"] == "nps"
    assert (await nameless.operate("list_open_links"))["open_links"] == []
    assert (await nameless.operate("add_admin", telegram_id=ADMIN))["telegram_id"] == ADMIN


async def test_another_wave_and_its_links_wait_for_the_name(world: World) -> None:
    async with world.bot():
        first = await world.launch("nps")
    await _forget_the_name(world)
    async with world.bot():
        for operation, of in (("next_wave", {"label": "after"}), ("wave_links", {})):
            which = {"campaign": first["campaign"]} if of else {"wave": first["wave"]}
            with pytest.raises(Refused, match="otklik company --name"):
                await world.operate(operation, **which, **of)


async def test_the_wizard_shows_the_count_and_where_the_name_is_set(nameless: World) -> None:
    async with nameless.bot():
        await nameless.arrive("C1")
        await claim(nameless)
        await begin_nps(nameless)
        assert "1 человек получит приглашение" in await choose(nameless, "Все клиенты")
        said = await choose(nameless, "Запустить")
        assert "ещё нет названия" in said
        assert await _asked(nameless) == 0
        await choose(nameless, "Название компании")
        assert "Спрашивает: Ромашка" in (await nameless.say(ADMIN, "Ромашка")).text
        await nameless.say(ADMIN, "/menu")
        await choose(nameless, "Новая кампания")
        await choose(nameless, "Продолжить")
        await choose(nameless, "Запустить")
        assert "«Ромашка»" in nameless.screen(ANNA).text


async def test_links_in_the_chat_wait_too_and_a_manager_is_sent_to_an_admin(
    nameless: World,
) -> None:
    async with nameless.bot():
        await claim(nameless)
        for place in (("links_file", "xlsx"), ("open_new", "30"), ("manager_new",)):
            await nameless.forge(ADMIN, MenuTap(place[0], place[1:]).pack())
            assert "ещё нет названия" in nameless.screen(ADMIN).text, place
            await nameless.say(ADMIN, "/menu")
        await nameless.forge(ADMIN, MenuTap("admin_new_do").pack())
        assert [one for one in nameless.sandbox.messages(ADMIN) if "photo" in one.body]
        await nameless.arrive("M1")
        async with nameless.database() as database, database.reading() as reader:
            customer = await people.by_external(reader, "C2")
        assert customer is not None
        await nameless.forge(MANAGER, MenuTap("card_link", (str(customer.id),)).pack())
        assert "администратора" in nameless.screen(MANAGER).text


async def test_what_falls_due_asks_nobody_and_says_so_once(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await claim(world)
        for plan in (EVERY_MONTH, AFTER_A_DEAL):
            await world.operate("start_campaign", text=plan)
    await _forget_the_name(world)
    async with world.bot():
        asked = await _asked(world)
        for deal in ("D-1", "D-2"):
            told = {"event": "deal-closed", "customer": "C1", "deal": deal}
            await world.operate("tell_event", **told)
            await world.pass_time(days=31)
        said = [one.text for one in world.sandbox.messages(ADMIN)]
        assert len([one for one in said if "никого не спросили" in one]) == 2
        assert await _asked(world) == asked
        await world.operate("company", name="Ромашка")
        await world.pass_time(days=31)
        assert await _asked(world) == asked + 1


async def test_doctor_says_where_the_name_is_set(nameless: World) -> None:
    found, _ = await look_inside(nameless.settings, shelf_of(nameless.settings))
    said = [one.sentence for one in found if str(one.subject) == "company"]
    assert [sentence for sentence in said if "otklik company --name" in sentence]


async def test_invitations_and_links_quote_nothing(world: World) -> None:
    async with world.database() as database, database.reading() as reader:
        nps = await definitions.latest(reader, "nps")
        anna = await people.by_external(reader, "C1")
    assert anna is not None
    assert nps is not None
    view = SurveyView(nps.survey, 1, Texts("ru"), Placeholders("", "Анна"))
    letter = letter_of(
        anna, "https://a.ru/a/x", nps.survey, "Анна", Workspace(bot_username="bot"), Texts("ru")
    )
    for text in (first_screen(view).text, letter):
        assert "Нам важно узнать Ваше мнение." in text
        assert "«»" not in text
    assert "порекомендуете компанию" in first_screen(view).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", ["customer", "staff", "expert"])
def test_a_consent_begins_with_no_empty_line(language: Language, reader: ConsentReader) -> None:
    assert "<b></b>" not in consent(Texts(language), "", "telegram", reader).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_quote_nothing(language: Language) -> None:
    for link in ("https://t.me/bot?start=x", "https://example.com/a/x"):
        page = render_cards("", [LinkCard("Anna", "", link)], language)
        assert "«»" not in page
        assert ("нам важно" if language == "ru" else "we would like") in page


def test_a_questions_empty_quotation_marks_go() -> None:
    asked = "Порекомендуете компанию «{company}» друзьям?"
    assert fill(asked, Placeholders("")) == "Порекомендуете компанию друзьям?"
