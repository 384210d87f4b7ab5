"""A company of any size as a finished database: made once, kept in a cache folder.

100,000 customers of 50 managers in five segments. A third of them is asked each month, by one of
two surveys in turn; a third of these answer. 24 months make 10⁶ answers.
"""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from bot.jobs.counting import keep_next
from bot.operations.surveys import save_catalog
from storage import counting
from storage.database import open_database
from storage.engine.schema import revisions
from storage.people import workspace
from storage.people.workspace import Workspace

PEOPLE, MANAGERS = 100_000, 50
SEGMENTS = ("новые", "постоянные", "крупные", "сеть", "прочие")
END = datetime(2026, 9, 1, tzinfo=UTC)
"""The last month of every company is August 2026."""
MONTHS = 24
PERIOD = "2026-08"
_EDITION = 1
"""Raise it when the rows below change: old files are then made anew."""
_CACHE_KB = 1_000_000
"""Of pages that many rows of a month go to; a company that is smaller takes less."""
_COUNTING = Path(counting.__path__[0])
_SHARE = 0.342
"""Of those asked who answer: it makes 10⁶ answers in 24 months."""
_NPS_WEIGHTS = (2, 1, 1, 2, 2, 4, 5, 10, 19, 24, 30)
_SCALE_WEIGHTS = (3, 6, 15, 36, 40)
_WORDS = ("Всё хорошо, спасибо!", "Долго ждали документы.", "Менеджер перезвонил сразу.")


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a company is: customers, months up to `END`."""

    people: int = PEOPLE
    months: int = MONTHS


def copied(folder: Path, shape: Shape = Shape(), *, counted: bool = False) -> Path:
    """Return a copy of the database of that shape, which may change.

    `counted`: with the figures of past months kept, as the bot keeps them within an hour. Counting
    them takes as long as all other work with a company.
    """
    path = folder / "otklik.db"
    shutil.copyfile(_counted(shape) if counted else _cached(shape), path)
    return path


def _cached(shape: Shape) -> Path:
    return _kept(_name(shape), lambda path: make(path, shape))


def _counted(shape: Shape) -> Path:
    """Return the same with its figures; whatever counts them may have changed since."""
    told = b"".join(path.read_bytes() for path in sorted(_COUNTING.rglob("*.py")))
    name = f"{_name(shape)}-counted-"
    of_code = f"{name}{sha256(told).hexdigest()[:8]}"

    def count(path: Path) -> None:
        for older in _cache().glob(f"{name}*.db"):
            older.unlink()
        plain = _cache() / f"{_name(shape)}.db"
        if plain.exists():
            shutil.copyfile(plain, path)
        else:
            make(path, shape)
        asyncio.run(_count_ahead(path))
        _close(path)

    return _kept(of_code, count)


def _name(shape: Shape) -> str:
    return f"{_of_schema()}{shape.people}-{shape.months}"


def _of_schema() -> str:
    return f"company-{_EDITION}-{revisions()[0]}-"


def _kept(name: str, write: Callable[[Path], None]) -> Path:
    """Return a file of the cache; write it where it is not there yet.

    Those of an earlier schema go then: a few of them fill a disk.
    """
    path = _cache() / f"{name}.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in _cache().glob("company-*.db"):
            if not other.name.startswith(_of_schema()):
                other.unlink()
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        write(unfinished)
        unfinished.replace(path)
    return path


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otklik-bench"


def make(path: Path, shape: Shape) -> None:
    """Write a company into a new database."""
    asyncio.run(_empty(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        throwaway(connection)
        connection.execute("BEGIN")
        _Company(connection, shape).write()
        connection.execute("COMMIT")
    _close(path)


def throwaway(connection: sqlite3.Connection) -> None:
    """Write without a log: whoever fails throws the file away.

    What a log keeps of 10⁷ answers is several times their size.
    """
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KB}"):
        connection.execute(f"PRAGMA {pragma}")


def _close(path: Path) -> None:
    """Leave nothing beside the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    for beside in ("keys", "lock"):
        Path(f"{path}.{beside}").unlink(missing_ok=True)


async def _count_ahead(path: Path) -> None:
    """Do what the running bot does once an hour."""
    async with open_database(f"sqlite:///{path}") as database:
        while await keep_next(database, END + timedelta(days=1), least=0):
            pass


async def _empty(path: Path) -> None:
    async with open_database(f"sqlite:///{path}", new=True) as database:
        await save_catalog(database, END - timedelta(days=3650))
        async with database.transaction() as tx:
            space = Workspace(company="Ромашка", bot_username="bot", quiet_from=0, quiet_until=0)
            await workspace.save(tx, space)


