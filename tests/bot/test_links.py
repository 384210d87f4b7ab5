"""Ways in through the chat: files with links, open links, one's own phone, accounts in dispute."""

import csv
import io
import re

import pytest
import python_calamine

from bot.operations.ways_in.files import for_sms, write
from bot.sandbox.chats import ChatMessage
from storage.database import open_database
from storage.people import link_conflicts, people
from storage.people.addresses import of_telegram
from storage.people.people import Person
from tests.bot.lists.test_people import become_admin, person, shows
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, STRANGER, World

LINK = re.compile(r"https://t\.me/\w+\?start=([\w-]{32})")


async def account(world: World, telegram_id: int) -> Person | None:
    async with world.database() as database, database.reading() as reader:
        return await people.by_address(reader, of_telegram(telegram_id))


def newest_file(world: World, telegram_id: int = ADMIN) -> bytes:
    documents = [one.document for one in world.sandbox.messages(telegram_id) if one.document]
    return world.sandbox.file(documents[-1]["file_id"])


def sheet(content: bytes) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(row) for row in book.get_sheet_by_index(0).iter_rows()]


def newest_picture(world: World, telegram_id: int) -> ChatMessage:
    return [one for one in world.sandbox.messages(telegram_id) if "photo" in one.body][-1]


async def give_phones(world: World, **phones: str) -> None:
    async with open_database(world.settings.database_url) as database:
        for external_id, phone in phones.items():
            async with database.transaction() as tx:
                found = await people.by_external(tx, external_id)
                assert found is not None
                await people.change(tx, found.id, phone=phone)


