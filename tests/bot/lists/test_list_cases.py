"""Lists as companies send them: each case is a kind that once came in wrong."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.people.people_screens import SHOWN
from bot.errors import Refused
from bot.operations.exports.chosen import FileForm, Wanted, What
from bot.operations.exports.writing import export
from bot.operations.lists import found
from bot.operations.lists.file_parts import Batch, Head, ListOptions
from bot.operations.lists.found import ListFound
from bot.operations.lists.headings import recognise
from bot.operations.lists.people import import_people
from bot.operations.lists.people_file import read_list
from bot.operations.lists.preview import preview
from bot.operations.lists.problems import Fault, RowProblem
from storage.database import Database, open_database
from storage.people import people
from storage.people.addresses import of_telegram
from storage.people.people import Person
from storage.tables.people import people as table
from surveys.messages import Language
from templates.texts import Texts
from tests.engines import database_in

NOW = datetime(2026, 10, 15, 9, tzinfo=UTC)
Import = Callable[..., Any]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with its tables, to be copied."""
    path = tmp_path_factory.mktemp("company") / "otklik.db"

    async def made() -> None:
        async with open_database(f"sqlite:///{path}"):
            pass

    asyncio.run(made())
    return path


@pytest.fixture
async def database(company: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(company, tmp_path / "otklik.db")
    async with open_database(database_in(tmp_path)) as opened:
        yield opened


async def _reading(path: Path, options: ListOptions) -> AsyncGenerator[Head | Batch, None]:
    """Read in this process: that one of its own reads the same is shown elsewhere."""
    content = await asyncio.to_thread(path.read_bytes)
    for part in read_list(content, options):
        yield part


@pytest.fixture
def take(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Return a function that imports a text or bytes as the command line does."""
    monkeypatch.setattr(found, "reading", _reading)

    async def taken(content: str | bytes, **options: Any) -> dict[str, Any]:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        wanted = {name: options.pop(name) for name in _WANTED & options.keys()}
        told = await import_people(database, NOW, str(path), options, "ru", **wanted)
        parts = ("added", "changed", "unchanged", "leaving", "refused", "left_out")
        assert told["rows"] == sum(told[name] for name in parts)
        return told

    return taken


_WANTED = {"check", "skip_refused", "new_managers", "no_copy"}


async def known(database: Database, external_id: str) -> Person:
    async with database.reading() as reader:
        person = await people.by_external(reader, external_id, "customer")
    assert person is not None
    return person


async def attributes(database: Database, external_id: str) -> dict[str, str]:
    async with database.reading() as reader:
        kept = select(table.c.attributes).where(table.c.external_id == external_id)
        found: dict[str, str] = json.loads(await reader.scalar(kept))
    return found


async def test_a_column_that_is_not_in_the_list_changes_nothing(
    database: Database, take: Import
) -> None:
    chosen = {"город": "attribute"}
    await take("id,name,status,город\nC1,Анна,VIP,Пермь\nC2,Олег,,Уфа\n", chosen=chosen)
    again = await take("id,name,status\nC1,Анна,regular\nC2,Олег,\n")
    assert (again["changed"], again["unchanged"]) == (1, 1)
    assert await attributes(database, "C1") == {"status": "regular", "город": "Пермь"}
    same = await take("id,name,status,город\nC1,Анна,regular,Пермь\n", chosen=chosen)
    assert same["unchanged"] == 1


async def test_somebody_known_by_id_is_recognised_by_phone_and_by_email_in_any_case(
    database: Database, take: Import
) -> None:
    await take("id,name,phone,email\nC1,Олег,8 912 000-00-01,Oleg@Example.org\n")
    by_phone = await take("name,phone\nОлег Жуков,+7 912 000 00 01\n", identity="phone")
    assert (by_phone["added"], by_phone["changed"]) == (0, 1)
    by_email = await take("name,email\nОлег Жук,oleg@example.ORG\n", identity="email")
    assert (by_email["added"], by_email["changed"]) == (0, 1)
    assert (await known(database, "C1")).name == "Олег Жук"


async def test_somebody_known_by_phone_alone_gets_the_id_of_a_later_list(
    database: Database, take: Import
) -> None:
    await take("name,phone\nОлег,89120000001\n", identity="phone")
    before = await known(database, "+79120000001")
    again = await take("id,name,phone\nC7,Олег,8 912 000 00 01\n")
    assert (again["added"], again["changed"]) == (0, 1)
    assert (await known(database, "C7")).id == before.id


async def test_who_may_be_two_people_is_refused_and_the_others_are_not(take: Import) -> None:
    await take("id,name,phone\nC1,Анна,89120000001\nC2,Олег,89120000001\n")
    rows = "name,phone\nКто-то,89120000001\nИра,89120000002\n"
    told = await take(rows, identity="phone", skip_refused=True)
    assert (told["added"], told["refused"]) == (1, 1)
    assert "строка 2" in told["problems"][0]


async def test_a_phone_of_two_people_is_warned_of(take: Import) -> None:
    told = await take("id,name,phone\nC1,Анна,89123456789\nC2,Олег,+7 912 345-67-89\n", check=True)
    assert "+79123456789" in told["warnings"][0]
    await take("id,name,phone\nC1,Анна,89123456789\n")
    later = await take("id,name,phone\nC3,Ира,89123456789\n", check=True)
    assert later["warned"] == 1
    moved = "id,name,phone\nC1,Анна,89120000009\nC3,Ира,89123456789\n"
    assert (await take(moved, check=True))["warned"] == 0


async def test_nearly_known_headings_are_recognised_and_others_are_named(take: Import) -> None:
    headings = (
        "id;ФИО;Телефон клиента;Ответственный менеджер;Дата последнего заказа;E-mail для рассылок;"
        "Город"
    )
    row = "C1;Анна;89123456789;Мария Орлова;30.09.2026;a@b.ru;Пермь"
    told = await take(f"{headings}\n{row}\n", check=True, new_managers=True)
    assert told["columns_left_out"] == ["Город"]
    assert set(told["columns"]) == {
        "external_id", "name", "phone", "manager", "last_purchase", "email",
    }  # fmt: skip
    assert (told["added"], told["managers_made"]) == (1, 1)
    assert any("Город" in paragraph for paragraph in told["said"])
    assert any("Строк в файле: 1 = новых 1 + " in paragraph for paragraph in told["said"])


async def test_a_new_manager_who_is_spelled_in_several_ways_is_made_once(
    database: Database, take: Import
) -> None:
    spellings = ("Мария Орлова", "Орлова Мария", "мария  орлова", "Мария Орлова")
    rows = "".join(f"C{place},Анна,{one}\n" for place, one in enumerate(spellings))
    seen = await take(f"id,name,manager\n{rows}", check=True)
    assert seen["unknown_managers"] == ["Мария Орлова"]
    told = await take(f"id,name,manager\n{rows}", new_managers=True)
    assert (told["managers_made"], told["refused"]) == (1, 0)
    whose = {(await known(database, f"C{place}")).manager_id for place in range(len(spellings))}
    assert len(whose) == 1


@pytest.mark.parametrize("form", [FileForm.CSV, FileForm.XLSX])
async def test_people_who_were_written_to_a_file_come_back_as_they_are(
    database: Database, take: Import, tmp_path: Path, form: FileForm
) -> None:
    await take(
        "id,name,role,leads,manager,phone,last_purchase,left\n"
        "M1,Мария Орлова,manager,,,89120000001,,\n"
        "L1,Ольга Лид,team lead,Север,,,,\n"
        "L2,Нина Лид,team lead,Юг,,,,\n"
        "C1,Анна Ли,customer,,M1,89120000002,30.09.2026,\n"
        "C2,Олег Ли,customer,,M1,89120000003,,\n"
    )
    await take("id,name,left\nC2,Олег Ли,yes\n")
    async with database.transaction() as tx:
        await people.add_admin(tx, of_telegram(1), "Вера Ли", "ru", NOW)
        once = await people.leads(tx, "Юг")
        await people.set_leads(tx, once[0].id, ())
    made = await export(
        database_in(tmp_path), Wanted(What.PEOPLE, form), "ru", tmp_path / f"people.{form}"
    )
    told = await take(made.files[0].read_bytes(), skip_refused=True, check=True)
    assert (told["unchanged"], told["added"], told["changed"], told["leaving"]) == (4, 0, 0, 0)
    assert told["refused"] == 2, "the admin, who stands on no list, and who leads nobody now"


REFUSED: Mapping[str, tuple[str | bytes, dict[str, Any], str]] = {
    "a heading that is not there": ("id,name\n1,A\n", {"chosen": {"Тел": "phone"}}, "Тел"),
    "two columns of one name": ("id,name,status,status\n1,A,x,y\n", {}, "status"),
    "an open quotation mark": ('id;name;company\n1;A;"Лес\n2;B;Луч\n', {}, "строке 2"),
    "one that closes by chance": ('id;name;company\n1;A;"Лес\n2;B;"\n3;C;Луч\n', {}, "строке 2"),
    "one of two columns": ('id;name\n1;"A\n2;B\n3;"\n4;C\n', {}, "строке 2"),
    "a mark within a cell": ('id;name\n1;"Лес" ООО\n', {}, "line 2"),
    "a stray byte": ("id,name\n1,Анна\n2,".encode() + b"\x96 Alfa\n", {}, "3"),
    "half a letter": ("id,name\n1,Анна\n2,Олег".encode()[:-1], {}, "3"),
    "Western letters": ("id,name\n1,Jörg Müller\n".encode("cp1252"), {}, "encoding"),
    "another encoding than stated": ("id,name\n1,Ёж\n".encode("cp1251"), {"encoding": "utf8"}, "2"),
    "no encoding": ("id,name\n1,A\n", {"encoding": "klingon"}, "klingon"),
    "a day to come": ("id,name,last_purchase\n1,A,01.10.2027\n", {}, "01.10.2027"),
    "days in both orders": (
        "id,name,last_purchase\n1,A,13/12/2025\n2,B,12/31/2025\n3,C,01/02/2025\n", {}, "строка 4",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_surely_is_refused_by_name(name: str, take: Import) -> None:
    content, options, named = REFUSED[name]
    try:
        told = await take(content, **options)
    except Refused as refused:
        said = "\n".join(str(message) for message in refused.messages())
    else:
        assert not told["imported"]
        said = "\n".join(told["said"])
    assert named.replace("строке", "Line").replace("строка", "line") in said or named in said


async def test_a_comment_of_several_lines_is_no_row(take: Import) -> None:
    text = 'id,name,company\nC1,Anna,"Hello,\nthanks, Bob, bye"\nC2,"Eva, the\nfirst",x\n'
    assert (await take(text, check=True))["added"] == 2


PEOPLE = "id;имя;компания\n1;Анна Попова;Берег\n2;Олег Жуков;Луч\n"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp866"])
async def test_a_code_page_is_told_by_the_words_and_the_names_are_shown(
    encoding: str, take: Import
) -> None:
    for text in (PEOPLE, PEOPLE.upper().replace("ИМЯ", "имя")):
        told = await take(text.encode(encoding), check=True)
        assert (told["encoding"], told["encoding_is_guess"]) == (encoding, True)
        shown = "\n".join(told["said"])
        assert encoding in shown
        assert "анна попова" in shown.casefold()
        assert "олег жуков" in shown.casefold()


async def test_a_stated_encoding_is_believed(take: Import) -> None:
    content = "id,name\n1,Jörg Müller\n".encode("cp1252")
    told = await take(content, encoding="cp1252", check=True)
    assert told["first_as_read"][0]["name"] == "Jörg Müller"


@pytest.mark.parametrize("title", ["Список на 01.10.2026;;;\n;;;\n", "Контакты, октябрь\n\n"])
async def test_a_title_above_the_headings_is_left_out_by_name(title: str, take: Import) -> None:
    told = await take(f"{title}ID;ФИО;Телефон;Статус\nC1;Анна;89123456789;VIP\n", check=True)
    assert told["added"] == 1
    assert told["lines_above_left_out"] == [title.partition(";")[0].partition("\n")[0]]
    below = "Раз;Два\nШифр;Кто\nC1;Анна\n"
    chosen = {"Шифр": "external_id", "Кто": "name"}
    assert (await take(below, skip_lines=1, chosen=chosen, check=True))["added"] == 1


async def test_a_sheet_of_bitrix24_is_read_as_the_html_table_it_is(take: Import) -> None:
    page = (
        '<meta http-equiv="Content-type" content="text/html;charset=utf-8" />'
        '<style>td {mso-number-format:"\\@"}</style><table border="1"><thead><tr>'
        "<th>ID</th><th>Имя</th><th>Фамилия</th><th>Телефон для рассылок</th></tr></thead><tbody>"
        "<tr><td>7</td><td>Анна &amp; Ко</td><td>Попова</td><td>8 912 345-67-89, 8 912 0</td></tr>"
        "<tr><td colspan='2'>8</td><td>Ветров</td><td></td></tr></tbody></table>"
    )
    told = await take(page, check=True)
    assert [row["name"] for row in told["first_as_read"]] == ["Анна & Ко Попова", "Ветров"]
    assert told["first_as_read"][0]["phone"] == "+79123456789"
    for wrong in ("<html><body>Нет доступа</body></html>", "<table></table>"):
        with pytest.raises(Refused):
            await take(wrong)


async def test_days_are_those_of_the_companys_zone(database: Database, take: Import) -> None:
    days = {
        "31.12.25": 31, "2025/12/31": 31, "12/31/2025": 31, "31-12-2025": 31,
        "31.12.2025 10:00:00": 31, "31 декабря 2025": 31, "2025-12-31 00:00:00": 31,
        "2025-12-31T21:30:00Z": 1,
    }  # fmt: skip
    for said, day in days.items():
        await take(f"id,name,last_purchase\nC1,Анна,{said}\n")
        bought = (await known(database, "C1")).last_purchase_on
        assert bought is not None
        assert bought.day == day, said


async def test_languages_are_read_as_people_write_them(database: Database, take: Import) -> None:
    words = {"ru-RU": "ru", "Русский": "ru", "English": "en", "en_US": "en", "RU": "ru"}
    rows = "".join(f"{number},A,{word}\n" for number, word in enumerate(words))
    await take(f"id,name,language\n{rows}")
    for number, language in enumerate(words.values()):
        assert (await known(database, str(number))).language == language


def test_what_was_found_survives_the_wait_in_the_database() -> None:
    list_of_three = ListFound(headings=["id"], rows=3, is_guess=True)
    assert ListFound.from_json(list_of_three.as_json()) == list_of_three


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_longest_preview_fits_into_one_message(language: Language) -> None:
    long = "Щ" * 100
    kinds = (Fault.SHARED_PHONE, Fault.PHONE, Fault.DATE_UNCLEAR, Fault.DATE, Fault.EMAIL)
    rows = [RowProblem(number, code, long, 1000) for number, code in enumerate(kinds * 4, 100_000)]
    fields = ("external_id", "name", "phone", "email", "company", "manager_external_id", "segment")
    worst = ListFound(
        headings=[long] * 300,
        above=[long] * 20,
        encoding="cp1251",
        is_guess=True,
        first=[dict.fromkeys(fields, long)] * 3,
        rows=199_999,
        added=199_999,
        changed=199_999,
        unchanged=199_999,
        refused=199_999,
        left_out=199_999,
        warned=199_999,
        made=199_999,
        assumed=199_999,
        country="AE",
        columns={"name": [0], "phone": list(range(1, 40)), "attribute": list(range(40, 80))},
        problems=rows,
        left_out_rows=rows,
        warnings=rows,
        strangers=[long] * 200,
    )
    assert len("\n\n".join(preview(Texts(language), worst, shown=SHOWN))) < 4096 - 100


async def test_an_address_of_two_people_is_warned_of(take: Import) -> None:
    told = await take("id,name,email\nC1,Анна,A@b.ru\nC2,Олег,a@B.ru\nC3,Ира,c@b.ru\n", check=True)
    assert told["warned"] == 2
    assert "a@b.ru стоит у нескольких" in told["warnings"][0]
    await take("id,name,email\nC1,Анна,a@b.ru\n")
    assert (await take("id,name,email\nC1,Анна,A@b.ru\n", check=True))["warned"] == 0
    later = await take("id,name,email\nC3,Ира,A@B.ru\n", check=True)
    assert later["warned"] == 1
    moved = "id,name,email\nC1,Анна,anna@b.ru\nC3,Ира,a@b.ru\n"
    assert (await take(moved, check=True))["warned"] == 0


HEADED = {
    "HubSpot": (
        "Record ID,First Name,Last Name,Phone Number,Contact owner,Associated Company,Job Title",
        {"external_id", "first_name", "last_name", "phone", "manager", "company", "position"},
    ),
    "Salesforce": (
        "Contact ID,First Name,Last Name,Title,Account Name,Mobile,Contact Owner",
        {"external_id", "first_name", "last_name", "position", "company", "phone", "manager"},
    ),
    "leads": (
        "Lead ID,Lead Name,Lead Owner,Lead Email,Customer Segment",
        {"external_id", "name", "manager", "email", "segment"},
    ),
    "Pipedrive": (
        "Person - ID,Person - Name,Person - Phone - Work,Person - Email - Work,Person - Owner",
        {"external_id", "name", "phone", "email", "manager"},
    ),
    "plain": (
        "customer_id,customer_name,customer_email,sales_rep,last_order_date",
        {"external_id", "name", "email", "manager", "last_purchase"},
    ),
    "Russian": (
        "ID лида;Контакт: ФИО;Контакт: Телефон;Юридическое лицо;Ответственные",
        {"external_id", "name", "phone", "company", "manager"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADED)
def test_headings_of_other_programs_are_recognised(name: str) -> None:
    line, fields = HEADED[name]
    assert set(recognise(line.split(";" if ";" in line else ","), {})) == fields
    assert recognise(["ID", "Title"], {}) == {"external_id": [0], "name": [1]}
