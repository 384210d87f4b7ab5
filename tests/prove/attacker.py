"""Somebody who has the database, its log and every copy, and wants to know who wrote what.

The log is a time machine: cut off after each commit in it, database and log are the file as it
was then. The attacker knows what an answer looks like (`ANSWER`), who is who, and the code.
"""

import random
import re
import shutil
import sqlite3
import struct
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from storage.engine.sealing import Keys
from storage.errors import SealBroken

ANSWER = re.compile(rb"w-[0-9a-f]{12}")
"""What the people of the proof write; nobody else does."""
_UPDATE = re.compile(rb'"from": \{"id": (\d+)')
_NEAR = 600
_HEADER, _FRAME = 32, 24


@dataclass(frozen=True, slots=True)
class Evidence:
    """A folder of `otklik.db` and its log, the copies in the order of time, the present keys."""

    folder: Path
    copies: Sequence[Path]
    keys: Path


@dataclass(frozen=True, slots=True)
class Moment:
    """What one state of the file shows: who had answered, the answers, and links between them."""

    answered: frozenset[int]
    words: tuple[bytes, ...]
    linked: Mapping[bytes, int]


Guess = dict[bytes, int]
"""Answer → Telegram id."""


def attack(evidence: Evidence, chance: random.Random) -> tuple[Guess, Guess]:
    """Name as many people as possible, without the present keys and with them.

    It uses what stands beside a name, differences between two moments, and the order of rows.
    """
    blind, seeing = [], []
    for state in _states(evidence):
        blind.append(_seen(state, None))
        seeing.append(_seen(state, Keys(evidence.keys)))
    return _guess(blind, chance), _guess(seeing, chance)


def _guess(moments: Sequence[Moment], chance: random.Random) -> Guess:
    guess: Guess = {}
    for moment in moments:
        guess |= moment.linked
    for before, after in pairwise(moments):
        people = after.answered - before.answered
        fresh = [word for word in after.words if word not in before.words]
        if len(people) == 1 and len(fresh) == 1:
            guess.setdefault(fresh[0], min(people))
    return guess | _by_order(moments, guess, chance)


def _by_order(moments: Sequence[Moment], known: Guess, chance: random.Random) -> Guess:
    """Match who answered first, second… with the answers in the order in which they stand."""
    order: list[int] = []
    for moment in moments:
        newly = sorted(moment.answered - set(order) - set(known.values()))
        chance.shuffle(newly)
        order += newly
    words = [word for word in moments[-1].words if word not in known]
    return dict(zip(words, order, strict=False))


def _states(evidence: Evidence) -> Iterator[Path]:
    """Yield the file as it was at each copy, then after each commit in the log, and as it is."""
    yield from evidence.copies
    database = evidence.folder / "otklik.db"
    log = database.with_name("otklik.db-wal").read_bytes()
    there = evidence.folder / "then"
    there.mkdir()
    for end in _commits(log):
        shutil.copyfile(database, there / "otklik.db")
        (there / "otklik.db-wal").write_bytes(log[:end])
        (there / "otklik.db-shm").unlink(missing_ok=True)
        yield there / "otklik.db"


def _commits(log: bytes) -> Iterator[int]:
    """Yield where the log ends after each commit of its present run (its salt tells)."""
    (size,) = struct.unpack(">I", log[8:12])
    salt = log[16:24]
    for start in range(_HEADER, len(log), _FRAME + size):
        frame = log[start : start + _FRAME]
        if frame[8:16] != salt:
            return
        if frame[4:8] != b"\0\0\0\0":
            yield start + _FRAME + size


def _seen(database: Path, keys: Keys | None) -> Moment:
    raw = database.read_bytes()
    log = database.with_name("otklik.db-wal")
    raw += log.read_bytes() if log.exists() and log.parent.name == "then" else b""
    texts = [raw]
    answered: frozenset[int] = frozenset()
    with closing(sqlite3.connect(database)) as connection, suppress(sqlite3.DatabaseError):
        answered = frozenset(
            row[0]
            for row in connection.execute(
                "SELECT CAST(address AS INTEGER) FROM addresses JOIN invitations USING (person_id) "
                "WHERE finished_at IS NOT NULL ORDER BY finished_at"
            )
        )
        texts += _unsealed(connection, keys)
    return Moment(answered, _standing(texts), _beside(texts))


def _unsealed(connection: sqlite3.Connection, keys: Keys | None) -> Iterator[bytes]:
    """Yield what the keys at hand open, and what was not sealed."""
    for sealed, payload in connection.execute("SELECT sealed, payload FROM inbox"):
        yield _open(b64decode(payload) if sealed else payload.encode(), keys)
    for table in ("anonymous_waiting", "anonymous_open"):
        for (sealed,) in connection.execute(f"SELECT sealed FROM {table}"):
            yield _open(sealed or b"", keys)


def _open(sealed: bytes, keys: Keys | None) -> bytes:
    try:
        return sealed if keys is None else keys.opened(sealed)
    except SealBroken:
        return b""


def _standing(texts: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the answers, those written last first: SQLite fills its pages from the end."""
    newest: dict[bytes, None] = {}
    for text in reversed(texts):
        for found in ANSWER.finditer(text):
            newest.pop(found[0], None)
            newest[found[0]] = None
    return tuple(reversed(newest))


def _beside(texts: Sequence[bytes]) -> Guess:
    """Return the answers that stand in one update with their sender."""
    linked: Guess = {}
    for text in texts:
        for sender in _UPDATE.finditer(text):
            near = ANSWER.search(text, sender.start(), sender.start() + _NEAR)
            if near is not None:
                linked[near[0]] = int(sender[1])
    return linked
