"""Admins, team leads and managers come and go; a team lead sees the team and hears what is about
its managers."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.chat.surveys.sheets import NamedSheet
from bot.operations import remote, staff
from bot.operations.campaigns import low_score_alerts
from bot.operations.leaving import let_go
from bot.operations.registry import OPERATIONS
from bot.roles import may_get
from bot.says.taps import MenuTap
from storage.answering import invitations
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.database import Transaction
from storage.people import addresses, people, workspace
from storage.people.addresses import of_telegram
from storage.sending.outbox import claim
from storage.tables.delivery import outbox
from storage.tables.people import people as persons
from surveys.survey.answers import Answer
from tests.bot.lists.test_people import as_csv, become_admin, person, send
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, STRANGER, World
from tests.engines import rows

LEAD = BORIS
"""Boris's account: here he is no customer but the lead of «Север»."""
STAFF = (
    ["id", "имя", "роль", "команда", "менеджер"],
    ["L1", "Лидия Старшая", "руководитель группы", "Север", ""],
    ["M2", "Пётр Южный", "менеджер", "Юг", ""],
    ["C7", "Юлия", "клиент", "", "M2"],
)


async def _operate(world: World, operation: str, **arguments: Any) -> dict[str, Any]:
    async def now() -> datetime:
        return world.sandbox.clock.now()

    return await remote.perform(world.settings, OPERATIONS, operation, now, arguments)


async def come_with_a_lead(world: World) -> None:
    """Let the admin, the manager, Anna and a lead of the manager's team come."""
    await become_admin(world)
    await world.arrive("M1", "C1")
    asked = {"person": "L1", "name": "Лидия Старшая", "teams": ["Север"]}
    made = await _operate(world, "add_lead", **asked)
    await world.start(LEAD, made["link"].rpartition("=")[2])
    await world.tap(LEAD, "Согласен")


async def _through(world: World, *labels: str) -> str:
    for label in labels:
        await world.tap(ADMIN, label)
    return world.screen(ADMIN).text


async def _score(world: World, score: str, words: str) -> None:
    await world.launch("nps")
    await world.tap(ANNA, score)
    await world.say(ANNA, words)
    await world.settle()


