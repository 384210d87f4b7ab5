"""Bringing lists and past answers in, against what a program for one file would do.

The base programs read the same file with `csv.reader` (python-calamine for XLSX) and write the same
tables by `executemany`: they check nothing, recognise nobody, and cannot be run twice.
"""

import asyncio
import csv
import gc
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from bot.operations.history.answers import read_history
from bot.operations.history.importing import import_history
from bot.operations.history.plan import plan_from
from bot.operations.lists.people import import_people
from bot.operations.surveys import save_catalog
from storage.database import open_database
from tests.bench.timing import Ratio

PEOPLE = 100_000
ANSWERS = 166_667
ROUNDS = 3
NOW = datetime(2026, 11, 1, tzinfo=UTC)
_BEFORE = date(2022, 1, 1)
_LIST = ("id", "ФИО", "телефон", "email", "компания", "менеджер", "сегмент", "последняя покупка")
_HISTORY = ("answer", "date", "score", "client", "name", "manager", "segment", "comment")

Work = Callable[[Path, Path], object]
"""Brings a file into a database."""


def bench(people: int = PEOPLE, answers: int = ANSWERS, rounds: int = ROUNDS) -> Iterator[Ratio]:
    """Compare the CPU time of both, children too; each begins with an empty database."""
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        place = Path(folder)
        empty = _empty(place / "empty.db")
        rows = list(_people(people))
        listed = _as_csv(place / "people.csv", _LIST, rows)
        yield _compare(
            f"people, {people} rows CSV", empty, listed, (_our_people, _bare_people), rounds
        )
        book = _as_xlsx(place / "people.xlsx", _LIST, rows)
        yield _compare(
            f"people, {people} rows XLSX", empty, book, (_our_people, _bare_people), rounds
        )
        past = _as_csv(place / "history.csv", _HISTORY, _answers(answers))
        yield _compare(
            f"history, {answers} rows", empty, past, (_our_history, _bare_history), rounds
        )


def _compare(what: str, empty: Path, file: Path, works: tuple[Work, Work], rounds: int) -> Ratio:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for found, work in zip(taken, works, strict=True):
            database = Path(shutil.copy(empty, empty.with_name("work.db")))
            gc.collect()
            before = _cpu()
            work(database, file)
            found.append(_cpu() - before)
            for rest in empty.parent.glob("work.db*"):
                rest.unlink()
    against = "calamine" if file.suffix == ".xlsx" else "csv.reader"
    return Ratio(what, median(taken[0]), f"{against} + executemany", median(taken[1]))


def _cpu() -> float:
    return sum(os.times()[:4])


def _empty(path: Path) -> Path:
    async def made() -> None:
        async with open_database(f"sqlite:///{path}") as database:
            await save_catalog(database, NOW)

    asyncio.run(made())
    return path


def _people(number: int) -> Iterator[list[str]]:
    chance = random.Random(1)  # noqa: S311 (a file, no secret)
    for n in range(number):
        bought = _BEFORE + timedelta(days=chance.randrange(1_500))
        yield [
            f"K{n}", f"Петров Иван {n}", f"+7 9{chance.randrange(10**9):09}", f"k{n}@example.org",
            f"ООО Луч {n % 5_000}", f"Менеджер {n % 40}", ("опт", "розница")[n % 2],
            f"{bought:%d.%m.%Y}",
        ]  # fmt: skip


def _answers(number: int) -> Iterator[list[str]]:
    chance = random.Random(2)  # noqa: S311
    for n in range(number):
        day = _BEFORE + timedelta(days=chance.randrange(1_500))
        client = chance.randrange(number // 3 + 1)
        yield [
            str(n), f"{day} {n % 24:02}:{n % 60:02}:00", str(chance.randrange(11)), f"K{client}",
            f"Клиент {client}", f"Менеджер {n % 40}", ("опт", "розница")[n % 2],
            "Всё хорошо, спасибо" if n % 3 == 0 else "",
        ]  # fmt: skip


def _as_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def _as_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headings, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return path


def _our_people(database: Path, file: Path) -> None:
    async def imported() -> None:
        async with open_database(f"sqlite:///{database}") as opened:
            told = await import_people(opened, NOW, str(file), new_managers=True)
            assert told["imported"], told["said"]

    asyncio.run(imported())


def _our_history(database: Path, file: Path) -> None:
    plan = plan_from({"id": "answer", "customer": "client"}, None)

    history = read_history(file.read_bytes(), plan)

    async def imported() -> None:
        async with open_database(f"sqlite:///{database}") as opened:
            into = {"survey": "nps", "question": None, "scale": [0, 10]}
            await import_history(opened, NOW, **history.as_json(), into=into)

    asyncio.run(imported())


def _rows(file: Path) -> Iterator[Any]:
    if file.suffix == ".xlsx":
        yield from CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows()
        return
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines)


