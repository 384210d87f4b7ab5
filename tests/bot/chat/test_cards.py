"""A customer's card: for admins anybody's, for a manager their own customers' only."""

import json
from decimal import Decimal
from html import escape
from pathlib import Path

import pytest

from bot.says.fitting import units
from storage.answering import answers, invitations
from storage.asking import campaigns, definitions, events
from storage.asking.campaigns import CampaignDraft
from storage.database import open_database
from storage.people import links, people
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from tests.bot.lists.test_people import become_admin, person
from tests.bot.test_links import LINK, newest_picture
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, World, small_world

ANNAS = PersonRow(
    role="customer",
    external_id="C1",
    name="Анна Попова",
    first_name="Анна",
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
        assert "Такой клиент не нашёлся" in (await company.say(MANAGER, "/card Чужая")).text
        for place in ("card", "card_link"):
            assert await company.forge(MANAGER, f"1:m:{place}:{foreign.id}")
            assert "Чужая" not in company.screen(MANAGER).text
        assert "Анна Чужая" in (await company.say(ADMIN, "/card чужая")).text
        several = await company.say(ADMIN, "/card анна")
        assert [one.label for one in several.buttons] == ["1. Анна Попова", "2. Анна Чужая"]


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
        manager = await people.by_address(tx, of_telegram(MANAGER))
        assert manager is not None
        await people.leave_all(tx, [manager.id], START)
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
        assert "Здравствуйте, Анна!" in sent.text
        await company.start(ANNA, found[1])
        anna = await person(company, "C1")
    assert anna is not None
    assert anna.address == of_telegram(ANNA)


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


async def _long_history(company: World, *, invitations_made: int) -> None:
    """Give a customer purchases, attributes and long answers beyond what a message holds."""
    url = company.settings.database_url
    own = {f"Поле {number} \N{GRINNING FACE}": "&<\N{GRINNING FACE}>" * 60 for number in range(30)}
    row = ANNAS._replace(name="\N{GRINNING FACE}&" * 120, attributes=own)
    async with open_database(url) as database, database.transaction() as tx:
        await people_import.apply(tx, [row], START)
        anna = await people.by_external(tx, "C1")
        manager = await people.by_external(tx, "M1", "manager")
        nps = await definitions.latest(tx, "nps")
        assert anna is not None
        assert manager is not None
        assert nps is not None
        for number in range(9):
            await events.add(
                tx, "deal-closed", f"{number}-" + "9" * 90, anna.id, manager.id, START, Decimal(7)
            )
        draft = CampaignDraft(nps.id, "Опрос", 14)
        campaign = await campaigns.create(tx, draft, None, START)
        for number in range(invitations_made):
            wave = await campaigns.start_wave(tx, campaign.id, str(number), START, START)
            made = await invitations.create(
                tx, wave.id, anna.id, nps.id, "invitation", START, START, None
            )
            await answers.keep(tx, made.id, "recommend", "3", 3.0, START)
            said = json.dumps("Плохо <&> " * 200)
            await answers.keep(tx, made.id, "why", said, None, START)
            await invitations.finish(tx, made.id, START)


async def test_a_card_with_a_very_long_history_is_one_message_and_counts_the_rest(
    company: World,
) -> None:
    await _long_history(company, invitations_made=40)
    async with company.bot():
        await become_admin(company)
        card = (await company.say(ADMIN, "/card C1")).text
    assert 3000 < units(escape(card)) <= 4096
    left = [line for line in card.splitlines() if line.startswith("…")]
    fields = sum(line.startswith("Поле") for line in card.splitlines())
    assert left[0] == f"… и ещё {30 - fields} полей"
    assert left[1] == "… и ещё 4 раньше"
    asked = card.count("ответ получен")
    assert 0 < asked < 6
    assert left[-1] == f"… и ещё {40 - asked} раньше"
    assert sum(line.startswith("• 15 сентября 2026, сделка") for line in card.splitlines()) == 5


async def test_a_card_lists_the_latest_purchases(company: World) -> None:
    async with company.bot():
        await become_admin(company)
        for deal, amount in (("D-1042", "12500"), ("D-1043", "990,5"), ("", "")):
            await company.operate(
                "tell_event",
                event="deal-closed",
                customer="C1",
                deal=deal,
                manager="M1",
                amount=amount,
            )
        card = (await company.say(ADMIN, "/card C1")).text
    purchases = (
        card.partition("Покупки\n")[2].partition("\n\n")[0].replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "Последняя покупка: 15 сентября 2026" in card
    assert purchases.splitlines() == [
        "• 15 сентября 2026, Мария Менеджер",
        "• 15 сентября 2026, сделка D-1043, 990,50, Мария Менеджер",
        "• 15 сентября 2026, сделка D-1042, 12 500, Мария Менеджер",
    ]


async def test_a_card_says_that_a_letters_link_is_unused_and_offers_no_link_to_who_is_here(
    company: World,
) -> None:
    async with company.bot():
        await become_admin(company)
        await company.arrive("C2")
        launched = await company.launch("nps")
        await company.operate("wave_links", wave=launched["wave"])
        card = (await company.say(ADMIN, "/card Попова")).text
        assert "выдана личная ссылка, по ней ещё не пришли" in card
        assert "Личная ссылка" in company.labels(ADMIN)
        await company.say(ADMIN, "/card Борис")
        assert company.labels(ADMIN) == [
            "Больше не наш клиент",
            "Выдать все данные",
            "Стереть все данные",
            "‹ Клиенты",
        ]
