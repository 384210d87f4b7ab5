"""Who may do what: every command and button tried by everybody who may not use it."""

import sqlite3

from bot.chat.conversation import ROUTES
from bot.says.heard import Tap
from bot.says.taps import MenuTap
from tests.bot.world import ANNA, MANAGER, STRANGER, World

ARGUMENTS = (
    (),
    ("nps",),
    ("nps", "all"),
    ("1",),
    ("2026-09",),
    ("weekly", "9"),
    ("1", "1", "1"),
    ("now",),
)
EVERYBODYS = {"consent", "language", "inbox", "seen_updates", "link_failures"}


def admin_places() -> set[str]:
    """Every place of the menus behind the admins' guard, read from the table itself."""
    places = {route.name for route in ROUTES if issubclass(route.kind, Tap) and route.name}
    return places - EVERYBODYS


def _contents(world: World) -> dict[str, list[tuple[object, ...]]]:
    path = world.settings.data_directory / "otklik.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in tables if name not in EVERYBODYS]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


async def test_no_button_of_the_admins_does_anything_for_others(world: World) -> None:
    places = admin_places()
    assert len(places) > 8, "the routers were not read right"
    async with world.bot():
        await world.arrive("M1", "C1")
        await world.start(STRANGER)
        before = _contents(world)
        for place in sorted(places):
            for arguments in ARGUMENTS:
                data = MenuTap(place, arguments).pack()
                for telegram_id in (MANAGER, ANNA, STRANGER):
                    world.sandbox.tap(telegram_id, data=data, forged=True)
            await world.settle()
        assert _contents(world) == before


async def test_no_command_of_the_admins_does_anything_for_others(world: World) -> None:
    async with world.bot():
        await world.arrive("M1", "C1")
        await world.start(STRANGER)
        before = _contents(world)
        for command in ("/menu", "/digest", "/outbox", "/why Анна", "/people", "/card Борис"):
            for telegram_id in (ANNA, STRANGER):
                await world.say(telegram_id, command)
        assert _contents(world) == before
