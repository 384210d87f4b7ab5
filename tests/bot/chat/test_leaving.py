"""Rights are withdrawn by taps, by the command line, by a list; and people come back."""

from datetime import datetime

from bot.operations import remote
from bot.operations.registry import OPERATIONS
from bot.says.taps import MenuTap
from tests import engines
from tests.bot.lists.test_people import as_csv, become_admin, person, send
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, STRANGER, World

GONE = "больше нет в списке"
PAST = ("/menu", "/card Анна", "/start", "/help", "/language", "/digest", "9", "привет")


def _rows(world: World, sql: str) -> list[tuple[object, ...]]:
    return engines.rows(world.settings.database_url, sql)


async def _second_admin(world: World) -> None:
    async def now() -> datetime:
        return world.sandbox.clock.now()

    asked = {"telegram_id": BORIS, "name": "Борис Второй"}
    await remote.perform(world.settings, OPERATIONS, "add_admin", now, asked)
    await world.start(BORIS)


async def _tap(world: World, *labels: str) -> str:
    for label in labels:
        await world.tap(ADMIN, label)
    return world.screen(ADMIN).text


async def test_a_manager_leaves_by_hand_and_a_colleague_takes_the_customers(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1", "C1")
        await _second_admin(world)
        await send(world, as_csv([["id", "имя", "роль"], ["M2", "Пётр", "менеджер"]]))
        await _tap(world, "Загрузить: 1 человек")
        await world.launch("manager_self_assessment")
        assert world.labels(MANAGER)[:2] != []
        open_question = world.screen(MANAGER)
        await world.say(ADMIN, "/people")
        asked = await _tap(world, "Менеджеры, админы", "Мария Менеджер", "Больше не в компании")
        assert "2 клиентам нужен менеджер" in asked
        sure = await _tap(world, "Пётр")
        assert "2 клиента, принимает: Пётр" in sure
        done = await _tap(world, "Да, больше не в компании")
        assert "2 клиента переданы" in done
        assert "1 опрос закрыт" in done
        assert "Мария Менеджер: больше не в компании" in world.screen(BORIS).text
        heir = await person(world, "M2", "manager")
        anna = await person(world, "C1")
        assert heir is not None
        assert anna is not None
        assert anna.manager_id == heir.id
        await world.forge(MANAGER, open_question.buttons[0].data or "", open_question.message_id)
        assert GONE in world.screen(MANAGER).text
        for said in PAST:
            assert GONE in (await world.say(MANAGER, said)).text, said
        before = _rows(world, "SELECT * FROM people")
        await world.forge(MANAGER, MenuTap("card", (str(anna.id),)).pack())
        assert "Анна" not in world.screen(MANAGER).text
        assert _rows(world, "SELECT * FROM people") == before


async def test_rights_end_in_the_middle_of_a_low_score(world: World) -> None:
    """Whom a customer is handed over to hears of the score, who left hears nothing."""
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1", "C1")
        await world.launch("nps")
        heard = len(world.sandbox.messages(MANAGER))
        await world.operate("leave", person="M1", no_successor=True)
        await world.tap(ANNA, "2")
        for label in world.labels(ANNA):
            if "Пропустить" in label:
                await world.tap(ANNA, label)
        assert len(world.sandbox.messages(MANAGER)) == heard


async def test_an_admin_is_removed_and_the_last_one_is_not(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await _second_admin(world)
        await world.say(BORIS, "/menu")
        menu = world.screen(BORIS)
        await world.say(ADMIN, "/people")
        await _tap(world, "Менеджеры, админы", "Борис Второй", "Больше не администратор")
        await _tap(world, "Да, забрать права")
        for button in menu.buttons:
            await world.forge(BORIS, button.data or "", menu.message_id)
            assert GONE in world.screen(BORIS).text
        assert GONE in (await world.say(BORIS, "/menu")).text
        await world.say(ADMIN, "/people")
        await _tap(world, "Менеджеры, админы", "Admin", "Больше не администратор")
        await world.tap(ADMIN, "Да, забрать права")
        assert "последний администратор" in world.sandbox.toasts(ADMIN)[-1].text
        assert "Что сделаем" in (await world.say(ADMIN, "/menu")).text
        await _second_admin(world)
        assert "Что сделаем" in (await world.say(BORIS, "/menu")).text


async def test_a_complete_list_lets_go_and_a_later_one_brings_back(world: World) -> None:
    rows = [["id", "имя", "ушёл"], ["C1", "Анна", ""], ["C3", "Вера", "да"]]
    async with world.bot():
        await become_admin(world)
        await world.arrive("C1", "C2")
        preview = await send(world, as_csv(rows))
        assert "Больше не в компании: 1 человек" in preview.text
        sure = await _tap(world, "1 из базы в нём нет …")
        assert "2 человек из базы больше нет" in sure
        done = await _tap(world, "Список полный: 2 уходят")
        assert "Больше не в компании: 2 человека" in done
        assert GONE in (await world.say(BORIS, "/start")).text
        assert GONE not in (await world.say(ANNA, "/start")).text
        await send(world, as_csv([["id", "имя"], ["C2", "Борис"]]))
        await _tap(world, "Загрузить: 1 человек")
        assert GONE not in (await world.say(BORIS, "/start")).text


async def test_a_customer_leaves_by_the_card_and_stop_still_counts(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("C2")
        await world.say(ADMIN, "/card Борис")
        await _tap(world, "Больше не наш клиент", "Да, больше не в компании")
        assert GONE in (await world.say(BORIS, "/start")).text
        assert GONE not in (await world.say(BORIS, "/stop")).text
        launched = await world.launch("nps")
        assert _rows(
            world,
            "SELECT reason FROM decisions JOIN people ON people.id = person_id "
            f"WHERE wave_id = {launched['wave']} AND external_id = 'C2'",
        ) == [("left",)]
        await _tap(world, "Ошибка: вернуть")
        found = await person(world, "C2")
        assert found is not None
        assert found.left_at is None
        assert found.opted_out_at is not None


async def test_an_admins_commands_come_and_go_with_the_rights(world: World) -> None:
    def shown(chat: int) -> list[str]:
        scope = ("chat", chat, 0, "")
        return [one["command"] for one in world.sandbox.world.commands.get(scope, [])]

    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.start(STRANGER)
        await world.operate("add_admin", telegram_id=STRANGER)
        await world.settle()
        assert "menu" in shown(ADMIN)
        assert "menu" in shown(STRANGER), "without a restart"
        await world.operate("remove_admin", telegram_id=STRANGER)
        await world.settle()
        assert not shown(STRANGER)
        assert "menu" in shown(ADMIN)
