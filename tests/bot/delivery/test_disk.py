"""A disk that refuses: nothing is confirmed meanwhile, nothing is lost, no hand is needed.

The real program in a process of its own; the operating system refuses its writes.
"""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.settings import SQLITE
from storage.database import open_database
from storage.engine.connection import Connection
from storage.engine.sqlite import source
from storage.engine.writer import Writer
from storage.errors import DatabaseUnwritable
from tests.bot.chat.test_conversation import _answers
from tests.bot.world import ANNA, PATIENCE, World
from tests.engines import of_sqlite
from tests.forked import STARTED
from tests.prove import tracing
from tests.prove.proofs.fulldisk import Hindrance, failing, fill, no_room, read_only

pytestmark = of_sqlite("a server's disk is its operator's")

ROOT = Path(__file__).parents[3]
traced = pytest.mark.skipif(not tracing.is_there(), reason=tracing.WITHOUT)


@pytest.mark.parametrize(
    "hindrance",
    [
        pytest.param(no_room, id="full"),
        pytest.param(read_only, id="read-only", marks=traced),
        pytest.param(failing, id="flushes fail", marks=traced),
    ],
)
async def test_nothing_is_confirmed_while_the_disk_refuses_and_nothing_is_lost(
    tmp_path: Path, hindrance: Hindrance
) -> None:
    try:
        found = await fill(tmp_path, 12, hindrance)
    except tracing.NotAllowed as error:
        pytest.skip(str(error))
    assert (found.confirmed_meanwhile, found.lost) == (0, 0)
    assert found.answers >= 3 * 12


async def test_a_database_that_may_only_be_read_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above where nothing can be traced: SQLite itself refuses, as for a read-only file."""
    monkeypatch.setattr("bot.delivery.handle._RETRY_SECONDS", 0.01)
    enter, refused, may_write = Writer._enter, list[str](), asyncio.Event()

    def refusing(self: Writer, fence: str | None) -> Connection:
        connection = enter(self, fence)
        if source.SqliteSource.begin_writing in connection.owed:
            refused.append(connection.owed[0])
            allowed = "OFF" if may_write.is_set() else "ON"
            connection.owed.insert(0, f"PRAGMA query_only = {allowed}")
        return connection

    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
        monkeypatch.setattr(Writer, "_enter", refusing)
        tap = world.sandbox.tap(ANNA, label="9")
        async with asyncio.timeout(PATIENCE):
            while len(refused) < 3:
                await asyncio.sleep(0.01)
        assert not world.sandbox.confirmed(tap.update_id)
        may_write.set()
        await world.sandbox.settled(PATIENCE)
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


FILLED = """
import os, pathlib, shutil, subprocess, sys
folder, seed, is_killed = sys.argv[1:]
shutil.copy(seed, f"{folder}/otklik.db")

def run():
    command = [sys.executable, "-m", "bot.cli.main", "run"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

if is_killed == "True":
    killed = run()
    killed.stderr.readline()
    killed.kill()
    killed.wait()
rest = os.open(f"{folder}/rest", os.O_CREAT | os.O_WRONLY)
try:
    while os.write(rest, bytes(4096)):
        pass
except OSError:
    print("full")
running = run()
said = running.stderr.readline()
if is_killed == "True":
    running.terminate()
print(running.wait(), said)
"""


@pytest.mark.parametrize("is_killed", [False, True])
async def test_a_start_on_a_full_disk_is_refused_unless_the_log_still_has_room(
    tmp_path: Path, is_killed: bool
) -> None:
    """A killed program leaves its log, in which there is room: the next goes on with that."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed here")
    seed, disk = tmp_path / "seed.db", tmp_path / "disk"
    async with open_database(f"{SQLITE}{seed}"):
        pass
    disk.mkdir()
    mounting = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"'
    program = (STARTED, "-c", FILLED, str(disk), str(seed), str(is_killed))
    process = await asyncio.create_subprocess_exec(
        *("unshare", "-rm", "sh", "-c", mounting, str(disk), *program),
        cwd=ROOT,
        env=_environment(disk),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said = (await process.communicate())[0].decode()
    if "full" not in said:
        pytest.skip("nothing can be mounted here")
    if is_killed:
        assert "0 " in said
        assert "telegram_unreachable" in said
    else:
        assert "2 Cannot write" in said
        assert "free space" in said


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "OTKLIK_BOT_TOKEN": "1234567890:" + "A" * 35,
        "OTKLIK_LANGUAGE": "en",
        "OTKLIK_API_URL": "http://127.0.0.1:9",
        "OTKLIK_DATABASE_URL": f"{SQLITE}{folder / 'otklik.db'}",
    }


async def test_a_start_on_a_read_only_disk_says_what_to_do(tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed here")
    async with open_database(f"{SQLITE}{tmp_path / 'otklik.db'}"):
        pass
    before = (tmp_path / "otklik.db").read_bytes()
    mounting = (
        'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && echo mounted && exec "$@"'
    )
    process = await asyncio.create_subprocess_exec(
        *("unshare", "-rm", "sh", "-c", mounting, str(tmp_path)),
        *(STARTED, "-m", "bot.cli.main", "run"),
        cwd=ROOT,
        env=_environment(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, told = await process.communicate()
    if b"mounted" not in said:
        pytest.skip("nothing can be mounted here")
    assert process.returncode == 2
    assert "read-only" in told.decode().lower()
    assert "Traceback" not in told.decode()
    assert (tmp_path / "otklik.db").read_bytes() == before


async def test_a_read_only_place_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    (tmp_path / "otklik.db").touch()
    with pytest.raises(DatabaseUnwritable, match="Check its rights"):
        async with open_database(f"{SQLITE}{tmp_path / 'otklik.db'}"):
            pass
