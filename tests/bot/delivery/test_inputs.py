"""Whatever is sent, by whomever: it is kept or refused, and no update is ever put aside for it."""

import contextlib
import random

import pytest
from sqlalchemy import select

from bot.errors import BotError
from bot.operations import remote, sockets
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import inbox
from storage.tables.delivery import inbox as table
from tests.bot.chat.test_conversation import _answers
from tests.bot.delivery.faults import appoint
from tests.bot.world import ADMIN, ANNA, BORIS, STRANGER, World
from tests.engines import on_both

HOSTILE = (
    "a\0b",
    "плохо \ud800 и хорошо",
    "=\x07\x1b[31m\r\n\u2028\u202e\u200b\ufeff<b>&amp;{name}%s",
    "🙂" * 2048,
)
LARGEST = (1 << 52) - 1
"""Telegram's ids have 52 bits at most."""


async def _untroubled(world: World) -> None:
    """Every update was handled at once."""
    async with world.database() as database, database.reading() as reader:
        assert await inbox.parked(reader) == []
        assert await reader.all(select(table.c.update_id, table.c.error)) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_text_puts_an_update_aside(world: World, text: str) -> None:
    await appoint(world)
    world.sandbox.add_user(text[:64], user_id=LARGEST, last_name=text[:64])
    async with world.bot():
        await world.arrive("C1", "C2", "M1")
        await world.launch("nps")
        for sender in (ANNA, ADMIN, STRANGER, LARGEST):
            world.sandbox.start(sender, text[:64])
            world.sandbox.say(sender, text)
            world.sandbox.say(sender, f"/why {text[:200]}")
            world.sandbox.say(sender, f"/card {text[:200]}")
        await world.settle()
        for data in (text[:30], f"1:a:1:0:{text[:9]}", f"1:m:card:{text[:9]}", f"1:m:{text[:9]}"):
            for sender in (ANNA, ADMIN):
                world.sandbox.tap(sender, data=data, forged=True)
        await world.settle()
        await world.tap(BORIS, "2")
        await world.say(BORIS, text)
        await world.settle()
        await _untroubled(world)
        assert (await _answers(world, BORIS))["recommend"] == "2"


async def _operate(world: World, name: str, arguments: dict[str, str]) -> None:
    """Do or be refused in words; nothing else."""
    with contextlib.suppress(BotError):
        await remote._ask(
            sockets.sockets(world.settings)[0],
            {"operation": name, "arguments": arguments, "language": "ru"},
        )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@on_both
async def test_no_list_and_no_command_breaks_on_a_text(world: World, text: str) -> None:
    await appoint(world)
    rows = f"Роль;ИД;Имя;Компания\nклиент;C7;{text};{text}\n"
    async with world.bot():
        name = text[:40].encode(errors="replace").decode()
        for encoding in ("utf-8", "cp1251"):
            world.sandbox.send_document(ADMIN, rows.encode(encoding, "replace"), f"{name}.csv")
            await world.settle()
        await _operate(world, "company", {"name": text, "language": "ru"})
        await _operate(world, "tell_event", {"event": text, "customer": text, "deal": text})
        await _operate(world, "why", {"who": text})
        await _untroubled(world)
        assert (await world.say(ADMIN, "/menu")).buttons


@on_both
async def test_the_largest_ids_go_all_the_way(world: World) -> None:
    admin, customer = LARGEST, LARGEST - 1
    for user in (admin, customer):
        world.sandbox.add_user("User", user_id=user)
    async with world.bot():
        await world.start(admin, world.announced[-1].rpartition("=")[2])
        await world.start(customer, world.tokens["C1"])
        await world.tap(customer, "Согласен")
        await world.launch("nps")
        await world.tap(customer, "3")
        await world.say(customer, "Никто не перезвонил")
        await world.settle()
        assert "Анна" in world.screen(admin).text
        world.sandbox.block(customer)
        await world.settle()
    assert await _answers(world, customer) == {"recommend": "3", "why": '"Никто не перезвонил"'}
    async with world.database() as database, database.reading() as reader:
        person = await people.by_address(reader, of_telegram(customer))
    assert person is not None
    assert person.unreachable_at is not None


async def test_everything_that_was_ever_sent_may_come_again_in_any_order(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        await world.tap(ANNA, "9")
        await world.say(ANNA, "Быстро")
        await world.tap(BORIS, "2")
        await world.pass_time(days=30)
        before = await _answers(world, ANNA), await _answers(world, BORIS)
        told = [
            update_id
            for entry in world.sandbox.journal.entries()
            if entry["kind"] == "confirm"
            for update_id in entry["update_ids"]
        ]
        random.Random(5).shuffle(told)
        for update_id in told:
            world.sandbox.replay(update_id)
        await world.settle()
        await _untroubled(world)
        assert (await _answers(world, ANNA), await _answers(world, BORIS)) == before
