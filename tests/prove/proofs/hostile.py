"""Hostile words in every field of a company, and every output looked through for what would run."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from jinja2 import Environment

from bot.chat.surveys.sheets import Handles
from bot.operations.privacy.handing_out import as_json, as_text, handed_out
from bot.operations.reports import digest
from bot.operations.ways_in.files import as_csv, as_html, as_xlsx
from bot.sandbox.chats import ChatMessage
from bot.web.answering import Answering
from bot.web.memory import Memory
from bot.web.signing import signer_of
from storage.database import Database
from storage.people import addresses, links, people, workspace
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.workspace import Workspace
from surveys.messages import LANGUAGES
from templates import rendering
from templates.texts import Texts
from tests.bot.lists.test_people import become_admin
from tests.bot.world import ADMIN, START, World, small_world
from tests.prove import hostile
from tests.prove.hostile import MARK, PAYLOADS
from tests.prove.lines import Lines, none, some

_FIRST = 1_000


@dataclass
class Found:
    """How many outputs were looked through, in which the mark stood, and what would run."""

    outputs: int = 0
    marked: int = 0
    run: list[str] = field(default_factory=list)

    def add(self, where: str, text: str, run: list[str]) -> None:
        self.outputs += 1
        self.marked += MARK in text
        self.run += [f"{where}: {one}" for one in run]


async def looked_through(folder: Path) -> Found:
    """Let hostile people be listed, asked and answer; look at whatever comes of it."""
    found = Found()
    async with small_world(folder) as world:
        await _company(world)
        async with world.bot():
            await become_admin(world)
            await world.launch("nps")
            await _answer(world)
            for asked in ("/card " + MARK, "/why " + MARK, "/people", "/menu"):
                await world.say(ADMIN, asked)
            await world.settle()
        for person in (ADMIN, *range(_FIRST, _FIRST + len(PAYLOADS))):
            for message in world.sandbox.messages(person):
                if message.from_bot:
                    found.add("Telegram", message.text, _in_message(message))
        async with world.writing() as database:
            await _files(found, world, database)
    return found


async def _company(world: World) -> None:
    rows = [
        PersonRow(
            "customer",
            f"H{number}",
            payload,
            company=f"{payload} firm",
            segment=payload,
            team=payload,
            position=payload,
            email=f"{MARK}{number}@a.ru",
            attributes={payload: payload},
        )
        for number, payload in enumerate(PAYLOADS)
    ]
    managers = [PersonRow("manager", f"HM{number}", one) for number, one in enumerate(PAYLOADS)]
    async with world.writing() as database, database.transaction() as tx:
        named = Workspace(
            company=f"<b>{{{{7*7}}}}{MARK}", bot_username="bot", web_url="https://a.ru"
        )
        await workspace.save(tx, named)
        await people_import.apply(tx, [*managers, *rows], START)
        for number in range(len(PAYLOADS)):
            person = await people.by_external(tx, f"H{number}")
            manager = await people.by_external(tx, f"HM{number}", "manager")
            assert person is not None
            assert manager is not None
            await addresses.bind(tx, person.id, of_telegram(_FIRST + number))
            await people.consent(tx, person.id, "1", START)
            await people.change(tx, person.id, manager_id=manager.id)
            world.sandbox.add_user(PAYLOADS[number], user_id=_FIRST + number, started=True)


async def _answer(world: World) -> None:
    """Let everybody give a low score, which is told to the staff, and say their payload."""
    for number, payload in enumerate(PAYLOADS):
        await world.tap(_FIRST + number, str(number % 7))
        world.sandbox.say(_FIRST + number, payload)
        world.sandbox.say(_FIRST + number, f"{payload} again")
    await world.settle()


def _in_message(message: ChatMessage) -> list[str]:
    labels = [button.label for button in message.buttons]
    return hostile.in_message(message.text, message.entities) + [
        one for label in labels for one in hostile.in_message(label, [])
    ]


async def _files(found: Found, world: World, database: Database) -> None:
    url = world.settings.database_url
    async with database.reading() as reader:
        people_of = [await people.by_external(reader, f"H{n}") for n in range(len(PAYLOADS))]
        space = await workspace.get(reader)
    for language in LANGUAGES:
        made = await digest.make(url, "2026-09", language, START)
        found.add("digest", made.html(), hostile.in_html(made.html()))
        found.add("digest in words", made.text(), hostile.in_terminal(made.text()))
        assert json.loads(made.json())
    given = [
        {"name": one.name, "link": f"https://t.me/bot?start={one.id}", "phone": one.phone or ""}
        for one in people_of
        if one is not None
    ]
    for name, text, run in _of_links(given, space.company):
        found.add(name, text, run)
    async with database.transaction() as tx:
        for one in people_of:
            assert one is not None
            token = await links.issue(tx, "personal", one.id, START)
            answering = Answering(
                signer_of("1:x"), token, f"/a/{token}", "ru", Memory(), Handles(), START
            )
            page = (await answering.show(tx)).html
            found.add("page", page, hostile.in_html(page))
            kept = await handed_out(tx, one.id, START)
            text = as_text(kept, Texts("ru"), space)
            found.add("mydata", text, hostile.in_terminal(text))
            assert json.loads(as_json(kept))


def _of_links(given: list[dict[str, str]], company: str) -> Iterator[tuple[str, str, list[str]]]:
    table = as_csv(given, "ru").decode("utf-8-sig")
    yield "links.csv", table, hostile.in_csv(table)
    cards = as_html(given, company, "ru").decode()
    yield "cards", cards, hostile.in_html(cards)
    yield "links.xlsx", MARK, hostile.in_workbook(as_xlsx(given, "ru"))


async def told(folder: Path, _kills: int, _seed: int) -> Lines:
    """Look through every output, then once more with the pages' escaping taken off."""
    (folder / "with").mkdir()
    found = await looked_through(folder / "with")
    behind = f"{len(PAYLOADS)} payloads, {found.outputs} outputs, {found.marked} hold one"
    yield none("payloads that an output would run", len(found.run), behind)
    (folder / "without").mkdir()
    with unescaped():
        found = await looked_through(folder / "without")
    yield some("without autoescaping: would run", len(found.run), f"{found.outputs} outputs")


@contextmanager
def unescaped() -> Iterator[None]:
    """Take the pages' escaping off within the block; compiled pages would bring it along."""

    def made(**options: Any) -> Environment:
        bare = {**options, "autoescape": False, "bytecode_cache": None}
        return Environment(**bare)  # noqa: S701 - that is the point

    rendering.environment.cache_clear()
    try:
        with mock.patch.object(rendering, "Environment", made):
            yield
    finally:
        rendering.environment.cache_clear()
