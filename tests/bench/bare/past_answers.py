"""Past answers by csv.reader into the product's own tables: ``… past_answers FILE DATABASE``."""

import csv
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

_NOW = "2026-09-15T09:00:00.000000+00:00"
_PEOPLE = (
    "INSERT INTO people (external_id, name, is_customer, is_past, created_at)"
    " VALUES (?, ?, 1, 1, ?)"
)
_WAVES = (
    "INSERT INTO waves (campaign_id, label, started_at, closes_at, stage)"
    " VALUES (?, ?, ?, ?, 'ready')"
)
_INVITATIONS = (
    "INSERT INTO invitations (wave_id, person_id, definition_id, touchpoint, channel, state,"
    " import_key, created_at, opened_at, started_at, finished_at, closes_at, closed_at)"
    " VALUES (?, ?, ?, 'imported', 'import', 'finished', ?, ?, ?, ?, ?, ?, ?)"
)
_ANSWERS = (
    "INSERT INTO answers (invitation_id, question_id, value, score, answered_at)"
    " VALUES (?, ?, ?, ?, ?)"
)


def main(path: Path, database: Path) -> None:
    """Write every row: one customer each, one wave a month, an invitation and an answer a row."""
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        survey, question = connection.execute(
            "SELECT d.id, q.id FROM definitions d JOIN questions q ON q.definition_id = d.id"
            " WHERE d.key = 'nps' AND q.position = 0"
        ).fetchone()
        campaign = connection.execute(
            "INSERT INTO campaigns (definition_id, name, plan, closes_after_days, state,"
            " created_at) VALUES (?, 'bare', '{}', 1, 'running', ?)",
            (survey, _NOW),
        ).lastrowid
        customers = sorted({row[0] for row in rows})
        connection.executemany(_PEOPLE, ((one, one, _NOW) for one in customers))
        months = sorted({row[1][:7] for row in rows})
        connection.executemany(_WAVES, ((campaign, one, _NOW, _NOW) for one in months))
        people = dict(connection.execute("SELECT external_id, id FROM people"))
        waves = dict(connection.execute("SELECT label, id FROM waves"))
        connection.executemany(
            _INVITATIONS,
            (
                (waves[row[1][:7]], people[row[0]], survey, str(number), *[row[1]] * 6)
                for number, row in enumerate(rows)
            ),
        )
        made = connection.execute("SELECT id FROM invitations ORDER BY id")
        ids = [number for (number,) in made]
        connection.executemany(
            _ANSWERS,
            (
                (invitation, question, row[2], float(row[2]), row[1])
                for invitation, row in zip(ids, rows, strict=True)
            ),
        )
        connection.execute("COMMIT")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
