"""The three tables of a launch by INSERT … SELECT alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

_MADE = "2026-09-15T09:00:00.000000+00:00"
_CLOSES = "2026-09-29T09:00:00.000000+00:00"


def launched(path: Path) -> int:
    """Ask every customer of a database in one new wave; return how many."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        survey = connection.execute("SELECT id FROM definitions WHERE key = 'nps'").fetchone()[0]
        campaign = connection.execute(
            "INSERT INTO campaigns (definition_id, name, plan, closes_after_days, state,"
            " created_at) VALUES (?, 'bare', '{}', 14, 'running', ?) RETURNING id",
            (survey, _MADE),
        ).fetchone()[0]
        wave = connection.execute(
            "INSERT INTO waves (campaign_id, label, started_at, closes_at, stage)"
            " VALUES (?, 'bare', ?, ?, 'ready') RETURNING id",
            (campaign, _MADE, _CLOSES),
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO decisions (wave_id, person_id, due_at, decided_at)"
            " SELECT ?, id, ?, ? FROM people WHERE is_customer",
            (wave, _MADE, _MADE),
        )
        connection.execute(
            "INSERT INTO invitations (wave_id, person_id, definition_id, touchpoint, manager_id,"
            " segment, state, created_at, closes_at) SELECT ?, id, ?, 'campaign', manager_id,"
            " segment, 'queued', ?, ? FROM people WHERE is_customer",
            (wave, survey, _MADE, _CLOSES),
        )
        done = connection.execute(
            "INSERT INTO outbox (key, channel, address, person_id, audience, priority, due_at,"
            " kind, content, state, attempts, created_at)"
            " SELECT 'bare:' || i.id, a.channel, a.address, i.person_id, 'customer', 2, ?, 'show',"
            " '{}', 'queued', 0, ? FROM invitations i"
            " JOIN addresses a ON a.person_id = i.person_id AND a.is_written_to"
            " WHERE i.wave_id = ?",
            (_MADE, _MADE, wave),
        ).rowcount
        connection.execute("COMMIT")
    return done
