"""Experts compare in the chat, one contradicts himself, an admin adopts the weights."""

import pytest

from bot.operations.reports import criteria, digest
from bot.operations.weights import judging
from bot.operations.weights.questionnaires import CRITERIA, CRM_CHOICE, questionnaires
from bot.says.taps import MenuTap
from storage.people import people
from storage.people.addresses import of_telegram
from storage.weights import versions
from tests.bot.chat.test_wizard import choose
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, ANNA, MANAGER, STRANGER, World

SEVEN = questionnaires()[CRITERIA]
ORDER = {key: 8 - at for at, key in enumerate(SEVEN.items)}
"""An expert who knows: the first criterion matters most, each next one a little less."""
PAPER = {
    "Bitrix24": 591.18,
    "Terrasoft bpm'online": 548.63,
    "StorVerk CRM": 541.12,
    "1C:CRM": 449.14,
    "amoCRM": 440.79,
    "Microsoft Dynamics CRM": 434.57,
    "Megaplan": 407.77,
}


def read(world: World, who: int) -> str:
    return world.screen(who).text.replace("\N{NO-BREAK SPACE}", " ")


async def tap(world: World, who: int, part: str) -> str:
    label = next(label for label in world.labels(who) if part in label)
    await world.tap(who, label)
    return read(world, who)


async def _judge(world: World, who: int, first: str, second: str, sound: bool) -> None:
    """Tap one comparison: by the order where the expert is `sound`, else always the first."""
    steps = ORDER[first] - ORDER[second] + 1 if sound else 9
    side = "А: " if steps > 0 else "Б: "
    await tap(world, who, f"{side}{abs(steps)}")


async def _invite(world: World, name: str) -> None:
    await world.say(ADMIN, "/menu")
    await choose(world, "Веса")
    await choose(world, "Пригласить эксперта")
    await choose(world, name)


FACTS = {
    "customers_start": "100",
    "customers_new": "5",
    "customers_lost": "10",
    "deals": "10",
    "deals_won": "4",
    "deal_days": "20",
}


async def _manager_compares(world: World) -> None:
    """Compare soundly, leaving halfway and resuming."""
    assert "Ваши суждения вместе с Вашим именем" in await tap(world, MANAGER, "Посмотреть")
    shown = await tap(world, MANAGER, "Начать")
    assert "1 из 21" in shown
    assert "Верхние кнопки: А важнее, чем Б. Нижние: Б важнее, чем А." in shown
    for place, (first, second) in enumerate(SEVEN.steps()):
        if place == 9:
            assert "Отношение согласованности" in read(world, MANAGER)
            await world.say(MANAGER, "/menu")
            await tap(world, MANAGER, "Сравнения")
            await tap(world, MANAGER, "Веса критериев")
            await tap(world, MANAGER, "Продолжить")
        await _judge(world, MANAGER, first, second, sound=True)
    assert "согласовано (до 0,10)" in read(world, MANAGER)


async def _admin_contradicts_himself(world: World) -> None:
    await world.say(ADMIN, "/menu")
    await choose(world, "Сравнения")
    await choose(world, "Веса критериев")
    await choose(world, "Начать")
    for first, second in SEVEN.steps():
        if (first, second) == ("loyalty_index", "sales_process"):
            await tap(world, ADMIN, "Б: 9")
        else:
            await _judge(world, ADMIN, first, second, sound=False)
    shown = read(world, ADMIN)
    assert "суждения противоречат друг другу" in shown
    assert "Пересмотрите прежде всего" in shown
    assert "Ваш ответ" in await choose(world, "Пересмотреть одно")


