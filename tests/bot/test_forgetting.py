"""A mark is planted in all that can be said of somebody, and found nowhere once they are erased."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select, update

from bot.jobs.upkeep import restoring
from bot.operations.copies.backups import shelf_of
from bot.operations.privacy.forgetting import clean_up, forget
from bot.says.taps import MenuTap
from storage.copies import backups
from storage.database import open_database
from storage.people import people
from storage.people.addresses import TELEGRAM
from storage.tables import metadata
from storage.tables.delivery import inbox, outbox
from storage.tables.errands import errands
from storage.tables.imports import link_conflicts
from storage.tables.people import link_failures
from storage.tables.people import people as persons
from storage.tables.privacy import erasures
from storage.tables.surveys import answers, invitations
from tests.bot.lists.test_people import as_csv, become_admin, send
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, START, STRANGER, World
from tests.engines import on_postgres

CANARY = "Кенарь-7f3a"
HOLDS = {
    "accounts.name",
    "answers.value",
    "events.deal",
    "inbox.payload",
    "invitations.attributes",
    "link_conflicts.address",
    "outbox.content",
    "people.attributes",
    "people.email",
    "people.name",
    "people.phone",
    "people.position",
    "remarks.text",
}
"""Where the mark stands before, at least."""


def found_in(world: World) -> set[str]:
    """Return the files of the bot's folder, copies aside, that hold the mark."""
    folder = world.settings.data_directory
    files = [one for one in folder.rglob("*") if one.is_file() and one.name != "journal.jsonl"]
    theirs = [one for one in files if "backups" not in one.parts]
    return {one.name for one in theirs if CANARY.encode() in one.read_bytes()}


async def columns(world: World) -> set[str]:
    """Return the columns in which the mark stands."""
    held = set()
    async with world.database() as database, database.reading() as reader:
        for table in metadata.sorted_tables:
            for row in await reader.all(select(table)):
                held |= {
                    f"{table.name}.{name}" for name, value in row.items() if CANARY in str(value)
                }
    return held


async def plant(world: World) -> None:
    """Let Anna be known and say much, and everything hold the mark; Boris answers too."""
    await become_admin(world)
    await world.arrive("M1", "C1", "C2")
    rows = [["id", "имя", "компания", "почта", "должность", "цвет", "роль", "менеджер"]]
    rows.append(
        ["C1", f"Анна {CANARY}", f"ООО {CANARY}", f"{CANARY}@a.ru", CANARY, CANARY, "клиент", "M1"]
    )
    await send(world, as_csv(rows))
    await world.tap(ADMIN, "Загрузить: 1 человек")
    await world.operate("tell_event", event="deal-closed", customer="C1", deal=f"D-{CANARY}")
    await world.launch("nps")
    for telegram_id, score in ((ANNA, "3"), (BORIS, "9")):
        await world.tap(telegram_id, score)
        await world.say(telegram_id, f"Долго, {CANARY if telegram_id == ANNA else 'но хорошо'}")
    await world.say(ANNA, f"И ещё: {CANARY}")
    world.sandbox.send_document(ANNA, b"x", "photo.bin", caption=CANARY)
    await world.settle()
    await world.say(ADMIN, f"/card {CANARY}")
    await world.say(ADMIN, "/menu")
    await world.tap(ADMIN, "Дайджест сейчас")
    await world.tap(ADMIN, "сентябрь 2026")
    await world.say(ADMIN, "/menu")
    for button in ("Данные файлом", "Ответы", "CSV"):
        await world.tap(ADMIN, button)
    await send(world, as_csv(rows))


async def plant_below(world: World) -> None:
    """Plant what stands in the database for a moment only, as a crash may leave it."""
    at = {"channel": TELEGRAM, "address": str(ANNA)}
    told = json.dumps({"message": {"text": CANARY}}, ensure_ascii=False)
    parked = {"received_at": START, "parked_at": START, "error": "KeyError", "attempts": 5}
    async with world.writing() as database, database.transaction() as tx:
        anna = await people.by_external(tx, "C1")
        assert anna is not None
        own = {"attributes": json.dumps({"цвет": CANARY}, ensure_ascii=False), "phone": CANARY}
        await tx.run(update(persons).where(persons.c.id == anna.id).values(own))
        asked = invitations.c.person_id == anna.id
        await tx.run(update(invitations).where(asked).values(attributes=own["attributes"]))
        conflict = {"kind": "taken", "channel": TELEGRAM, "happened_at": START}
        await tx.run(insert(inbox).values(update_id=1, payload=told, **at, **parked))
        await tx.run(insert(link_failures).values(failed_at=START, **at))
        await tx.run(insert(link_conflicts).values(person_id=anna.id, address=CANARY, **conflict))


