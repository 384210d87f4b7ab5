"""An admin brings people in through the chat: a list is sent, shown, confirmed, taken."""

import asyncio
import csv
import io
from collections.abc import Sequence

import pytest
import xlsxwriter

from bot.jobs import imports as jobs
from bot.operations.copies.backups import shelf_of
from bot.sandbox.chats import ChatMessage
from storage.people import people
from storage.people.lists.listed import ListedRole
from storage.people.people import Person
from tests.bot.world import ADMIN, ANNA, MANAGER, PATIENCE, STRANGER, World


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ";", encoding: str = "cp1251") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


async def become_admin(world: World) -> None:
    await world.operate("add_admin", telegram_id=ADMIN)
    await world.start(ADMIN)


async def send(world: World, content: bytes, name: str = "people.csv") -> ChatMessage:
    """Send a list; return the screen that follows."""
    world.sandbox.send_document(ADMIN, content, name)
    await world.settle()
    return world.screen(ADMIN)


async def shows(world: World, telegram_id: int, what: str) -> ChatMessage:
    """Wait until the bot's newest message, or a button below it, says so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            version = world.sandbox.version(telegram_id)
            newest = world.sandbox.last(telegram_id)
            if newest is not None and what in "\n".join([newest.text, *world.labels(telegram_id)]):
                return newest
            await world.sandbox.changed(telegram_id, version, PATIENCE)


async def person(world: World, external_id: str, role: ListedRole = "customer") -> Person | None:
    async with world.database() as database, database.reading() as reader:
        return await people.by_external(reader, external_id, role)


BITRIX = [
    ["ID", "Имя", "Фамилия", "Должность", "Компания", "Рабочий телефон", "Рабочий e-mail",
     "Ответственный", "Источник"],
    ["0071", "Глеб", "Жуков", "директор", "ООО «Лес»", "8 (912) 345-67-89", "gleb@les.ru",
     "Менеджер Мария", "Сайт"],
    ["0072", "Дина", "Рыжова", "", "ООО «Лес»", "+7 912 000-11-22", "", "M1", "Звонок"],
]  # fmt: skip


async def test_a_crm_export_is_shown_confirmed_and_taken(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        preview = await send(world, as_csv(BITRIX))
        assert "Новых: 2" in preview.text
        assert "Источник" in preview.text
        assert await person(world, "0071") is None
        done = await world.tap(ADMIN, "Загрузить: 2 человека")
        assert "Готово" in done.text
        gleb = await person(world, "0071")
        mary = await person(world, "M1", "manager")
        assert gleb is not None
        assert mary is not None
        assert (gleb.name, gleb.phone, gleb.account, gleb.position, gleb.manager_id) == (
            "Глеб Жуков",
            "+79123456789",
            "ООО «Лес»",
            "директор",
            mary.id,
        )
        again = await send(world, as_csv(BITRIX))
        assert "Без изменений: 2" in again.text
        assert not any("Загрузить" in label for label in world.labels(ADMIN))
    assert not list((world.settings.data_directory / "imports").iterdir())


async def test_refused_rows_are_named_and_only_a_wish_takes_the_others(world: World) -> None:
    rows = [
        ["id", "name", "phone"],
        ["A1", "Женя", "+79120000001"],
        ["A2", "Зоя", "двенадцать"],
        ["A3", "", ""],
        ["", "Никто", ""],
    ]
    async with world.bot():
        await become_admin(world)
        preview = await send(world, as_csv(rows, ",", "utf-8-sig"))
        assert "Не приняты 2 строки" in preview.text
        assert "строка 3: «двенадцать» — не номер телефона" in preview.text
        assert "строка 4: нет имени" in preview.text
        assert "строка 5: нет номера" in preview.text
        await world.tap(ADMIN, "Загрузить остальных: 2")
        zoya = await person(world, "A2")
        assert await person(world, "A3") is None
    assert zoya is not None
    assert zoya.phone is None


async def test_unknown_managers_are_added_only_when_asked_for(world: World) -> None:
    rows = [["id", "фио", "Ответственный"], ["A1", "Женя", "Павел Новый"], ["A2", "Зоя", "M1"]]
    async with world.bot():
        await become_admin(world)
        preview = await send(world, as_csv(rows))
        assert "нет менеджера «Павел Новый»" in preview.text
        again = await world.tap(ADMIN, "Завести и 1 неизвестного менеджера")
        assert "Новых: 2" in again.text
        assert "Заведено менеджеров: 1" in again.text
        await world.tap(ADMIN, "Загрузить: 2 человека")
        zhenya = await person(world, "A1")
        pavel = await person(world, "Павел Новый", "manager")
    assert zhenya is not None
    assert pavel is not None
    assert zhenya.manager_id == pavel.id


async def test_columns_nobody_knows_are_given_a_meaning_by_buttons(world: World) -> None:
    rows = [["Шифр", "Как зовут", "Где живёт"], ["001", "Женя", "Пермь"]]
    async with world.bot():
        await become_admin(world)
        asked = await send(world, as_xlsx(rows), "список.xlsx")
        assert "номер в CRM" in asked.text
        asked = await world.tap(ADMIN, "Шифр: 001")
        assert "имя целиком" in asked.text
        await world.tap(ADMIN, "Как зовут: Женя")
        await world.tap(ADMIN, "Столбцы")
        await world.tap(ADMIN, "Где живёт → —")
        await world.tap(ADMIN, "свой признак")
        await world.tap(ADMIN, "Загрузить: 1 человек")
        assert (await person(world, "001")) is not None


async def test_phones_without_a_country_are_those_of_the_one_that_is_tapped(world: World) -> None:
    rows = [["id", "name", "phone"], ["A1", "Ann", "9175550123"]]
    async with world.bot():
        await become_admin(world)
        preview = await send(world, as_csv(rows))
        assert "1 телефон без кода страны прочитан как номер этой страны: Россия" in preview.text
        await world.tap(ADMIN, "Телефоны другой страны")
        again = await world.tap(ADMIN, "Соединенные Штаты")
        assert "+19175550123" in again.text
        done = await world.tap(ADMIN, "Загрузить: 1 человек")
        ann = await person(world, "A1")
    assert ann is not None
    assert ann.phone == "+19175550123"
    told = [(one.kind, one.path.name in done.text) for one in shelf_of(world.settings).copies()]
    assert told == [("import", True)]


async def test_past_answers_are_recognised_and_their_command_is_named(world: World) -> None:
    rows = [["Дата", "Оценка", "Комментарий"], ["01.03.2026", "9", "Быстро"]]
    async with world.bot():
        await become_admin(world)
        asked = await send(world, as_csv(rows))
    assert "otklik import history" in asked.text
    assert "добавьте столбец id" in asked.text


async def test_a_survey_in_yaml_is_no_list_and_its_command_is_named(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        said = await send(world, b"key: mine\ntitle: {ru: A, en: B}\n", "mine.YAML")
        assert "otklik survey publish" in said.text
        assert "Новый опрос" in (await world.tap(ADMIN, "Опросы")).text + str(world.labels(ADMIN))


async def test_a_list_without_numbers_goes_by_phone(world: World) -> None:
    rows = [["Имя", "Телефон"], ["Женя", "9120000001"]]
    async with world.bot():
        await become_admin(world)
        await send(world, as_csv(rows))
        await world.tap(ADMIN, "Его нет: узнавать людей по телефону")
        await world.tap(ADMIN, "Загрузить: 1 человек")
        assert await person(world, "+79120000001") is not None


async def test_a_list_of_managers_is_one_when_the_admin_says_so(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await send(world, as_csv([["id", "имя", "отдел"], ["M7", "Олег", "Юг"]]))
        await world.tap(ADMIN, "Это менеджеры")
        await world.tap(ADMIN, "Загрузить: 1 человек")
        oleg = await person(world, "M7", "manager")
    assert oleg is not None
    assert oleg.team == "Юг"


async def test_a_cancelled_list_changes_nothing_and_its_buttons_say_so(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        preview = await send(world, as_csv(BITRIX))
        take = next(one.data for one in preview.buttons if one.label.startswith("Загрузить"))
        assert take is not None
        await world.tap(ADMIN, "Отмена")
        assert "уже не на рассмотрении" in await world.forge(ADMIN, take, preview.message_id)
        assert await person(world, "0071") is None
        second = await send(world, as_csv(BITRIX))
        assert "Новых: 2" in second.text
        await send(world, as_csv(BITRIX))
        told = await world.forge(ADMIN, take.replace(":1", ":2"), second.message_id)
        assert "уже не на рассмотрении" in told


async def test_nobody_else_brings_people_in(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        preview = await send(world, as_csv(BITRIX))
        take = next(one.data for one in preview.buttons if one.label.startswith("Загрузить"))
        assert take is not None
        await world.arrive("C1")
        for telegram_id in (ANNA, MANAGER):
            await world.start(telegram_id, world.tokens["C1" if telegram_id == ANNA else "M1"])
            assert await world.forge(telegram_id, take)
            world.sandbox.send_document(telegram_id, as_csv(BITRIX), "mine.csv")
            await world.settle()
            assert "Новых" not in world.screen(telegram_id).text
        assert await person(world, "0071") is None


async def test_what_is_no_table_is_refused_with_a_sentence(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        for content in (b"%PDF-1.7 ...", b"PK\x03\x04 not a zip", b"", b"\xd0\xcf\x11\xe0old"):
            said = await send(world, content or b"\n", "x.xlsx")
            assert not any("Загрузить" in label for label in world.labels(ADMIN))
            assert "людей" not in said.text
        world.sandbox.send_document(ADMIN, b"0" * 20_000_001, "huge.csv")
        await shows(world, ADMIN, "20 МБ")


async def test_a_list_sent_while_the_bot_was_down_is_read_at_the_next_start(world: World) -> None:
    async with world.bot():
        await become_admin(world)
    world.sandbox.send_document(ADMIN, as_csv(BITRIX), "people.csv")
    async with world.bot():
        await world.settle()
        assert "Новых: 2" in world.screen(ADMIN).text
    async with world.bot():
        await world.tap(ADMIN, "Загрузить: 2 человека")
        assert await person(world, "0072") is not None


async def test_a_file_that_telegram_does_not_hand_over_is_asked_for_again(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        world.sandbox.faults.add({"kind": "5xx", "method": "getFile", "times": None})
        said = await send(world, as_csv(BITRIX))
        assert "ещё раз" in said.text
        world.sandbox.faults.clear()
        assert "Новых: 2" in (await send(world, as_csv(BITRIX))).text


async def test_a_long_list_says_how_far_it_is_and_others_are_answered_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 0.0)
    rows = [["id", "имя", "телефон"]]
    rows += [[f"{number:06}", f"Клиент {number}", f"8912{number:07}"] for number in range(6000)]
    async with world.bot():
        await become_admin(world)
        await world.start(STRANGER)
        before = world.sandbox.last(STRANGER)
        world.sandbox.send_document(ADMIN, as_csv(rows), "long.csv")
        world.sandbox.say(STRANGER, "/help")
        while (answer := world.sandbox.last(STRANGER)) == before:
            await world.sandbox.changed(STRANGER, world.sandbox.version(STRANGER), PATIENCE)
        assert answer is not None
        assert not any("Новых" in one.text for one in world.sandbox.messages(ADMIN))
        await world.settle()
        assert "Новых: 6" in world.screen(ADMIN).text
        edits = [
            entry["params"]["text"]
            for entry in world.sandbox.journal.entries()
            if entry["kind"] == "call" and entry.get("method") == "editMessageText"
        ]
        assert any("Читаю список… пока" in text for text in edits)


async def test_an_encoding_that_nothing_gives_away_is_chosen_by_its_words(world: World) -> None:
    rows = [["id", "name"], ["J1", "Jörg Müller"], ["J2", "José Núñez"]]
    async with world.bot():
        await become_admin(world)
        asked = await send(world, as_csv(rows, encoding="cp1252"))
        assert "кодировк" in asked.text
        assert "cp1252: Jörg Müller José Núñez" in "\n".join(world.labels(ADMIN))
        await world.tap(ADMIN, "cp1252: Jörg Müller José Núñez")
        await world.tap(ADMIN, "Загрузить: 2 человека")
        jorg = await person(world, "J1")
    assert jorg is not None
    assert jorg.name == "Jörg Müller"


async def test_a_guessed_encoding_can_be_changed_in_the_preview(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        shown = await send(world, as_csv([["id", "имя"], ["K1", "Анна Попова"]]))
        assert "cp1251" in shown.text
        await world.tap(ADMIN, "Имена неверны: другая кодировка")
        await world.tap(ADMIN, "cp1251: имя Анна Попова")
        await world.tap(ADMIN, "Загрузить: 1 человек")
        assert await person(world, "K1") is not None


async def test_dates_that_can_be_meant_in_two_ways_are_asked_about(world: World) -> None:
    rows = [["id", "имя", "последняя покупка"], ["K1", "Анна", "03/04/2025"]]
    async with world.bot():
        await become_admin(world)
        await send(world, as_csv(rows))
        shown = await world.tap(ADMIN, "Даты D/M/YYYY: 03/04/2025 — это 3 апреля 2025")
        assert "2025-04-03" in shown.text
        await world.tap(ADMIN, "Загрузить: 1 человек")
        anna = await person(world, "K1")
    assert anna is not None
    assert str(anna.last_purchase_on) == "2025-04-03"


async def test_the_line_of_the_headings_is_chosen_where_they_stand_lower(world: World) -> None:
    rows = [["Отчёт", "по клиентам"], ["Шифр", "Кто"], ["K1", "Анна"]]
    async with world.bot():
        await become_admin(world)
        await send(world, as_csv(rows))
        await world.tap(ADMIN, "Заголовки в другой строке")
        await world.tap(ADMIN, "2: Шифр; Кто")
        await world.tap(ADMIN, "Шифр: K1")
        await world.tap(ADMIN, "Кто: Анна")
        await world.tap(ADMIN, "Загрузить: 1 человек")
        assert await person(world, "K1") is not None
