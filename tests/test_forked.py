"""A program that is forked does what it does when it is started."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.forked import CAN_FORK, ROOT, STARTED

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="programs are forked on Linux only"),
    pytest.mark.usefixtures("forking"),
]
OTKLIK = ("-m", "bot.cli.main")
_VERSION = "SELECT version_num FROM alembic_version"


def _run(python: str, folder: Path, *arguments: str, **settings: str) -> tuple[object, ...]:
    done = subprocess.run(
        [python, *OTKLIK, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("language", "arguments"),
    [
        ("ru", ("calc", "difference", "--help")),
        ("en", ("calc", "scorecard", "--example", "--json")),
        ("ru", ("campaign", "start", "нет такой")),
        ("en", ("digest", "--period", "2026-Q3")),
        ("ru", ("run", "--nosuch")),
    ],
)
def test_it_says_the_same_and_ends_in_the_same_way(
    tmp_path: Path, language: str, arguments: tuple[str, ...]
) -> None:
    forked = _run(sys.executable, tmp_path, *arguments, OTKLIK_LANGUAGE=language)
    assert forked == _run(STARTED, tmp_path, *arguments, OTKLIK_LANGUAGE=language)
    assert forked[1] or forked[2]


def test_its_new_database_is_what_migrations_make(tmp_path: Path) -> None:
    """A migration names a table's constraints in any order."""
    made = []
    for place, python in (("one", sys.executable), ("two", sys.executable), ("three", STARTED)):
        (tmp_path / place).mkdir()
        assert _run(python, tmp_path / place, "campaign", "list")[0] == 0
        with closing(sqlite3.connect(tmp_path / place / "otklik.db")) as opened:
            schema = opened.execute("SELECT name, coalesce(sql, '') FROM sqlite_master")
            words = {name: sorted(sql.replace(",", " ").split()) for name, sql in schema}
            made.append((words, opened.execute(_VERSION).fetchall()))
    assert made[0] == made[1] == made[2]
    assert "people" in made[0][0]


def _serving() -> tuple["subprocess.Popen[str]", str]:
    """Start what runs until it is told to end; return it and its address."""
    process = subprocess.Popen(
        [sys.executable, *OTKLIK, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip().partition("=")[2]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, -15), (signal.SIGINT, 130)])
def test_a_signal_reaches_it_and_its_end_comes_back(sent: signal.Signals, code: int) -> None:
    process, _ = _serving()
    process.send_signal(sent)
    process.communicate(timeout=60)
    assert process.returncode == code


def test_it_is_killed_with_what_stands_for_it() -> None:
    process, address = _serving()
    assert urlsplit(address).port
    process.kill()
    process.communicate(timeout=60)  # its end of the pipe is closed: it has ended
    with pytest.raises(URLError):
        urlopen(address, timeout=5)


def test_the_server_ends_with_whoever_ran_the_tests(tmp_path: Path) -> None:
    program = (
        "import sys, os, pathlib, subprocess; from tests import forked; "
        f"ours = forked.serving(pathlib.Path({str(tmp_path)!r})); python = ours.__enter__(); "
        "subprocess.run([python, '-m', 'bot.cli.main', '--help'], check=True); os._exit(0)"
    )
    done = subprocess.run(  # its output ends when the last process that holds it does
        [STARTED, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr


def test_what_is_not_ours_is_started() -> None:
    command = [sys.executable, "-c", "import sys; print(sys.executable, sys.argv)", "a b"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{STARTED} ['-c', 'a b']\n"
