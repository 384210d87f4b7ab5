"""What a list is said to be before it is taken, and what to do where it cannot be."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Refused
from bot.operations.company import company as set_up
from bot.operations.lists.phone_numbers import first_number
from storage.copies.shelf import Shelf
from storage.database import Database
from storage.people import people, workspace
from tests.bot.lists.test_list_cases import NOW, Import, company, database, known, take

__all__ = ["company", "database", "take"]

PHONES = [
    ("US", "9175550123", "+19175550123", True),
    ("US", "(212) 555-0123", "+12125550123", True),
    ("US", "+7 912 345-67-89", "+79123456789", False),
    ("US", "1 917 555 0123", "+19175550123", False),
    ("GB", "020 7946 0018", "+442079460018", True),
    ("GB", "0044 20 7946 0018", "+442079460018", False),
    ("US", "8 (912) 345-67-89; +1 917 555 0123", "+19175550123", False),
    ("VN", "84 912 345 678", "+84912345678", False),
    ("DE", "089 1234567", "+49891234567", True),
    ("DE", "089 123456789", "+4989123456789", True),
    ("DE", "+49 89123456789", "+4989123456789", False),
    ("DE", "89123456789, 030 1234567", "+49301234567", True),
    ("ID", "89123456789", "+6289123456789", True),
    ("BR", "84951234567", "+5584951234567", True),
    ("VN", "84951234567", "+84951234567", False),
    ("KZ", "8 (701) 123-45-67", "+77011234567", False),
    ("BY", "8 (029) 491-19-11", "+375294911911", False),
    ("KZ", "7011234567", "+77011234567", True),
    ("UZ", "901234567", "+998901234567", True),
    ("RU", "9123456789", "+79123456789", True),
    ("RU", "8 (912) 345-67-89", "+79123456789", False),
    ("RU", "79123456789", "+79123456789", False),
    ("RU", "дом. 495 123-45-67", "+74951234567", True),
]


@pytest.mark.parametrize(("country", "cell", "e164", "is_assumed"), PHONES)
def test_a_bare_number_is_one_of_the_country(
    country: str, cell: str, e164: str, is_assumed: bool
) -> None:
    assert first_number(cell, country) == (e164, is_assumed)


@pytest.mark.parametrize("country", ["US", "DE", "GB", "AM"])
@pytest.mark.parametrize(
    "cell",
    [
        "8 (912) 345-67-89",
        "8-912-345-67-89",
        "+8 (912) 345 67 89",
        "тел. 8 912 345-67-89 (моб.)",
        "8(495)123-45-67",
        "8 (800) 555-35-35",
        "8 (212) 555-0123",
        "84951234567",
        "89123456789",
        "8912 3456789",
        "тел. 89123456789",
        "8,9123456789E+10",
    ],
)
def test_a_number_dialled_within_russia_is_none_of_another_country(cell: str, country: str) -> None:
    """Its 8 is no code: +1 912 or Vietnam's +84 would be somebody else's number."""
    assert first_number(cell, country) is None


@pytest.mark.parametrize("cell", ["89123456789", "123-45-67", "2125550"])
def test_what_no_number_of_the_country_is_becomes_none_of_another(cell: str) -> None:
    assert first_number(cell, "US") is None


async def test_a_number_that_only_russia_dials_so_is_said_to_be(take: Import) -> None:
    cells = "89123456789", "8 (912) 345-67-89", "12"
    rows = "".join(f"{number},Ann,{cell}\n" for number, cell in enumerate(cells))
    told = await take(f"id,name,phone\n{rows}", check=True, country="DE")
    said = "так номер набирают внутри России: напишите его с +7 или с кодом его страны"
    first, second, third = told["warnings"]
    assert f"«89123456789» — {said}" in first
    assert f"«8 (912) 345-67-89» — {said}" in second
    assert "России" not in third


BARE = "id,name,phone\n1,Ann,9175550123\n2,Bob,(917) 555-0199\n3,Eve,+7 912 345-67-89\n"


async def test_bare_phones_are_read_by_the_company_and_said_to_be(
    database: Database, take: Import
) -> None:
    told = await take(BARE, check=True)
    assert told["phones_of_country"] == {"country": "RU", "assumed": 2}
    (said,) = (one for one in told["said"] if "без кода страны" in one)
    assert said.startswith("2 телефона")
    assert "Россия" in said
    assert "--country" in said
    stated = await take(BARE, check=True, country="US")
    assert stated["first_as_read"][0]["phone"] == "+19175550123"
    async with database.transaction() as tx:
        await workspace.save(tx, replace(await workspace.get(tx), zone="America/New_York"))
    assert (await take(BARE, check=True))["phones_of_country"]["country"] == "US"
    assert (await set_up(database, NOW, country="Казахстан"))["country"] == "KZ"
    assert (await take(BARE, check=True))["phones_of_country"]["country"] == "KZ"
    assert (await set_up(database, NOW, country=""))["country"] == "US"
    for wrong in ("Атлантида", "XX"):
        with pytest.raises(Refused):
            await set_up(database, NOW, country=wrong)
        with pytest.raises(Refused):
            await take(BARE, check=True, country=wrong)
    await take(BARE)
    assert (await known(database, "2")).phone == "+19175550199"
    assert (await known(database, "3")).phone == "+79123456789"


async def test_every_column_is_said_to_be_read_or_left_out(take: Import) -> None:
    more = [f"Свой столбец {number}" for number in range(30)]
    told = await take(f"id,ФИО,Телефон,{','.join(more)}\n1,Анна,89123456789\n", check=True)
    said = "\n".join(told["said"])
    assert "«ФИО» → имя целиком, «Телефон» → телефон" in said
    assert all(heading in said for heading in more)


DEAD_ENDS: list[tuple[str, list[str], list[str]]] = [
    ("name,phone\nAnn,1\n", ["--identity phone", "headed id"], ["--identity email"]),
    ("name,mail\nAnn,1\n", ["--identity email", "headed id"], ["--identity phone"]),
    ("name,city\nAnn,1\n", ["headed id"], ["--identity"]),
    ("name,account_id\nAnn,1\n", ["--column 'account_id=external_id'"], []),
    ("id,city\nAnn,1\n", ["--column 'HEADING=name'"], ["--identity"]),
    ("date,score\n2026-03-01,9\n", ["otklik import history"], []),
]


@pytest.mark.parametrize(("content", "wanted", "unwanted"), DEAD_ENDS)
async def test_where_columns_lack_it_is_said_what_to_do(
    content: str, wanted: list[str], unwanted: list[str], take: Import
) -> None:
    with pytest.raises(Refused) as refused:
        await take(content)
    said = str(refused.value)
    assert all(one in said for one in wanted)
    assert not any(one in said for one in unwanted)


REFUSED: list[tuple[str, dict[str, Any], bool]] = [
    ("id,name\n1,Ann\n", {}, True),
    ("id,name,manager\n1,Ann,Zed\n", {}, False),
    ("id,name,manager\n1,Ann,Zed\n", {"skip_refused": True}, False),
    ("id,name,manager\n1,Ann,Zed\n2,Bob,\n", {}, False),
    ("id,name,manager\n1,Ann,Zed\n2,Bob,\n", {"skip_refused": True}, True),
    ("id,name,manager\n1,Ann,Zed\n", {"new_managers": True}, True),
]


@pytest.mark.parametrize(("content", "wanted", "is_acceptable"), REFUSED)
async def test_a_check_says_whether_the_list_would_be_taken(
    content: str, wanted: dict[str, Any], is_acceptable: bool, take: Import
) -> None:
    assert (await take(content, check=True, **wanted))["acceptable"] is is_acceptable
    assert (await take(content, **wanted))["imported"] is is_acceptable


async def test_before_a_list_changes_anything_the_database_is_copied(
    database: Database, take: Import, tmp_path: Path
) -> None:
    said = (await take("id,name\n1,Ann\n", check=True))["said"]
    assert "Europe/Moscow" in said[1]
    database.shelf = Shelf(tmp_path / "otklik.db", tmp_path / "backups")
    taken = await take("id,name\n1,Ann\n")
    assert (await take("id,name\n1,Ann\n"))["copy"] is None
    assert (await take("id,name\n1,Ann B.\n", no_copy=True))["copy"] is None
    (copy,) = database.shelf.copies()
    assert (str(copy.path), copy.kind) == (taken["copy"], "import")
    async with database.reading() as reader:
        assert await people.by_external(reader, "1", "customer")