async def test_a_list_makes_a_team_lead_who_is_no_manager(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await send(world, as_csv([list(row) for row in STAFF]))
        await world.tap(ADMIN, "Загрузить: 3 человека")
        lead = await person(world, "L1", "manager")
        assert lead is not None
        assert (lead.leads, lead.is_manager) == (("Север",), False)
        launched = await world.launch("manager_self_assessment")
        decided = rows(world.settings.database_url, "SELECT wave_id, person_id FROM decisions")
        assert (launched["wave"], lead.id) not in decided


async def test_what_is_about_the_manager_goes_to_the_lead_and_to_nobody_else(world: World) -> None:
    async with world.bot():
        await come_with_a_lead(world)
        await _score(world, "1", "Мария хамит")
        assert "хамит" in world.screen(LEAD).text
        assert "ему это не отправлено" in world.screen(LEAD).text
        assert "хамит" not in world.screen(ADMIN).text
        assert "от Вас ничего не требуется" in world.screen(MANAGER).text
        card = await world.tap(LEAD, "Карточка клиента")
        assert "Анна" in card.text
        assert "не нашёлся" in (await world.say(LEAD, "/card Вера")).text


async def test_where_a_lead_is_the_accused_the_admins_are_told(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1", "C1")
        await world.operate("add_lead", person="M1", teams=["Север"])
        await _score(world, "1", "Мария хамит")
        assert "хамит" in world.screen(ADMIN).text
        assert "от Вас ничего не требуется" in world.screen(MANAGER).text


async def _waiting(world: World) -> set[tuple[str, str]]:
    """Return who is to be told of what, and has not been yet."""
    async with world.database() as database, database.reading() as reader:
        rows = await reader.all(
            select(persons.c.name, outbox.c.key)
            .join(persons, persons.c.id == outbox.c.person_id)
            .where(outbox.c.state == "queued", outbox.c.for_action == "GET_ALERTS")
        )
    return {(row["name"], row["key"].partition(":")[0]) for row in rows}


async def test_alerts_that_wait_go_to_the_next_in_line(world: World) -> None:
    """The lead is told; without a lead the admins; whose customer it is now, not who had it."""
    async with world.writing() as database:
        async with database.transaction() as tx:
            admin = await people.add_admin(tx, of_telegram(500), "Админ", "ru", START)
            lead = await people.add(tx, START, of_telegram(501), name="Лидия")
            await people.set_leads(tx, lead.id, ["Север"])
            heir = await people.add(tx, START, of_telegram(502), name="Пётр", is_manager=True)
            told = []
            for external_id, words in (("C1", "Мария хамит"), ("C2", "долго везли")):
                told.append(await _low(tx, external_id, words))
            manager = await people.by_external(tx, "M1", "manager")
            assert manager is not None
            await addresses.bind(tx, manager.id, of_telegram(MANAGER))
        assert await _waiting(world) == {("Лидия", "low"), ("Админ", "low")}
        async with database.transaction() as tx:
            await staff.lead(tx, await people.get(tx, lead.id), (), admin, START)
        assert {name for name, _ in await _waiting(world)} == {"Админ", "Мария Менеджер"}
        async with database.transaction() as tx:
            await let_go(tx, await people.get(tx, manager.id), heir, admin, START)
        assert {name for name, _ in await _waiting(world)} == {"Админ", "Пётр"}
        async with database.transaction() as tx:
            await tx.run(update(persons).where(persons.c.is_customer).values(manager_id=None))
            sent = await claim(tx, START, 20, allowed=may_get)
        assert {one.person_id for one in sent} == {admin.id}, "a right that is lost by then"


async def _low(tx: Transaction, external_id: str, words: str) -> int:
    """Let a customer score low; return the invitation's number."""
    person = await people.by_external(tx, external_id)
    known = await definitions.latest(tx, "nps")
    assert person is not None
    assert known is not None
    over = START + timedelta(days=14)
    campaign = await campaigns.create(tx, CampaignDraft(known.id, external_id, 14), None, START)
    wave = await campaigns.start_wave(tx, campaign.id, "1", START, over)
    made = await invitations.create(tx, wave.id, person.id, known.id, "campaign", START, over, None)
    survey = known.survey
    given: dict[str, Answer] = {"recommend": 2, "why": words}
    sheet = NamedSheet(tx, made, survey, START)
    for key, answer in given.items():
        await sheet.answer(survey.question(key), answer)
    space = await workspace.get(tx)
    await low_score_alerts.tell_low_score(tx, made, survey, given, space, START)
    return made.id


async def test_a_lead_is_made_and_unmade_by_taps_and_all_admins_hear(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1")
        await world.operate("add_admin", telegram_id=STRANGER)
        await world.start(STRANGER)
        await world.say(ADMIN, "/people")
        asked = await _through(
            world, "Менеджеры, админы", "Мария Менеджер", "Руководит командой …", "Север"
        )
        assert "Мария Менеджер руководит командой «Север»?" in asked
        assert "руководит: «Север»" in await _through(world, "Да")
        assert "теперь руководит командами: «Север»" in world.screen(STRANGER).text
        lead = await person(world, "M1", "manager")
        assert lead is not None
        assert (lead.leads, lead.is_manager) == (("Север",), True)
        await _through(
            world, "‹ Все сотрудники", "Мария Менеджер", "Больше не руководитель команды"
        )
        assert "больше не руководит командами" in await _through(world, "Да")
        lead = await person(world, "M1", "manager")
        assert lead is not None
        assert (lead.leads, lead.is_manager, lead.left_at) == ((), True, None)


async def test_a_manager_is_added_by_name_and_made_an_admin(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1")
        await world.say(ADMIN, "/people")
        await _through(world, "Менеджеры, админы", "Добавить …", "Менеджера")
        asked = await world.say(ADMIN, "Олег  Новый, Юг")
        assert "Добавить менеджера: Олег Новый, команда «Юг»?" in asked.text
        await world.tap(ADMIN, "Да, добавить")
        caption = world.screen(ADMIN).text
        assert caption.startswith("Олег Новый: https://t.me/")
        await world.start(STRANGER, caption.rpartition("=")[2])
        await world.tap(STRANGER, "Согласен")
        assert "Мои клиенты" in world.labels(STRANGER)
        await world.say(ADMIN, "/people")
        sure = await _through(world, "Менеджеры, админы", "Олег Новый", "Сделать администратором")
        assert "Олег Новый: сделать администратором?" in sure
        assert "теперь администратор" in await _through(world, "Да, сделать администратором")
        assert "Что сделаем" in (await world.say(STRANGER, "/menu")).text


async def test_an_admin_comes_by_a_link_once_and_the_others_hear(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/people")
        await _through(world, "Менеджеры, админы", "Добавить …", "Администратора")
        await _through(world, "Да, сделать ссылку")
        token = world.screen(ADMIN).text.rpartition("=")[2]
        await world.start(STRANGER, token)
        assert "теперь администратор: по ссылке" in world.screen(ADMIN).text
        assert "кому-то другому" in (await world.start(MANAGER, token)).text
        assert "Что сделаем" in (await world.say(STRANGER, "/menu")).text


async def test_a_button_without_its_question_changes_nothing(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        for place in ("admin_on_do", "lead_off_do", "lead_do", "manager_do"):
            for number in ("2", "999"):
                assert "устарела" in await world.forge(ADMIN, MenuTap(place, (number,)).pack())


async def test_commands_add_and_remove(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        made = await _operate(world, "add_manager", name="Олег", person="M5", team="Юг")
        assert made["link"].startswith("https://t.me/")
        await world.operate("add_lead", person="M5", teams=["Юг", "Север"])
        known = (await world.operate("list_leads"))["leads"]
        assert known == [{"id": "M5", "name": "Олег", "teams": ["Север", "Юг"]}]
        left = await world.operate("remove_lead", person="M5", teams=["Юг"])
        assert left["teams"] == ["Север"]
        await world.settle()
        assert "Олег теперь руководит командами: «Север»" in world.screen(ADMIN).text
        made = await _operate(world, "add_lead", person="L9", teams=["Юг"], name="Яна")
        assert made["link"]
        await world.operate("remove_lead", person="L9", teams=[])
        gone = await person(world, "L9", "manager")
        assert gone is not None
        assert gone.left_at is not None
