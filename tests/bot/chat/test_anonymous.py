"""An anonymous survey in the chat: it can be answered, changed and resumed, and nothing links."""

import asyncio
import json
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.jobs.upkeep import restoring
from bot.operations.copies.backups import shelf_of
from storage.copies import backups
from storage.engine.sealing import Keys
from tests import engines
from tests.bot.upkeep.test_doctor import _doctor
from tests.bot.world import MANAGER, PATIENCE, START, World, small_world

SURVEY = """
key: mood
title: {ru: Настроение, en: Mood}
audience: managers
kind: relationship
anonymous: true
period_days: 30
minutes: 1
sees: {ru: Ответы анонимны., en: Answers are anonymous.}
questions:
  - key: load
    kind: scale
    text: {ru: Сколько у Вас работы, en: How much work you have}
    low_label: {ru: мало, en: little}
    high_label: {ru: много, en: much}
  - key: wish
    kind: text
    optional: true
    text: {ru: Что изменить, en: What should change}
  - key: stay
    kind: yes_no
    text: {ru: Останетесь ли Вы на год, en: Will you stay for a year}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path, [SURVEY]) as small:
        yield small


def _rows(world: World, sql: str) -> list[tuple[object, ...]]:
    return engines.rows(world.settings.database_url, sql)


def _keys(world: World) -> Path:
    return Path(f"{engines.place_of(world.settings.database_url)}.keys")


def _waiting(world: World) -> list[str]:
    """Return the answers that wait for their batch, as the running program reads them."""
    ((heap,),) = _rows(world, "SELECT sealed FROM anonymous_waiting")
    assert isinstance(heap, bytes)
    parts = json.loads(Keys(_keys(world)).opened(heap))
    return sorted(value for _, _, answers in parts for value, _ in answers.values())


def _waiting_in(copy: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(copy)) as connection:
        (begun,) = connection.execute("SELECT count(*) FROM anonymous_open").fetchone()
        (sealed,) = connection.execute("SELECT count(sealed) FROM anonymous_waiting").fetchone()
    return begun, sealed


async def test_an_anonymous_survey_is_answered_by_taps_and_words(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        assert "Ответы анонимны" in world.screen(MANAGER).text
        await world.tap(MANAGER, "4")
        await world.tap(MANAGER, "‹ Назад")
        await world.tap(MANAGER, "5")
        await world.say(MANAGER, "Больше тишины")
        thanks = await world.tap(MANAGER, "Да")
        assert "Спасибо" in thanks.text
        assert not thanks.buttons
    assert _rows(world, "SELECT count(*) FROM answers") == [(0,)]
    assert _rows(world, "SELECT count(*) FROM anonymous_answers") == [(0,)]
    assert _waiting(world) == ['"Больше тишины"', "5", "true"]
    assert _rows(world, "SELECT state FROM invitations") == [("finished",)]


async def test_the_log_does_not_tell_that_somebody_answers(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        capfd.readouterr()
        await world.tap(MANAGER, "3")
        await world.say(MANAGER, "Больше тишины")
        await world.tap(MANAGER, "Да")
        logged = "".join(capfd.readouterr())
    assert "спасибо" in world.screen(MANAGER).text.lower()
    assert logged == ""


async def test_the_running_program_replaces_the_key(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        await world.tap(MANAGER, "Пропустить")
        await world.tap(MANAGER, "Нет")
    file = _keys(world)
    before, waiting = file.read_bytes(), _waiting(world)
    async with world.bot(), asyncio.timeout(PATIENCE):
        while file.read_bytes().split()[:1] == before.split()[:1]:
            await asyncio.sleep(0.01)
    assert len(file.read_bytes().split()) == 1
    assert _waiting(world) == waiting == ["4", "false"]


async def test_after_a_restart_typed_words_wait_for_a_tap_and_nothing_is_lost(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
    async with world.bot():
        question = world.screen(MANAGER)
        said = await world.say(MANAGER, "Больше тишины")
        assert said.message_id != question.message_id
        assert "один раз" in said.text
        world.sandbox.tap(MANAGER, label="‹ Назад", message_id=question.message_id)
        await world.settle()
        world.sandbox.tap(MANAGER, label="4", message_id=question.message_id)
        await world.settle()
        await world.say(MANAGER, "Больше тишины")
        await world.tap(MANAGER, "Нет")
    assert _waiting(world) == ['"Больше тишины"', "4", "false"]
    assert _rows(world, "SELECT state FROM invitations") == [("finished",)]


async def test_what_was_begun_and_never_finished_is_forgotten_after_the_survey_closed(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        assert _rows(world, "SELECT sealed FROM anonymous_open")
        await world.pass_time(days=70)
        async with asyncio.timeout(PATIENCE):
            while _rows(world, "SELECT sealed FROM anonymous_open"):
                await asyncio.sleep(0.01)


@engines.of_sqlite("its copies")
async def test_who_began_before_the_copy_was_restored_is_asked_to_begin_again(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
    copy = backups.make(shelf_of(world.settings), "hand", START)
    assert _waiting_in(copy.path) == (0, 0)
    async with world.bot():
        await world.tap(MANAGER, "Пропустить")
    await restoring.restore(world.settings, copy.path, START)
    async with world.bot():
        await world.operate("release_restored")
        asked = await world.tap(MANAGER, "Да")
        assert "не сохранились" in world.sandbox.toasts(MANAGER)[-1].text
        assert "Сколько у Вас работы" in asked.text
        await world.tap(MANAGER, "2")
        await world.tap(MANAGER, "Пропустить")
        await world.tap(MANAGER, "Нет")
    assert _waiting(world) == ["2", "false"]


@engines.of_sqlite("its copies")
async def test_a_restore_loses_what_waited_and_says_of_how_many(world: World) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        await world.tap(MANAGER, "Пропустить")
        await world.tap(MANAGER, "Да")
    copy = backups.make(shelf_of(world.settings), "hand", START)
    assert _waiting_in(copy.path) == (0, 0)
    done = await restoring.restore(world.settings, copy.path, START)
    assert done.lost == 1
    copy = backups.make(shelf_of(world.settings), "hand", START)
    again = await restoring.restore(world.settings, copy.path, START)
    assert again.lost == 0


async def test_doctor_says_whether_the_keys_are_there(world: World, tmp_path: Path) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        await world.tap(MANAGER, "4")
        await world.tap(MANAGER, "Пропустить")
        assert "anonymous answers" not in (await _doctor(world, tmp_path))[1], "none wait yet"
        await world.tap(MANAGER, "Нет")
    subject, file = "anonymous answers", _keys(world)
    code, found, _ = await _doctor(world, tmp_path)
    assert (code, found[subject]) == (0, f"{file} opens what waits sealed.")
    right = file.read_bytes()
    file.write_bytes(urlsafe_b64encode(bytes(32)))
    file.chmod(0o644)
    code, found, _ = await _doctor(world, tmp_path)
    assert code == 1
    assert "another database" in found[subject]
    assert "chmod 600" in found[str(file)]
    file.unlink()
    code, found, _ = await _doctor(world, tmp_path)
    assert code == 1
    assert "missing" in found[subject]
    assert not file.exists()
    file.touch(0o600)
    file.write_bytes(right)
    assert (await _doctor(world, tmp_path))[0] == 0


async def test_an_anonymous_invitation_comes_in_the_new_language_and_its_sheet_stays(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("M1")
        await world.launch("mood")
        invitation = world.screen(MANAGER)
        assert "анонимны" in invitation.text
        await world.say(MANAGER, "/language")
        await world.tap(MANAGER, "English")
        await world.settle()
        shown = {one.message_id: one.text for one in world.sandbox.messages(MANAGER)}
        assert "anonymous" in shown[invitation.message_id]
        await world.tap(MANAGER, "4")
        shown = {one.message_id: one.text for one in world.sandbox.messages(MANAGER)}
        assert "2 of" in shown[invitation.message_id]
        assert _rows(world, "SELECT count(*) FROM anonymous_open") == [(1,)]
