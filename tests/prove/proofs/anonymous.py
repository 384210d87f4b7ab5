"""Six managers answer an anonymous survey; how many of them does the attacker name?

Each run is seeded: who answers when, on which nights a copy is made, who skips what. Every update
takes the way of the bot's: into the inbox, out of it with its effect, each in its transaction.
"""

import itertools
import json
import random
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import select

from storage import renewal
from storage.answering import anonymous, invitations
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.copies import backups
from storage.database import Database, Transaction, open_database
from storage.engine import sealing
from storage.people import addresses, people, workspace
from storage.people.addresses import of_telegram
from storage.people.workspace import Workspace
from storage.privacy import erasing_staff, retention
from storage.sending import inbox
from storage.tables.surveys import anonymous_answers as answers
from surveys.counts import anonymity
from surveys.survey.loading import parse_survey
from tests.prove.attacker import Evidence, attack
from tests.prove.lines import Line, Lines
from tests.prove.tracks import guesses

START = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
MANAGERS = 6
RUNS, FEW = 200, 5
_FIRST = 500_000_001
_SURVEY = """
key: mood
title: {ru: Настроение, en: Mood}
audience: managers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
questions:
  - key: load
    kind: scale
    measures: load
    text: &t {ru: Сколько работы, en: How much work}
    low_label: {ru: мало, en: little}
    high_label: {ru: много, en: much}
  - {key: wish, kind: text, text: *t}
thanks: {default: {ru: Спасибо!, en: Thank you!}}
"""


@dataclass
class Named:
    """Answers put to the right name: of all without the keys, of released ones with them.

    Of five shuffled answers one is right by chance, whoever guesses.
    """

    without_keys: int = 0
    with_keys: int = 0
    by_track: Counter[str] = field(default_factory=Counter)
    """How many by each pair of tracks alone."""

    @property
    def best_track(self) -> int:
        """Return what the best pair of tracks found."""
        return max(self.by_track.values(), default=0)


def _unsealed(_key: bytes, data: bytes) -> bytes:
    return data


def _opened(_key: bytes, data: bytes) -> bytes:
    return data


def _in_order(_self: object, _rows: object) -> None:
    """Shuffle nothing."""


@contextmanager
def _ordered() -> Iterator[None]:
    """Keep the moments of answering, and number the answers in their order."""
    numbers = itertools.count(1)

    def next_number(_bits: int) -> int:
        return next(numbers)

    with (
        mock.patch.object(anonymous, "last_written", lambda _, now: now),
        mock.patch.object(random.SystemRandom, "shuffle", _in_order),
        mock.patch.object(secrets, "randbits", next_number),
    ):
        yield


GUARDS: Mapping[str, Callable[[], Any]] = {
    "the inbox's seal": lambda: mock.patch.object(inbox, "_anonymous", _nobody),
    "the seal": lambda: mock.patch.multiple(sealing, _sealed=_unsealed, _opened=_opened),
    "the new key": lambda: mock.patch.object(sealing.Keys, "renew", _renewed_once),
    "the random order": lambda: mock.patch.object(random.SystemRandom, "shuffle", _in_order),
    "the coarse times and the random order": _ordered,
    "the batches": lambda: mock.patch.object(anonymity, "MIN_ANONYMOUS", 1),
}
"""The guards: without any one of them, some answers can be named."""


async def _nobody(*_: object) -> set[int]:
    return set()


_RENEW = sealing.Keys.renew


def _renewed_once(keys: sealing.Keys) -> None:
    if not keys.are_there:
        _RENEW(keys)


@contextmanager
def without(guard: str | None) -> Iterator[None]:
    """Take a guard off within the block."""
    if guard is None:
        yield
        return
    with GUARDS[guard]():
        yield


def at_most(runs: int) -> float:
    """Return how many may be named by chance: about one a run (p = .001)."""
    return runs + 3.3 * sqrt(runs)


def at_most_by_tracks(runs: int) -> float:
    """Return the same for the best of all pairs of tracks, of which there are some fifty."""
    return runs + 4.5 * sqrt(runs)


async def named(folder: Path, runs: int, seed: int, guard: str | None = None) -> Named:
    """Play the company and the attacker so many times."""
    company = folder / "company.db"
    await _found(company)
    total = Named()
    with without(guard):
        for number in range(runs):
            within = folder / f"run{number}"
            within.mkdir()
            shutil.copyfile(company, within / "otklik.db")
            one = await _run(within, random.Random(f"{seed}:{number}"))
            total.without_keys += one.without_keys
            total.with_keys += one.with_keys
            total.by_track += one.by_track
            shutil.rmtree(within)
    return total


async def _found(path: Path) -> None:
    """Make the company: six managers, each with an invitation that was delivered."""
    async with (
        open_database(f"sqlite:///{path}") as database,
        database.transaction() as tx,
    ):
        await workspace.save(tx, Workspace(company="Ромашка"))
        survey = await definitions.save(tx, parse_survey(_SURVEY), START)
        campaign = await campaigns.create(tx, CampaignDraft(survey, "Mood", 30), None, START)
        closes = START + timedelta(days=30)
        wave = await campaigns.start_wave(tx, campaign.id, "1", START, closes)
        for number in range(MANAGERS):
            person = await people.add(tx, START, name=f"Manager {number}", is_manager=True)
            await addresses.bind(tx, person.id, of_telegram(_FIRST + number))
            asked = await invitations.create(
                tx, wave.id, person.id, survey, "campaign", START, closes, None
            )
            await invitations.sent(tx, asked.id, number, START)