async def test_everybodys_links_come_as_a_workbook_that_lets_people_in(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/people")
        await world.tap(ADMIN, "Ссылки")
        await world.tap(ADMIN, "Таблица (XLSX) для писем")
        headings, *rows = sheet(newest_file(world))
        assert headings[:3] == ["id", "имя целиком", "роль"]
        links = {row[0]: str(row[6]) for row in rows}
        assert set(links) == {"M1", "C1", "C2", "C3"}
        found = LINK.fullmatch(links["C3"])
        assert found is not None
        await world.start(STRANGER, found[1])
        assert (await account(world, STRANGER)) is not None
        await world.start(ANNA, world.tokens["C1"])
        anna = await account(world, ANNA)
        assert anna is not None
        assert anna.external_id == "C1"


async def test_cards_for_print_hold_a_code_for_each_person(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("C1")
        await world.say(ADMIN, "/people")
        await world.tap(ADMIN, "Ссылки")
        await world.tap(ADMIN, "Карточки с QR-кодами для печати")
        page = newest_file(world).decode()
    assert page.count("<svg") == 3
    assert "Ромашка &lt;и Ко&gt;" in page
    assert "Анна" not in page
    assert "<script" not in page
    assert len(set(LINK.findall(page))) == 3


async def test_a_file_with_links_is_deleted_after_a_day(world: World) -> None:
    folder = world.settings.data_directory / "links"
    async with world.bot():
        await become_admin(world)
        await world.say(ADMIN, "/people")
        await world.tap(ADMIN, "Ссылки")
        await world.tap(ADMIN, "Таблица (XLSX) для писем")
        assert [path.stat().st_mode & 0o77 for path in folder.glob("*/*")] == [0]
        await world.pass_time(days=1, minutes=1)
        while list(folder.glob("*/*")):
            await world.pass_time(seconds=2)
    assert not list(folder.glob("*/*"))


async def test_an_open_link_brings_customers_and_never_staff(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.start(MANAGER, world.tokens["M1"])
        await world.say(ADMIN, "/people")
        await world.tap(ADMIN, "Открытые ссылки")
        await world.tap(ADMIN, "Новая, 30 дней")
        found = LINK.search(newest_picture(world, ADMIN).text)
        assert found is not None
        for telegram_id in (STRANGER, STRANGER, MANAGER):
            await world.start(telegram_id, found[1])
        newcomer = await account(world, STRANGER)
        manager = await account(world, MANAGER)
        assert newcomer is not None
        assert newcomer.is_customer
        assert manager is not None
        assert not manager.is_customer
        await world.say(ADMIN, "/people")
        assert "Чей это аккаунт? (1)" in world.labels(ADMIN)
        shown = await world.tap(ADMIN, "Открытые ссылки")
        assert "пришёл 1" in shown.text
        await world.tap(ADMIN, "Отозвать: Открытая ссылка 1")
        await world.start(BORIS, found[1])
        assert await account(world, BORIS) is None


async def test_an_open_link_from_the_command_line_takes_so_many(world: World) -> None:
    async with world.bot():
        made = await world.operate("issue_open_link", label="прилавок", uses=1)
        found = LINK.fullmatch(made["link"])
        assert found is not None
        await world.start(STRANGER, found[1])
        refused = await world.start(ANNA, found[1])
        assert "все, кто мог" in refused.text
        await world.pass_time(days=91)
        expired = await world.start(BORIS, found[1])
        assert "истёк" in expired.text or "срок" in expired.text.lower()


async def test_ones_own_phone_number_brings_one_in(world: World) -> None:
    await give_phones(world, C3="+79120000003")
    async with world.bot():
        await world.start(STRANGER)
        assert world.sandbox.keyboard(STRANGER) == [["Поделиться номером"]]
        world.sandbox.share_contact(STRANGER, phone="+79120000003", of=ANNA)
        await world.settle()
        assert await account(world, STRANGER) is None
        world.sandbox.share_contact(STRANGER, phone="+79120000003", of=0)
        await world.settle()
        assert await account(world, STRANGER) is None
        assert "поделитесь своей кнопкой" in world.screen(STRANGER).text
        assert world.sandbox.keyboard(STRANGER) == [["Поделиться номером"]]
        world.sandbox.share_contact(STRANGER, phone="79120000003")
        await shows(world, STRANGER, "Согласен")
        vera = await account(world, STRANGER)
        assert vera is not None
        assert vera.external_id == "C3"
        assert world.labels(STRANGER) == ["Согласен", "Прочитать согласие", "Нет, спасибо"]
        assert world.sandbox.keyboard(STRANGER) is None


async def test_the_button_for_a_phone_goes_with_a_personal_link(world: World) -> None:
    await give_phones(world, C3="+79120000003")
    async with world.bot():
        await world.start(ANNA)
        assert world.sandbox.keyboard(ANNA) == [["Поделиться номером"]]
        world.sandbox.start(ANNA, world.tokens["C1"])
        await shows(world, ANNA, "Согласен")
        assert world.sandbox.keyboard(ANNA) is None
        await world.start(BORIS, world.tokens["C2"])
        assert len(world.sandbox.messages(BORIS)) == 2, "nobody else is told that they are known"


async def test_a_shared_or_unknown_number_brings_nobody_in(world: World) -> None:
    await give_phones(world, C1="+79120000003", C3="+79120000003")
    async with world.bot():
        await become_admin(world)
        world.sandbox.start(STRANGER)
        for phone in ("+79120000003", "+79120000009", "+79120000008"):
            world.sandbox.share_contact(STRANGER, phone=phone)
            await shows(world, STRANGER, "личную ссылку")
        assert await account(world, STRANGER) is None
        await world.say(ADMIN, "/people")
        await world.tap(ADMIN, "Чей это аккаунт? (1)")
        await world.tap(ADMIN, "1: оставить как есть")
        assert "Решать нечего" in world.screen(ADMIN).text


async def test_guessing_numbers_ends_early(world: World) -> None:
    await give_phones(world, C3="+79120000003")
    async with world.bot():
        world.sandbox.start(STRANGER)
        for number in range(10):
            world.sandbox.share_contact(STRANGER, phone=f"+7913000000{number}")
            await world.settle()
        world.sandbox.share_contact(STRANGER, phone="+79120000003")
        await shows(world, STRANGER, "завтра")
        assert await account(world, STRANGER) is None


async def test_a_new_account_of_a_customer_is_for_an_admin_to_confirm(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("C1")
        await world.start(STRANGER, world.tokens["C1"])
        await world.start(STRANGER, world.tokens["C1"])
        assert await account(world, STRANGER) is None
        await world.say(ADMIN, "/people")
        shown = await world.tap(ADMIN, "Чей это аккаунт? (1)")
        assert "Анна" in shown.text
        await world.tap(ADMIN, "1: это новый аккаунт")
        moved = await account(world, STRANGER)
        assert moved is not None
        assert moved.external_id == "C1"
        assert moved.consented_at is None
        assert await account(world, ANNA) is None


async def test_a_conflict_is_kept_once_and_decided_once(world: World) -> None:
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        for _ in range(3):
            await link_conflicts.note(tx, "taken", of_telegram(STRANGER), START, person_id=1)
        assert await link_conflicts.count(tx) == 1
        kept = (await link_conflicts.pending(tx))[0]
        assert await link_conflicts.settle(tx, kept.id, START)
        assert not await link_conflicts.settle(tx, kept.id, START)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "html"])
async def test_the_command_line_writes_links_that_are_no_formulas(
    world: World, suffix: str
) -> None:
    row = {"id": "=1+1", "name": "@SUM(A1)", "link": "https://t.me/b?start=x", "text": "+7"}
    path = world.settings.data_directory / f"out.{suffix}"
    write(path, [row], "Ромашка", "ru")
    assert path.stat().st_mode & 0o77 == 0
    if suffix == "xlsx":
        assert sheet(path.read_bytes())[1][:2] == ["=1+1", "@SUM(A1)"]
    elif suffix == "csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbfid;name;")
        cells = next(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
        assert (cells["id"], cells["name"], cells["text"]) == ("'=1+1", "'@SUM(A1)", "'+7")
    else:
        assert "@SUM(A1)" in path.read_text()


def test_a_file_for_a_gateway_has_phones_as_they_are_dialled() -> None:
    anna = {"id": "C1", "name": "=Анна", "phone": "+79123456789", "link": "https://t.me/b"}
    content = for_sms([anna, {"id": "C2", "name": "Олег", "phone": ""}])
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert content.startswith(b"phone,")
    assert [row["phone"] for row in rows] == ["+79123456789"]
    assert rows[0]["name"] == "'=Анна"


async def test_a_revoked_link_opens_nothing_and_a_new_one_does(world: World) -> None:
    async with world.bot():
        await world.operate("revoke_links", person="C1")
        await world.start(ANNA, world.tokens["C1"])
        assert await account(world, ANNA) is None
        made = await world.operate("issue_links", person="C1")
        found = LINK.fullmatch(made["links"][0]["link"])
        assert found is not None
        await world.start(ANNA, found[1])
        assert await account(world, ANNA) is not None
        assert await person(world, "C1") is not None
