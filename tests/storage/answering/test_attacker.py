"""Who has the database, its log and all copies names nobody, until a guard is taken off.

`make prove` plays it two hundred times.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine.columns import Moment
from storage.tables import metadata
from tests.prove.proofs.anonymous import (
    GUARDS,
    START,
    answered_once,
    at_most,
    at_most_by_tracks,
    named,
)


async def test_the_attacker_names_nobody_better_than_chance(tmp_path: Path) -> None:
    found = await named(tmp_path, 6, seed=1)
    assert found.without_keys <= at_most(6)
    assert found.with_keys <= at_most(6)
    assert found.by_track
    assert found.best_track <= at_most_by_tracks(6)


@pytest.mark.parametrize("guard", GUARDS)
async def test_each_guard_is_needed(tmp_path: Path, guard: str) -> None:
    found = await named(tmp_path, 3, seed=1, guard=guard)
    best = max(found.without_keys, found.with_keys, found.best_track)
    assert best > at_most_by_tracks(3)


async def test_no_number_and_no_moment_tells_that_somebody_answered(tmp_path: Path) -> None:
    """Numbers that are given one after another, and every moment kept, stay as they were.

    Only the ids of updates and when they came are noted, for two days, beside nobody.
    """
    before, after, handle = await answered_once(tmp_path)
    assert _files_with(tmp_path, handle.encode()) == []
    counters = "SELECT name, seq FROM sqlite_sequence ORDER BY name"
    with closing(sqlite3.connect(before)) as one, closing(sqlite3.connect(after)) as other:
        assert one.execute(counters).fetchall() == other.execute(counters).fetchall()
    assert _moments(after) - _moments(before) <= {"seen_updates.seen_at"}
    assert _moments(after), "there are moments to look at"


def _files_with(folder: Path, what: bytes) -> list[str]:
    files = [one for one in folder.iterdir() if one.is_file()]
    assert len(files) > 1
    return [one.name for one in files if what in one.read_bytes()]


def _moments(file: Path) -> set[str]:
    """Return the columns that hold a moment after the invitations went out."""
    found = set()
    with closing(sqlite3.connect(file)) as connection:
        for table in metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, Moment):
                    query = f"SELECT count(*) FROM {table.name} WHERE {column.name} > ?"
                    later = connection.execute(query, (START.isoformat("T", "microseconds"),))
                    found |= {f"{table.name}.{column.name}"} if later.fetchone()[0] else set()
    return found
