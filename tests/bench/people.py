"""A list of people, CSV and XLSX, against its rows into a table."""

import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from bot.operations.surveys import save_catalog
from storage.database import open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from tests.bench.company import END
from tests.bench.scale import Scale
from tests.bench.taps import sqlite
from tests.bench.timing import Ratio, of_rounds

HEAD = ("id", "name", "phone", "email", "segment", "company", "city")
_FIRST_NAMES = ("Анна", "Борис", "Вера", "Глеб", "Дина", "Егор")
_LAST_NAMES = ("Попова", "Орлов", "Смирнова", "Кузнецов", "Волкова")


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare the CPU of `otklik import people` with a reader and executemany, in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for suffix, reader, target in ((".csv", "csv.reader", "≤ 8"), (".xlsx", "calamine", "≤ 4")):
            file = folder / f"people{suffix}"
            write(file, scale.listed)
            taking = ("bot.cli.main", "import", "people", str(file), "--yes")
            bare = ("tests.bench.bare.lists", "people", str(file))
            ours, theirs = [], []
            for turn in range(scale.lists):
                place = empty(sqlite(folder / f"otklik{turn}{suffix}.db"))
                ours.append(scale.spent(*taking, "--column", "city=attribute", **place).seconds)
                theirs.append(scale.spent(*bare, str(folder / f"bare{turn}{suffix}.db")).seconds)
            what = f"people, {scale.listed:,} rows {suffix[1:].upper()}"
            yield of_rounds(what, ours, f"{reader} + executemany", theirs, target)


def empty(url: str) -> dict[str, str]:
    """Make an empty workspace; return the environment that names it."""
    asyncio.run(_empty(url))
    return {"OTKLIK_DATABASE_URL": url}


async def _empty(url: str) -> None:
    async with open_database(url) as database:
        await save_catalog(database, END)
        async with database.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка", bot_username="bot"))


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        first, last = _FIRST_NAMES[number % 6], _LAST_NAMES[number % 5]
        yield (
            f"C{number}",
            f"{first} {last}",
            f"+7912{number:07}",
            f"client{number}@example.com",
            ("опт", "розница")[number % 2],
            f"Компания {number % 5000}",
            ("Москва", "Казань", "Пермь")[number % 3],
        )


def write(path: Path, count: int) -> None:
    """Write a list of so many people."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD, *_rows(count)])
        return
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEAD, *_rows(count)]):
            sheet.write_row(at, 0, row)
