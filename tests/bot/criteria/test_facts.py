"""A month of facts told in the chat, corrected, reminded of, sent as a file: over Telegram."""

import json
from pathlib import Path

from bot.cli.calc.cases import payback_case, payback_result
from bot.operations.reports import criteria, digest
from bot.sandbox.chats import ChatMessage
from bot.says.taps import MenuTap
from storage.facts import facts
from tests.bot.chat.test_wizard import choose
from tests.bot.lists.test_people import become_admin, send
from tests.bot.world import ADMIN, MANAGER, World


def plain(shown: ChatMessage) -> str:
    return shown.text.replace("\N{NO-BREAK SPACE}", " ")


async def _values(world: World, month: str) -> dict[str, str]:
    told = await world.operate("list_facts", month=month)
    values: dict[str, str] = told["months"][0]["values"]
    return values


async def test_a_month_is_told_left_resumed_checked_and_saved_at_once(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Данные")
        await choose(world, "август 2026")
        await choose(world, "Заполнить")
        assert "В какой валюте?" in plain(world.screen(ADMIN))
        await choose(world, "RUB")
        unread = plain(await world.say(ADMIN, "много"))
        assert "Не получается прочитать" in unread
        assert "Выручка, RUB" in unread
        assert "одной валюте, RUB" in plain(await world.say(ADMIN, "500 $"))
        for typed in ("1,6 млн", "300 тыс"):
            await world.say(ADMIN, typed)
        asked = plain(await world.say(ADMIN, "-5"))
        assert "переменные расходы: не может быть меньше нуля: −5" in asked
        await world.say(ADMIN, "500 000 ₽")
        await world.say(ADMIN, "/menu")
        assert await _values(world, "2026-08") == {}
    async with world.bot():
        await choose(world, "Данные")
        shown = await choose(world, "Продолжить: август 2026")
        assert "4 из 21" in shown
        assert "Прибыль: 800 000 RUB" in shown.replace("\N{NO-BREAK SPACE}", " ")
        for _ in range(5):
            await choose(world, "Пропустить")
        for typed in ("200", "12"):
            await world.say(ADMIN, typed)
        lost = plain(await world.say(ADMIN, "213"))
        assert "213" in lost
        assert "Клиентов на конец" not in lost
        assert "Клиентов на конец: 202" in plain(await world.say(ADMIN, "10"))
        summed = await choose(world, "К итогам")
        assert "ушло клиентов: 10" in summed
        assert await _values(world, "2026-08") == {}
        assert "Сохранено 6 показателей" in await choose(world, "Сохранить")
        assert await _values(world, "2026-08") == {
            "revenue": "1600000",
            "fixed_costs": "300000",
            "variable_costs": "500000",
            "customers_start": "200",
            "customers_new": "12",
            "customers_lost": "10",
        }


async def test_what_was_typed_is_dropped_only_if_the_admin_says_so(world: World) -> None:
    async with world.bot():
        await become_admin(world)

        async def fill_in(month: str) -> str:
            await world.say(ADMIN, "/menu")
            await choose(world, "Данные")
            await world.tap(ADMIN, month)
            return await choose(world, "Заполнить")

        await fill_in("август 2026")
        await choose(world, "RUB")
        await world.say(ADMIN, "1,5 млн")
        assert "2 из 21" in await fill_in("август 2026"), "goes on where it was left"
        assert "не сохранено" in await fill_in("июль 2026")
        assert "2 из 21" in await choose(world, "Продолжить: август 2026")
        await fill_in("июль 2026")
        assert "июль 2026" in await choose(world, "Отбросить и начать заново")
        await choose(world, "RUB")
        summed = await choose(world, "К итогам")
        assert "1 500 000" not in summed.replace("\N{NO-BREAK SPACE}", " ")


async def test_a_correction_says_who_when_and_what_stood(world: World) -> None:
    rows = [[2, "2026-08", {"revenue": "100", "customers_start": "5"}, "RUB"]]
    async with world.bot():
        await world.operate("import_facts", rows=rows)
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Данные")
        await choose(world, "август 2026")
        await choose(world, "Исправить одно")
        assert "Сейчас: 100" in await choose(world, "выручка")
        assert "100 → 150" in plain(await world.say(ADMIN, "150"))
        await choose(world, "Сохранить")
        await choose(world, "август 2026")
        told = plain(await world.tap(ADMIN, "Что сообщали раньше"))
        assert "100: командная строка, из файла, 15 сентября 2026" in told
        assert "150: Admin, в чате, 15 сентября 2026" in told
        await choose(world, "Назад")
        await choose(world, "Исправить одно")
        await choose(world, "клиентов на начало")
        assert "5 → —" in (await world.tap(ADMIN, "Убрать")).text
        await choose(world, "Сохранить")
        assert await _values(world, "2026-08") == {"revenue": "150"}
        async with world.database() as database, database.reading() as reader:
            kept = await facts.history(reader, "2026-08", "revenue")
        assert [(one.source, one.person_id is None) for one in kept] == [
            ("file", True),
            ("chat", False),
        ]


async def test_last_month_is_one_tap_and_its_end_is_this_months_start(world: World) -> None:
    standing = {
        "revenue": "100",
        "customers_start": "50",
        "customers_new": "5",
        "customers_lost": "2",
    }
    async with world.bot():
        await world.operate("import_facts", rows=[[2, "2026-07", standing, "EUR"]])
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Данные")
        await choose(world, "август 2026")
        await choose(world, "Заполнить")
        await choose(world, "Как в прошлом месяце: 100")
        for _ in range(7):
            await choose(world, "Пропустить")
        await choose(world, "Как в прошлом месяце: 53")
        await choose(world, "Назад")
        assert "Сейчас: 53" in plain(world.screen(ADMIN))
        stale = world.screen(ADMIN)
        await choose(world, "Пропустить")
        old = MenuTap("facts_do", ("skip", "3")).pack()
        assert "устарела" in await world.forge(ADMIN, old, stale.message_id)
        await choose(world, "К итогам")
        await choose(world, "Выйти без сохранения")
        assert await _values(world, "2026-08") == {}


async def test_who_asked_is_reminded_monthly_until_something_is_told(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/menu")
        await choose(world, "Данные")
        await choose(world, "Напоминать раз в месяц")
        assert "✓ Напоминаю раз в месяц" in world.labels(ADMIN)
        await world.pass_time(days=17)
        assert "Данные за сентябрь 2026 ещё не внесены" in plain(world.screen(ADMIN))
        await choose(world, "Заполнить")
        await choose(world, "RUB")
        await world.say(ADMIN, "5")
        await choose(world, "К итогам")
        await choose(world, "Сохранить")
        seen = world.screen(ADMIN).message_id
        await world.operate("import_facts", rows=[[2, "2026-10", {"deals": "1"}, ""]])
        await world.pass_time(days=31)
        assert world.screen(ADMIN).message_id == seen


async def test_a_file_of_facts_is_shown_then_taken_whole_or_left(world: World) -> None:
    good = "Месяц;Выручка;Клиентов на начало;Новых клиентов\n2026-07;100;5;1\n2026-08;200;6;2\n"
    async with world.bot():
        await become_admin(world)
        shown = plain(await send(world, good.encode(), "facts.csv"))
        assert "2 месяца: июль 2026, август 2026" in shown
        assert "В какой валюте деньги?" in shown
        await choose(world, "EUR")
        assert "Сохранено 6 показателей" in plain(world.screen(ADMIN))
        assert (await world.operate("list_facts"))["months"][1]["currency"] == "EUR"
        wrong = good.replace("200", "-200").replace("2026-07", "07.2026")
        refused = plain(await send(world, wrong.encode()))
        assert "строка 3" in refused
        assert "Загрузить" not in world.labels(ADMIN)
        dollars = "month;revenue;currency\n2026-09;1;USD\n"
        assert "EUR, USD" in plain(await send(world, dollars.encode()))
        impossible = "month;customers_lost\n2026-08;9\n"
        assert "9" in plain(await send(world, impossible.encode()))
        more = "month;revenue\n2026-08;300\n"
        await send(world, more.encode())
        await choose(world, "Не загружать")
        assert await _values(world, "2026-08") == {
            "revenue": "200",
            "customers_start": "6",
            "customers_new": "2",
        }


async def test_nobody_else_reaches_the_facts(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        for place, *arguments in (
            ("facts",), ("facts_month", "2026-08"), ("facts_do", "save"), ("facts_remind",)
        ):  # fmt: skip
            await world.forge(MANAGER, MenuTap(place, tuple(arguments)).pack())
        assert "Данные" not in "".join(world.labels(MANAGER))


CASE = """
operations: {all: [57, 12]}
managers: 5
wage: 21000
investment: 205500
running_cost: 4500
clients_a_day: 1
"""


async def test_a_quarter_told_in_the_chat_pays_back_as_the_calculator_says(
    world: World, tmp_path: Path
) -> None:
    """Ivanova & Ityaikina 2018 by the exact hours: 3.3263 years, in the page and the digest."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    expected = json.loads(json.dumps(payback_result(payback_case(path)[0]), default=str))
    first = {
        "crm_investment": "205500",
        "wage": "21000",
        "managers": "5",
        "minutes_before": "57",
        "minutes_after": "12",
    }
    async with world.bot():
        for month in ("2026-07", "2026-08"):
            rows = [
                [2, month, {**(first if month == "2026-07" else {}), "crm_running": "4500"}, "RUB"]
            ]
            await world.operate("import_facts", rows=rows)
        await become_admin(world)
        await world.pass_time(days=20)
        await world.say(ADMIN, "/menu")
        await choose(world, "Данные")
        await choose(world, "сентябрь 2026")
        await choose(world, "Заполнить")
        for _ in range(7):
            await choose(world, "Пропустить")
        await choose(world, "Как в прошлом месяце: 4")
        await choose(world, "К итогам")
        await choose(world, "Сохранить")
    now = world.sandbox.clock.now()
    page = await criteria.make(world.settings.database_url, "2026-Q3", "ru", now)
    made = await digest.make(world.settings.database_url, "2026-Q3", "ru", now)
    study = page.document.study
    assert study is not None
    assert made.document.money is not None
    assert made.document.money.study == study
    for one in study.scenarios:
        given = expected["scenarios"][one.name]
        assert str(one.years) == given["payback_years"]
        assert str(one.saving_a_year) == given["saving_a_year"]
    assert "окупится за 3,3\xa0года" in page.text()
    assert "окупится за 3,3\xa0года" in made.html()
    assert "Сэкономленные минуты становятся деньгами" in made.html()