def month_starts(months: int) -> list[datetime]:
    """Return the first moments of the last months, the oldest first, and the end of the last."""
    first = END.year * 12 + END.month - 1 - months
    return [
        datetime(at // 12, at % 12 + 1, 1, tzinfo=UTC) for at in range(first, first + months + 1)
    ]


class _Company:
    def __init__(self, connection: sqlite3.Connection, shape: Shape) -> None:
        self.connection = connection
        self.shape = shape
        self.dice = Random(1)
        self.answered = 0
        found = connection.execute(
            "SELECT d.key, q.key, q.id, d.id FROM questions q JOIN definitions d"
            " ON d.id = q.definition_id ORDER BY q.position"
        )
        self.questions: dict[str, dict[str, int]] = {}
        self.definitions: dict[str, int] = {}
        for survey, key, number, definition in found:
            self.questions.setdefault(survey, {})[key] = number
            self.definitions[survey] = definition

    def write(self) -> None:
        self._people()
        starts = month_starts(self.shape.months)
        for number, (start, end) in enumerate(pairwise(starts)):
            self._month(number, start, end)

    def _insert(self, table: str, columns: str, rows: Iterator[Sequence[Any]]) -> None:
        marks = ", ".join("?" for _ in columns.split(","))
        self.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def _people(self) -> None:
        made = _text(month_starts(self.shape.months)[0])
        staff = (
            (number + 1, f"Менеджер {number + 1}", True, False, None, None, made, made)
            for number in range(MANAGERS)
        )
        customers = (
            (
                MANAGERS + 1 + number,
                f"Клиент {number}",
                False,
                True,
                number % MANAGERS + 1,
                SEGMENTS[number // MANAGERS % len(SEGMENTS)],
                made,
                made,
            )
            for number in range(self.shape.people)
        )
        columns = "id, name, is_manager, is_customer, manager_id, segment, consented_at, created_at"
        self._insert("people", columns, staff)
        self._insert("people", columns, customers)
        chats = (
            ("telegram", str(number + 1), MANAGERS + 1 + number, True)
            for number in range(self.shape.people)
        )
        self._insert("addresses", "channel, address, person_id, is_written_to", chats)

    def _month(self, number: int, start: datetime, end: datetime) -> None:
        waves = {}
        for survey in ("nps", "service_quality", "manager_self_assessment"):
            waves[survey] = self._wave(survey, start, end)
        for person in range(number % 3, self.shape.people, 3):
            survey = "nps" if (person // 3 + number // 3) % 2 else "service_quality"
            self._asked(
                waves[survey],
                survey,
                MANAGERS + 1 + person,
                start,
                answers=self.dice.random() < _SHARE,
            )
        for manager in range(1, MANAGERS + 1):
            survey = "manager_self_assessment"
            self._asked(waves[survey], survey, manager, start, answers=True)

    def _wave(self, survey: str, start: datetime, end: datetime) -> int:
        definition = self.definitions[survey]
        made, closes = _text(start), _text(end)
        campaign = self.connection.execute(
            "INSERT INTO campaigns (definition_id, name, plan, closes_after_days, state,"
            " created_at) VALUES (?, ?, ?, 14, 'running', ?) RETURNING id",
            (definition, survey, json.dumps({"survey": survey}), made),
        ).fetchone()[0]
        wave: int = self.connection.execute(
            "INSERT INTO waves (campaign_id, label, started_at, closes_at, stage)"
            " VALUES (?, '', ?, ?, 'ready') RETURNING id",
            (campaign, made, closes),
        ).fetchone()[0]
        return wave

    def _asked(
        self, wave: int, survey: str, person: int, start: datetime, *, answers: bool
    ) -> None:
        dice = self.dice
        at = start + timedelta(minutes=dice.randrange(27 * 24 * 60))
        sent, done = _text(at), _text(at + timedelta(minutes=dice.randrange(1000)))
        customer = person > MANAGERS
        number = person - MANAGERS - 1
        manager = number % MANAGERS + 1 if customer else None
        segment = SEGMENTS[number // MANAGERS % len(SEGMENTS)] if customer else None
        given = done if answers else None
        invitation = self.connection.execute(
            "INSERT INTO invitations (wave_id, person_id, definition_id, touchpoint, manager_id,"
            " segment, state, created_at, sent_at, opened_at, started_at, finished_at, closes_at,"
            " closed_at) VALUES (?, ?, ?, 'campaign', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (wave, person, self.definitions[survey], manager, segment,
             "finished" if answers else "expired", sent, sent, given, given, given, done, done),
        ).lastrowid  # fmt: skip
        decided = (
            "INSERT INTO decisions (wave_id, person_id, due_at, decided_at) VALUES (?, ?, ?, ?)"
        )
        self.connection.execute(decided, (wave, person, sent, sent))
        if answers:
            self.connection.executemany(
                "INSERT INTO answers (invitation_id, question_id, value, score, answered_at)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    (invitation, question, value, score, done)
                    for question, value, score in self._given(survey)
                ],
            )

    def _given(self, survey: str) -> Iterator[tuple[int, str, float | None]]:
        for key, question in self.questions[survey].items():
            if key in {"why", "comment", "obstacle"}:
                if self.dice.random() < 0.1:
                    yield question, json.dumps(self.dice.choice(_WORDS), ensure_ascii=False), None
                continue
            weights = _NPS_WEIGHTS if key == "recommend" else _SCALE_WEIGHTS
            low = 0 if key == "recommend" else 1
            score = low + self.dice.choices(range(len(weights)), weights)[0]
            yield question, str(score), float(score)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