def _bare_people(database: Path, file: Path) -> None:
    _, *rows = _rows(file)
    connection = sqlite3.connect(database)
    with connection:
        managers = _bare_managers(connection, {row[5] for row in rows})
        accounts = {company: n for n, company in enumerate({row[4] for row in rows}, start=1)}
        connection.executemany("INSERT INTO accounts (name, id) VALUES (?, ?)", accounts.items())
        connection.executemany(
            "INSERT INTO people (external_id, name, phone, email, account_id, manager_id, segment,"
            " last_purchase_on, is_customer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
            (
                (
                    who,
                    name,
                    phone,
                    email,
                    accounts[of],
                    managers[manager],
                    segment,
                    day,
                    NOW_TEXT,
                )
                for who, name, phone, email, of, manager, segment, day in rows
            ),
        )
    connection.close()


NOW_TEXT = NOW.isoformat()


def _bare_managers(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    managers = {name: n for n, name in enumerate(sorted(names), start=1)}
    connection.executemany(
        "INSERT INTO people (id, external_id, name, is_manager, created_at) VALUES (?, ?, ?, 1, ?)",
        ((n, name, name, NOW_TEXT) for name, n in managers.items()),
    )
    return managers


def _bare_history(database: Path, file: Path) -> None:
    _, *rows = _rows(file)
    connection = sqlite3.connect(database)
    with connection:
        managers = _bare_managers(connection, {row[5] for row in rows})
        clients = {row[3]: row[4] for row in rows}
        numbers = {client: n for n, client in enumerate(clients, start=len(managers) + 1)}
        connection.executemany(
            "INSERT INTO people (id, external_id, name, is_customer, created_at)"
            " VALUES (?, ?, ?, 1, ?)",
            ((numbers[client], client, name, NOW_TEXT) for client, name in clients.items()),
        )
        ((definition, score, why),) = connection.execute(
            "SELECT d.id, s.id, w.id FROM definitions d JOIN questions s ON s.definition_id = d.id"
            " JOIN questions w ON w.definition_id = d.id"
            " WHERE d.key = 'nps' AND s.kind = 'nps' AND w.kind = 'text'"
        )
        connection.execute(
            "INSERT INTO campaigns (id, definition_id, name, plan, closes_after_days, state,"
            " created_at) VALUES (1, ?, 'past', '{}', 1, 'running', ?)",
            (definition, NOW_TEXT),
        )
        placed = list(_placed(rows))
        waves = {label: n for n, label in enumerate(dict.fromkeys(placed), start=1)}
        connection.executemany(
            "INSERT INTO waves (id, campaign_id, label, started_at, closes_at, stage)"
            " VALUES (?, 1, ?, ?, ?, 'ready')",
            ((n, label, NOW_TEXT, NOW_TEXT) for label, n in waves.items()),
        )
        connection.executemany(
            "INSERT INTO invitations (id, wave_id, person_id, definition_id, touchpoint,"
            " manager_id, segment, state, created_at, opened_at, started_at, finished_at,"
            " closes_at, closed_at, import_key)"
            " VALUES (?, ?, ?, ?, 'imported', ?, ?, 'finished', ?, ?, ?, ?, ?, ?, ?)",
            (
                (n, waves[label], numbers[client], definition, managers[manager], segment)
                + (day,) * 6
                + (key,)
                for n, (label, (key, day, _, client, _, manager, segment, _)) in enumerate(
                    zip(placed, rows, strict=True), start=1
                )
            ),
        )
        connection.executemany(
            "INSERT INTO answers (invitation_id, question_id, value, score, answered_at)"
            " VALUES (?, ?, ?, ?, ?)",
            _bare_answers(rows, score, why),
        )
    connection.close()


def _bare_answers(rows: Iterable[Sequence[str]], score: int, why: int) -> Iterator[tuple[Any, ...]]:
    for n, row in enumerate(rows, start=1):
        yield n, score, row[2], float(row[2]), row[1]
        if row[7]:
            yield n, why, f'"{row[7]}"', None, row[1]


def _placed(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield each row's month, numbered where its client has answered in it already."""
    taken: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row[1][:7], row[3])
        taken[key] = taken.get(key, 0) + 1
        yield f"{key[0]} #{taken[key]}"