async def _rows(world: World, table: Table) -> int:
    async with world.database() as database, database.reading() as reader:
        count: int = await reader.scalar(select(func.count()).select_from(table))
    return count


async def _scores(world: World) -> list[float]:
    async with world.database() as database, database.reading() as reader:
        scored = answers.c.score.is_not(None)
        return sorted(await reader.scalars(select(answers.c.score).where(scored)))


def _copied(world: World) -> Path:
    copy = backups.make(shelf_of(world.settings), "hand", world.sandbox.clock.now()).path
    assert CANARY.encode() in copy.read_bytes()
    return copy


async def test_a_mark_is_found_nowhere_after_forget_and_not_in_a_copy_put_back(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    async with world.bot():
        await plant(world)
    await plant_below(world)
    assert await columns(world) >= HOLDS
    copy = None if on_postgres() else _copied(world)
    async with world.bot():
        await world.settle()
        files = {"otklik-2026-09.html", "digest.json", "otklik-answers.csv"}
        assert files | ({"otklik.db"} if copy else set()) <= found_in(world)
        asked = await world.say(ANNA, "/forget")
        assert "Анонимные ответы" in asked.text
        assert "дополнени" in asked.text
        await world.tap(ANNA, "Нет, оставить")
        assert await _scores(world) == [3, 9]
        await world.say(ANNA, "/forget")
        await world.tap(ANNA, "Да, стереть всё")
        await world.pass_time(seconds=30)
        assert found_in(world) == set()
        assert await columns(world) == set()
        assert await _scores(world) == [9]
        assert await _rows(world, erasures) == 1
        assert "по личным ссылкам" in (await world.say(ANNA, "/start")).text
    assert found_in(world) == set()
    assert CANARY not in "".join(capfd.readouterr())
    if copy is None:  # a server's copies are its operator's
        return
    done = await restoring.restore(world.settings, copy, world.sandbox.clock.now())
    assert done.erased == 1
    assert found_in(world) == set()
    assert await _scores(world) == [9]
    assert CANARY not in "".join(capfd.readouterr())
    noted = world.settings.data_directory / "otklik.db.erased"
    assert noted.stat().st_mode & 0o777 == 0o600


async def test_an_admin_erases_from_the_card_and_nobody_else_may(world: World) -> None:
    async with world.bot():
        await become_admin(world)
        await world.arrive("M1", "C1", "C2")
        async with world.database() as database, database.reading() as reader:
            anna = await people.by_external(reader, "C1")
        assert anna is not None
        number = (str(anna.id),)
        for telegram_id in (BORIS, MANAGER):
            for button in (MenuTap("erase_do", number), MenuTap("erase", number)):
                await world.forge(telegram_id, button.pack())
        await world.forge(MANAGER, MenuTap("forget", ("yes",)).pack())
        await world.start(STRANGER)
        await world.forge(STRANGER, MenuTap("forget", ("yes", str(anna.id))).pack())
        assert "работодател" in (await world.say(MANAGER, "/forget")).text
        assert await _rows(world, erasures) == 0
        await world.say(ADMIN, "/card Анна")
        asked = await world.tap(ADMIN, "Стереть все данные")
        assert "Стереть всё об этом человеке: Анна?" in asked.text
        assert "Стёрто" in (await world.tap(ADMIN, "Да, стереть всё")).text
        assert await _rows(world, erasures) == 1
        async with world.database() as database, database.reading() as reader:
            assert await people.by_external(reader, "C1") is None
            assert await people.by_external(reader, "C2") is not None
        await world.forge(ADMIN, MenuTap("erase_do", number).pack())
        assert await _rows(world, erasures) == 1


async def test_a_digest_that_waits_to_be_sent_is_made_anew_without_the_person(
    world: World,
) -> None:
    async with world.bot():
        await plant(world)
        async with world.database() as database, database.reading() as reader:
            anna = await people.by_external(reader, "C1")
    assert anna is not None
    url = world.settings.database_url
    async with open_database(url) as database:
        async with database.transaction() as tx:
            digest = outbox.c.key.like("digest:%")
            again = {"state": "queued", "settled_at": None, "content": "{}"}
            page = str(next(world.settings.data_directory.glob("digests/*/otklik-*.html")))
            await tx.run(update(outbox).where(digest).values(**again, file_path=page))
            await forget(tx, anna, START)
        assert await clean_up(database, anna.id, START)
        async with database.reading() as reader:
            made_again = select(errands.c.id).where(
                errands.c.kind == "digest", errands.c.finished_at.is_(None)
            )
            assert len(await reader.scalars(made_again)) == 1
            assert await reader.scalar(select(outbox.c.id).where(digest)) is None
    assert found_in(world) <= {"otklik-2026-09.html", "digest.html", "digest.json"}
