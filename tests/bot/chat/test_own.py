"""A manager's menu: questionnaires, the card with three views, customers; a lead's team."""

import json
from typing import Any

from bot.sandbox.chats import ChatMessage
from bot.says.taps import MenuTap
from storage.people import people
from storage.sending import digests
from tests.bot.chat.test_staff import LEAD, come_with_a_lead
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, MANAGER, START, World


def _estimate(value: float, n: int) -> dict[str, float]:
    return {"value": value, "low": value - 10, "high": value + 10, "n": n}


def _digest(manager: int, value: float, n: int) -> str:
    """Return the parts of a digest that a card is made of, as a sent one has them."""
    few = n < 10
    score = {
        "manager_id": manager,
        "name": "Мария",
        "n": n,
        "score": None if few else _estimate(value, n),
        "missing": 10 - n if few else 0,
        "by_manager": None,
        "drawn": None,
        "rank": 7,
        "own_choice": None,
    }
    item: dict[str, Any] = {
        "item": "speed",
        "label": "Быстро <ли> отвечает",
        "low": 1,
        "high": 5,
        "self": 4.6,
        "customers": {"value": 3.9, "low": 3.4, "high": 4.3, "n": 12},
        "n": 12,
        "company": {"value": 4.1, "n": 60},
        "gap": None,
        "agreement": "over_rater",
        "missing": 0,
    }
    unseen = {**item, "item": "tact", "label": "Вежлив", "customers": None, "missing": 3}
    views = {
        "manager_id": manager,
        "name": "Мария",
        "profile": None,
        "items": [item, {**unseen, "agreement": None, "company": None}],
    }
    other = {**score, "manager_id": manager + 1000, "name": "Чужая", "n": 99}
    return json.dumps({"managers": [other, score], "mirror": {"items": [], "managers": [views]}})


def _read(shown: ChatMessage) -> str:
    return shown.text.replace("\N{NO-BREAK SPACE}", " ")


async def _sent(world: World, *months: tuple[str, float, int]) -> int:
    """Send these months' digests before the bot starts; return the manager's number."""
    async with world.writing() as database, database.transaction() as tx:
        manager = await people.by_external(tx, "M1", "manager")
        assert manager is not None
        for month, value, n in months:
            await digests.keep(tx, month, _digest(manager.id, value, n), START)
    return manager.id


async def test_a_card_repeats_the_digest_with_three_views_and_a_trend(world: World) -> None:
    await _sent(world, ("2026-07", 10, 14), ("2026-08", 25, 16))
    async with world.bot():
        await world.arrive("M1")
        menu = await world.say(MANAGER, "/menu")
        assert [one.label for one in menu.buttons] == [
            "Мои анкеты",
            "Моя карточка",
            "Мои клиенты",
            "Обращения",
        ]
        card = _read(await world.tap(MANAGER, "Моя карточка"))
        assert "август 2026" in card.lower()
        assert "NPS клиентов: +25" in card
        assert "16 ответов" in card
        assert "Быстро <ли> отвечает: самооценка 4,6; клиенты: 3,9 (" in card
        assert "; по компании 4,1; оценивает себя выше" in card
        missing = "клиенты: нужно ещё 3 ответа; среднего по компании пока нет"
        assert f"Вежлив: самооценка 4,6; {missing}" in card
        assert card.lower().index("июль 2026: +10") > card.index("NPS по месяцам")
        assert "Чужая" not in card
        assert "Мои анкеты" in [one.label for one in (await world.tap(MANAGER, "‹ Меню")).buttons]


async def test_a_card_says_what_is_missing(world: World) -> None:
    await _sent(world, ("2026-08", 0, 7))
    async with world.bot():
        await world.arrive("M1")
        await world.say(MANAGER, "/menu")
        assert "ещё 3 ответа" in _read(await world.tap(MANAGER, "Моя карточка"))


async def test_a_questionnaire_is_left_and_resumed_from_the_menu(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.say(MANAGER, "/menu")
        none = await world.tap(MANAGER, "Мои анкеты")
        assert "отвечать не на что" in none.text
        await world.tap(MANAGER, "‹ Меню")
        assert "ещё не было" in (await world.tap(MANAGER, "Моя карточка")).text
        await world.launch("manager_self_assessment")
        first = world.screen(MANAGER).text
        await world.say(MANAGER, "/menu")
        due = await world.tap(MANAGER, "Мои анкеты")
        assert "открыта до" in due.text
        assert (await world.tap(MANAGER, "Продолжить")).text.splitlines()[-1] in first


async def test_a_lead_sees_the_team_and_its_managers_cards(world: World) -> None:
    manager = await _sent(world, ("2026-08", 25, 16))
    async with world.bot():
        await come_with_a_lead(world)
        await world.launch("nps")
        menu = await world.say(LEAD, "/menu")
        assert [one.label for one in menu.buttons] == [
            "Моя команда",
            "Клиенты команды",
            "Обращения",
        ]
        team = _read(await world.tap(LEAD, "Моя команда"))
        assert "Мария Менеджер: 2 клиента, в Telegram 1" in team
        assert "приглашено 1, дошло 1" in team
        assert "NPS клиентов: +25" in (await world.tap(LEAD, "Мария Менеджер")).text
        await world.forge(MANAGER, MenuTap("team_card", (str(manager),)).pack())
        assert "NPS" not in world.screen(MANAGER).text


async def test_an_admin_who_is_a_manager_has_both(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        assert "Моя карточка" not in world.labels(ADMIN)
        await world.arrive("M1")
        await world.operate("add_admin", telegram_id=MANAGER)
        menu = await world.say(MANAGER, "/menu")
        labels = [one.label for one in menu.buttons]
        assert labels[0] == "Новая кампания"
        assert labels[-2:] == ["Мои анкеты", "Моя карточка"]
