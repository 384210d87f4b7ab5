"""A customer's card: for admins anybody's, for a manager their own customers' only."""

from pathlib import Path

import pytest

from storage import invitations, links, people, people_import
from storage.database import open_database
from storage.people_import import PersonRow
from tests.bot.test_links import LINK, newest_picture
from tests.bot.test_people import become_admin, person
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, World, small_world

ANNAS = PersonRow(
    role="customer",
    external_id="C1",
    name="Анна Попова",
    company="ООО <Лес>",
    position="закупщик",
    phone="+79120000001",
    email="anna@les.ru",
    attributes={"Город": "Пермь"},
)
ANONYMOUS = """
key: secret
title: {ru: Тайна, en: Secret}
audience: customers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
sees: {ru: Ответы анонимны., en: Answers are anonymous.}
questions:
  - key: wish
    kind: text
    text: {ru: Что изменить, en: What should change}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""
OTHERS = PersonRow(role="manager", external_id="M2", name="Олег")
FOREIGN = PersonRow(role="customer", external_id="C9", name="Анна Чужая", manager_external_id="M2")


@pytest.fixture
async def company(world: World) -> World:
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        await people_import.apply(tx, [ANNAS, OTHERS, FOREIGN], START)
    return world


async def test_a_manager_reads_a_card_with_contacts_history_and_answers(company: World) -> None:
    async with company.bot():
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
        await company.arrive("C1")
        await company.launch("nps")
        await company.tap(ANNA, "9")
        await company.say(ANNA, "Быстро <b>и</b> вежливо")
        card = (await company.say(MANAGER, "/card попова")).text
    for part in (
        "Анна Попова",
        "закупщик, ООО <Лес>",
        "+79120000001",
        "anna@les.ru",
        "Мария Менеджер",
        "Город: Пермь",
        "— 9",
        "Быстро <b>и</b> вежливо",
    ):
        assert part in card


async def test_a_manager_sees_nobody_elses_customers(company: World) -> None:
    async with company.bot():
        await become_admin(company)
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
        foreign = await person(company, "C9")
        assert foreign is not None
        found = await company.say(MANAGER, "/card Анна")
        assert "Анна Попова" in found.text
        assert "Чужая" not in found.text
        assert "Такого Вашего клиента нет" in (await company.say(MANAGER, "/card Чужая")).text
        for place in ("card", "card_link"):
            assert await company.forge(MANAGER, f"1:m:{place}:{foreign.id}")
            assert "Чужая" not in company.screen(MANAGER).text
        assert "Анна Чужая" in (await company.say(ADMIN, "/card чужая")).text
        several = await company.say(ADMIN, "/card анна")
        assert [one.label for one in several.buttons] == ["Анна Попова", "Анна Чужая"]


async def test_an_anonymous_surveys_answers_are_on_no_card(tmp_path: Path) -> None:
    async with small_world(tmp_path, [ANONYMOUS]) as world, world.bot():
        await become_admin(world)
        await world.arrive("C1")
        await world.launch("secret")
        await world.say(ANNA, "Менеджер груб")
        card = (await world.say(ADMIN, "/card Анна")).text
    assert "Тайна" in card
    assert "ответ получен" in card
    assert "груб" not in card


async def test_customers_and_strangers_get_no_cards(company: World) -> None:
    async with company.bot():
        await company.arrive("C1")
        said = await company.say(ANNA, "/card Анна")
        assert "+7912" not in said.text
        anna = await person(company, "C1")
        assert anna is not None
        assert "больше не действует" in await company.forge(ANNA, f"1:m:card:{anna.id}")


async def test_a_manager_who_left_sees_no_cards(company: World) -> None:
    async with company.bot():
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
    url = company.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        manager = await people.by_telegram(tx, MANAGER)
        assert manager is not None
        await people.leave(tx, manager.id, START)
    async with company.bot():
        assert "Попова" not in (await company.say(MANAGER, "/card")).text


async def test_a_card_makes_a_link_to_send_on(company: World) -> None:
    async with company.bot():
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
        await company.say(MANAGER, "/card Попова")
        await company.tap(MANAGER, "Личная ссылка")
        sent = newest_picture(company, MANAGER)
        found = LINK.search(sent.text)
        assert found is not None
        assert "Здравствуйте, Анна Попова!" in sent.text
        await company.start(ANNA, found[1])
        anna = await person(company, "C1")
    assert anna is not None
    assert anna.telegram_id == ANNA


async def _touchpoint(world: World, external_id: str) -> str:
    found = await person(world, external_id)
    assert found is not None
    async with world.database() as database, database.reading() as reader:
        (invitation,) = await invitations.of_person(reader, found.id)
    return invitation.touchpoint


async def _links(world: World, telegram_id: int, name: str) -> str:
    """Let somebody of the staff make a personal link on a card; return its token."""
    await world.say(telegram_id, f"/card {name}")
    await world.tap(telegram_id, "Личная ссылка")
    found = LINK.search(newest_picture(world, telegram_id).text)
    assert found is not None
    return found[1]


async def test_who_came_by_their_managers_own_link_is_told_apart(company: World) -> None:
    async with company.bot():
        await become_admin(company)
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
        await company.launch("nps")
        by_manager = await _links(company, MANAGER, "Попова")
        by_admin = await _links(company, ADMIN, "Борис")
        await company.start(ANNA, by_manager)
        await company.tap(ANNA, "Согласен")
        await company.tap(ANNA, "9")
        await company.start(BORIS, by_admin)
        await company.tap(BORIS, "Согласен")
    assert await _touchpoint(company, "C1") == "manager"
    assert await _touchpoint(company, "C2") == "invitation"


async def test_a_letter_of_the_company_is_overtaken_by_the_managers_own_link(
    company: World,
) -> None:
    async with company.bot():
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
        launched = await company.launch("nps")
        await company.operate("wave_links", wave=launched["wave"])
        assert await _touchpoint(company, "C1") == "link"
        await company.start(ANNA, await _links(company, MANAGER, "Попова"))
        await company.tap(ANNA, "Согласен")
    assert await _touchpoint(company, "C1") == "manager"


async def test_only_the_first_link_says_how_somebody_came(company: World) -> None:
    async with company.bot():
        await company.start(MANAGER, company.tokens["M1"])
        await company.tap(MANAGER, "Согласен")
        token = await _links(company, MANAGER, "Попова")
        await company.start(ANNA, company.tokens["C1"])
        await company.pass_time(hours=1)
        await company.start(ANNA, token)
    anna = await person(company, "C1")
    assert anna is not None
    async with company.database() as database, database.reading() as reader:
        assert await links.came_by(reader, anna.id) is None