async def _run(folder: Path, chance: random.Random) -> Named:
    database = folder / "otklik.db"
    truth: dict[bytes, int] = {}
    copies: list[Path] = []
    async with open_database(f"sqlite:///{database}") as opened:
        now = START
        for place, number in enumerate(chance.sample(range(MANAGERS), MANAGERS)):
            now += timedelta(minutes=chance.randint(10, 3_000))
            word = f"w-{chance.getrandbits(48):012x}"
            truth[word.encode()] = _FIRST + number
            await _answer(opened, _FIRST + number, word, chance, now)
            if opened.keys.spent:
                await renewal.renew(opened)
            if chance.random() < 0.7:
                copies.append(folder / f"copy{place}.db")
                backups.write(database, copies[-1])
        if chance.random() < 0.5:
            await _let_time_pass(opened, chance, now)
        async with opened.reading() as reader:
            released = {
                value.strip('"').encode()
                for value in await reader.scalars(
                    select(answers.c.value).where(answers.c.question_key == "wish")
                )
            }
        there = Evidence(folder / "evidence", copies, folder / "keys")
        there.folder.mkdir()
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{database}{suffix}", there.folder / f"otklik.db{suffix}")
        shutil.copyfile(f"{database}.keys", there.keys)
    blind, seeing = attack(there, chance)
    looked_at = [*copies[-1:], there.folder / "otklik.db"]
    return Named(
        sum(truth[word] == who for word, who in blind.items()),
        sum(truth[word] == who for word, who in seeing.items() if word in released),
        Counter(
            {
                name: sum(truth.get(word) == who for word, who in guess.items())
                for name, guess in guesses(looked_at)
            }
        ),
    )


async def answered_once(folder: Path) -> tuple[Path, Path, str]:
    """Return the company's file before one of the managers answered, after it, and the handle."""
    database, before = folder / "otklik.db", folder / "before.db"
    await _found(database)
    shutil.copyfile(database, before)
    async with open_database(f"sqlite:///{database}") as opened:
        now = START + timedelta(days=1)
        handle = await _answer(opened, _FIRST, "w-000000000000", random.Random(1), now)
        assert await opened.fold_log()
    return before, database, handle


async def _let_time_pass(database: Database, chance: random.Random, now: datetime) -> None:
    """Erase one who has left, and age the surveys of all: neither may tell whose an answer is."""
    async with database.transaction() as tx:
        gone = await people.by_address(tx, of_telegram(_FIRST + chance.randrange(MANAGERS)))
        assert gone is not None
        await people.leave_all(tx, [gone.id], now)
        assert await erasing_staff.erase(tx, gone.id, "Former employee", now) is not None
        if chance.random() < 0.5:
            await retention.age(tx, "answers", 400, now + timedelta(days=500), MANAGERS)


async def _answer(
    database: Database, telegram_id: int, word: str, chance: random.Random, now: datetime
) -> str:
    """Let somebody answer both questions; return the handle that their buttons carried."""
    score = chance.randint(1, 5)
    async with database.reading() as reader:
        person = await people.by_address(reader, of_telegram(telegram_id))
        assert person is not None
        (asked,) = await invitations.of_person(reader, person.id)
    handle = ""

    async def tapped(tx: Transaction) -> None:
        nonlocal handle
        handle = await anonymous.begin(tx, asked.id, now)
        await anonymous.answer(tx, handle, "load", f"{score}", float(score))
        await anonymous.show(tx, handle, "wish")

    async def typed(tx: Transaction) -> None:
        await anonymous.answer(tx, handle, "wish", json.dumps(word), None)
        await anonymous.finish(tx, handle, asked.id, now)

    for text, effect in ((f"{score}", tapped), (word, typed)):
        update_id = chance.getrandbits(31)
        update = {
            "update_id": update_id,
            "message": {"message_id": 7, "from": {"id": telegram_id}, "text": text},
        }
        async with database.transaction() as tx:
            await inbox.add(tx, [(update_id, of_telegram(telegram_id), json.dumps(update))], now)
        async with database.transaction() as tx:
            assert await inbox.take(tx, update_id) is not None
            await effect(tx)
    return handle


async def told(folder: Path, _kills: int, seed: int) -> Lines:
    """Let the attacker try two hundred times, then once more without each guard."""
    found = await named(folder, RUNS, seed)
    for what, count in (("", found.without_keys), (", with the keys", found.with_keys)):
        figure = f"people named by the attacker{what}"
        target = f"≤ {at_most(RUNS):.0f}"
        yield Line(figure, target, f"{count}", f"{RUNS} runs, 1 by chance", count <= at_most(RUNS))
    best, most = found.best_track, at_most_by_tracks(RUNS)
    behind = f"{RUNS} runs, {len(found.by_track)} pairs of tracks"
    yield Line("people named by the best track", f"≤ {most:.0f}", f"{best}", behind, best <= most)
    for place, guard in enumerate(GUARDS):
        within = folder / f"without{place}"
        within.mkdir()
        found = await named(within, FEW, seed, guard)
        count = max(found.without_keys, found.with_keys, found.best_track)
        most = at_most_by_tracks(FEW)
        yield Line(
            f"without {guard}", f"> {most:.0f} (red)", f"{count}", f"{FEW} runs", count > most
        )