async def test_two_experts_one_inconsistent_then_weights_then_scorecard(world: World) -> None:
    async with world.bot():
        rows = [[2, "2026-08", FACTS, ""], [3, "2026-07", FACTS, ""]]
        await world.operate("import_facts", rows=rows)
        await world.arrive("M1")
        await become_admin(world)
        await _invite(world, "Мария")
        await _invite(world, "Admin")
        await _manager_compares(world)
        said = "".join(one.text for one in world.sandbox.messages(ADMIN))
        assert "Мария Менеджер: сравнение закончено" in said
        await _admin_contradicts_himself(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Веса")
        home = read(world, ADMIN)
        assert "Мария Менеджер: 21 из 21" in home
        assert "противоречит себе, не учитывается" in home
        assert "Веса равные" in home
        alone = await _weights_shown(world)
        await choose(world, "Всё равно учесть: Admin")
        assert "противоречит себе, но учитывается" in read(world, ADMIN)
        assert await _weights_shown(world) != alone
        await choose(world, "Не учитывать: Admin")
        assert await _weights_shown(world) == alone
        await choose(world, "Принять эти веса")
        adopted = read(world, ADMIN)
        assert "Веса версии 1, принятые 15 сентября 2026: сравнения 1 эксперта" in adopted
    await _counted_by_them(world)
    async with world.bot():
        await world.say(ADMIN, "/menu")
        await choose(world, "Веса")
        await choose(world, "Равные веса")
        assert "версия 2" in read(world, ADMIN)
        listed = await world.operate("list_weights")
    assert [one["version"] for one in listed["versions"]] == [2, 1]
    answered = {one["name"]: one["answered"] for one in listed["experts"]}
    assert answered == {"Мария Менеджер": 21, "Admin": 21}


async def _counted_by_them(world: World) -> None:
    """The page and the digest count by the version, name it, and print the equal weights' value."""
    now = world.sandbox.clock.now()
    page = await criteria.make(world.settings.database_url, "2026-08", "ru", now)
    made = await digest.make(world.settings.database_url, "2026-08", "ru", now)
    index = page.document.index
    assert index is not None
    assert made.document.effectiveness is not None
    assert made.document.effectiveness.index == index
    assert index.weights["departed_customers"] > index.weights["sales_process"] * 2
    assert index.index != pytest.approx(index.equal_weights)
    for text in (page.text(), made.html(), made.text()):
        assert "Веса версии 1, принятые 15 сентября 2026" in text


async def _weights_shown(world: World) -> str:
    return read(world, ADMIN).partition("Вместе")[2]


async def test_an_expert_from_outside_comes_by_a_link_and_sees_nothing_else(world: World) -> None:
    async with world.bot():
        await world.arrive("M1", "C1")
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Веса")
        await choose(world, "Пригласить эксперта")
        await choose(world, "Кого-то ещё")
        link = (await world.say(ADMIN, "Олег Эксперт")).text
        came = await world.start(STRANGER, link.rpartition("start=")[2])
        assert "экспертного суждения" in came.text
        assert "Анкеты приходят" not in came.text
        await world.forge(STRANGER, MenuTap("comparisons", ("1",)).pack())
        assert "Согласен" in world.labels(STRANGER), "nothing is judged before that"
        read_it = await world.tap(STRANGER, "Прочитать согласие")
        assert "причиной взыскания" in read_it.text, "the text for staff"
        await world.tap(STRANGER, "Согласен")
        assert world.labels(STRANGER) == ["Сравнения"]
        await tap(world, STRANGER, "Сравнения")
        await tap(world, STRANGER, "Веса критериев")
        forged = MenuTap("judge", ("1", "0", "5")).pack()
        assert "устарела" in await world.forge(STRANGER, forged)
        await tap(world, STRANGER, "Начать")
        for value in ("10", "-1", "0", "x"):
            assert "устарела" in await world.forge(STRANGER, f"1:m:judge:1:0:{value}")
        await world.forge(MANAGER, forged)
        await world.forge(ANNA, forged)
        for place in ("weights", "weights_adopt", "criteria", "facts", "cards"):
            await world.forge(STRANGER, MenuTap(place).pack())
        await tap(world, STRANGER, "1 одинаково важны")
        await world.say(ADMIN, "/menu")
        await choose(world, "Веса")
        assert "Олег Эксперт: 1 из 21, пока мало" in read(world, ADMIN)
        assert "Принять эти веса" not in world.labels(ADMIN)
        await world.forge(ADMIN, MenuTap("weights_adopt").pack())
        assert "Ещё ни один эксперт" in read(world, ADMIN)
        await world.say(ADMIN, "/menu")
        await choose(world, "Веса")
        await choose(world, "Отозвать: Олег")
        await world.forge(STRANGER, forged)
        async with world.database() as database, database.reading() as reader:
            person = await people.by_address(reader, of_telegram(STRANGER))
            assert await versions.latest(reader) is None
        assert person is not None
        assert person.left_at is not None


async def test_the_ready_questionnaire_reproduces_the_papers_choice_of_a_crm(world: World) -> None:
    """Ivanova & Ityaikina 2018, table 4: all rows to 0.1 %."""
    asked = questionnaires()[CRM_CHOICE]
    found = judging.chosen(asked, [asked.example])
    assert found is not None
    assert {one.name: one.score for one in found.alternatives} == pytest.approx(PAPER, rel=1e-3)
    assert list(PAPER) == [one.name for one in found.alternatives]
    assert len(asked.steps()) == 64
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Веса")
        await choose(world, "Пример: выбор CRM")
        await choose(world, "Пригласить эксперта")
        await choose(world, "Admin")
        await world.say(ADMIN, "/menu")
        await choose(world, "Сравнения")
        assert "В статье не сказано" in await choose(world, "Выбор CRM")
        shown = await choose(world, "Взять оценки примера")
        assert "1. Bitrix24: 591,1" in shown
        await choose(world, "Мои ответы")
        await choose(world, "1")
        assert "Насколько это важно: Функциональность?" in read(world, ADMIN)
        await world.tap(ADMIN, "1")
        assert "1. Bitrix24: 591,1" not in read(world, ADMIN)


def test_who_stops_after_the_chain_has_told_the_weights() -> None:
    steps = SEVEN.steps()
    assert len(steps) == len(set(steps)) == 21
    chain = dict.fromkeys(steps[:6], 2)
    found = judging.priorities(SEVEN, chain)
    assert found is not None
    assert found.consistent is None
    assert found.weights["loyalty_index"] == pytest.approx(64 / 127)
    assert judging.priorities(SEVEN, dict.fromkeys(steps[:5], 2)) is None
