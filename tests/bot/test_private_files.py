"""What holds people's data or opens doors is its owner's only, whatever the umask."""

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.upkeep.doctor.files import files
from bot.errors import FileUnwritable
from bot.jobs.upkeep.pruning import prune
from bot.operations.reports import digest
from bot.private_files import make_folder, write_privately
from tests.bot.test_operator import otklik
from tests.bot.world import START, World
from tests.engines import on_both, on_postgres


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _open_to_others(folder: Path) -> list[str]:
    """Return what others may reach: not what lies in a folder that is closed to them."""
    found = []
    for one in folder.iterdir():
        if one.stat().st_mode & 0o077:
            found.append(one.name)
        elif one.is_dir():
            found += _open_to_others(one)
    return sorted(found)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@on_both
async def test_what_the_bot_writes_beside_the_database_is_closed(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "digests" / "7").mkdir(parents=True)
    assert _open_to_others(tmp_path) == ["digests"]
    async with world.writing() as database:
        await prune(world.settings, database, START)
    assert _mode(tmp_path / "digests") == 0o700, "one of an earlier version is closed"
    made = await digest.make(world.settings.database_url, None, "ru", START)
    made.save(tmp_path / "digests" / "8")
    assert {_mode(file) for file in (tmp_path / "digests" / "8").iterdir()} == {0o600}
    make_folder(tmp_path / "links" / "3")
    assert {_mode(tmp_path / name) for name in ("links", "links/3")} == {0o700}
    assert _open_to_others(tmp_path) == []


@pytest.mark.parametrize("content", ["Привет\n", b"\xff\0"])
def test_a_file_is_written_for_its_owner_and_all_of_it_or_nothing(
    tmp_path: Path, content: str | bytes
) -> None:
    file, link = tmp_path / "page.html", tmp_path / "link"
    file.write_text("earlier")
    link.symlink_to(file)
    write_privately(link, content)
    assert file.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert _mode(file) == 0o600
    assert link.is_symlink()
    with pytest.raises(FileUnwritable):
        write_privately(tmp_path / "none" / "page.html", content)
    assert {one.name for one in tmp_path.iterdir()} == {"page.html", "link"}


async def test_what_the_commands_write_is_closed(world: World, tmp_path: Path) -> None:
    url = world.settings.database_url
    async with world.bot():
        await world.arrive("C1", "C2")
        wave = (await world.launch("nps"))["wave"]
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    (out / "digest.html").write_text("earlier")
    for arguments in (
        ("digest", "--period", "2026-09", "--out", str(out / "digest.html"), "--format", "html"),
        ("digest", "--period", "2026-09", "--folder", str(out / "pages")),
        ("links", "--out", str(out / "links.xlsx")),
        ("links", "--out", str(out / "links.html")),
        ("campaign", "links", str(wave), "--out", str(out / "wave.csv")),
        *(() if on_postgres() else (("backup", "--out", str(out / "copy.db")),)),
    ):
        done = await asyncio.to_thread(
            otklik, tmp_path, *arguments, database_url=url, clock_url=world.sandbox.clock_url
        )
        assert done.returncode == 0, (arguments, done.stderr)
    assert len(list(out.iterdir())) == (5 if on_postgres() else 6)
    assert _open_to_others(out) == []


def test_doctor_names_what_is_open_to_others(tmp_path: Path) -> None:
    database = tmp_path / "otklik.db"
    for name in ("otklik.db", "otklik.db-wal", "copy.db"):
        (tmp_path / name).touch(mode=0o644)
    (tmp_path / "digests").mkdir(mode=0o755)
    found = [one.sentence for one in files(database, [tmp_path / "copy.db"]) if one.level == "bad"]
    assert [sentence.rpartition("/")[2] for sentence in found] == [
        "otklik.db", "otklik.db-wal", "digests", "copy.db"
    ]  # fmt: skip
    assert "chmod 700" in found[2]
