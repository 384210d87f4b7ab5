"""What is printed cannot make a terminal obey, nor show another name."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.terminal.saying import one_line, plain
from storage.database import open_database
from storage.people import people, workspace
from storage.people.workspace import Workspace
from tests.bot.test_operator import otklik
from tests.engines import database_in

CONTROLS = "\x1b]0;owned\x07\x9b31m\x7f\r\x00"
BIDI = "\u202e\u2066\u200f\u061c"
NAME = f"Анна{BIDI[:1]}\x1b[2J\x9b1mПоповa{BIDI[1:]}"
CLI = Path(__file__).parents[2] / "bot" / "cli"


def _hostile(text: str) -> list[str]:
    return [sign for sign in text if sign in BIDI or (ord(sign) < 32 and sign not in "\n\t")] + [
        sign for sign in text if 0x7F <= ord(sign) < 0xA0
    ]


@given(st.text())
def test_a_text_keeps_all_but_these_signs(text: str) -> None:
    shown = plain(text + CONTROLS + BIDI)
    assert not _hostile(shown)
    assert plain(shown) == shown
    kept = [sign for sign in shown if sign.isalnum()]
    assert kept == [sign for sign in plain(text) + "]0;owned31m" if sign.isalnum()]
    assert "\n" not in one_line(text)


def _in_a_terminal(folder: Path, *arguments: str) -> str:
    ours, theirs = os.openpty()
    environment = {**os.environ, "PYTHONPATH": str(CLI.parents[1]), "TERM": "dumb"}
    running = subprocess.Popen(
        [sys.executable, "-m", "bot.cli.main", *arguments],
        env=environment,
        cwd=folder,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 4096):
            said += part
    except OSError:  # the other side was closed
        pass
    finally:
        running.wait(60)
        os.close(ours)
    return said.decode().replace("\r\n", "\n")


@pytest.fixture
async def company(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("id,name\n7,Вера\n", encoding="utf-8")
    assert not otklik(tmp_path, "import", "people", "people.csv").returncode
    url = database_in(tmp_path)
    async with open_database(url) as database, database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Берег", bot_username="bot"))
        person = await people.by_external(tx, "7")
        assert person is not None
        await people.change(tx, person.id, name=NAME)  # as Telegram's names come
    return tmp_path


def test_a_name_from_anywhere_is_harmless_in_a_terminal(company: Path) -> None:
    for command in (("why", "7"), ("why", "7", "--json"), ("links", "--again"), ("leave", "7")):
        said = _in_a_terminal(company, *command)
        assert "Анна" in said, said
        assert not _hostile(said), command
        assert "id,name" not in said, "CSV is for another program"


def test_data_for_another_program_loses_nothing(company: Path) -> None:
    assert NAME in otklik(company, "links", "--again").stdout
    said = otklik(company, "why", "7", "--json").stdout
    assert json.loads(said)["people"][0]["name"] == NAME


def test_everything_is_printed_by_one_module() -> None:
    for file in CLI.glob("*.py"):
        if file.name != "saying.py":
            found = re.findall(r"typer\.(?:echo|secho)\(|(?<![\w.])print\(", file.read_text())
            assert not found, file.name
