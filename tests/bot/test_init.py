"""From a token to a settings file: asked or told, checked, written for its owner alone."""

import asyncio
import json
import os
import pty
import select
import stat
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings_file import settings_text
from templates.texts import Texts
from tests.bot.test_operator import otklik
from tests.engines import database_in, on_postgres

WRONG = "123456789:" + "A" * 35
COMPANY = ("--name", "Ромашка", "--zone", "Asia/Yekaterinburg")


@pytest.fixture
async def telegram() -> AsyncIterator[Sandbox]:
    async with run_sandbox() as sandbox:
        yield sandbox


async def init(
    folder: Path,
    telegram: Sandbox,
    *options: str,
    token: str | None = None,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    chosen = ("--token", token or telegram.token, "--api-url", telegram.base_url)
    return await asyncio.to_thread(otklik, folder, "init", *chosen, *options, **settings)


async def test_what_is_told_is_written_for_the_owner_alone(
    tmp_path: Path, telegram: Sandbox
) -> None:
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    if on_postgres():
        elsewhere = database_in(tmp_path)
    done = await init(tmp_path, telegram, *COMPANY, database_url=elsewhere)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "otklik.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"OTKLIK_BOT_TOKEN={telegram.token}\n" in file.read_text()
    assert "#OTKLIK_PROXY=" in file.read_text()
    assert f"\nOTKLIK_DATABASE_URL={elsewhere}\n" in file.read_text()
    assert telegram.token not in done.stdout + done.stderr
    assert "otklik run" in done.stdout
    shown = await asyncio.to_thread(otklik, tmp_path, "company")
    assert "Ромашка" in shown.stdout
    assert "Asia/Yekaterinburg" in shown.stdout


async def test_a_token_that_telegram_does_not_know_is_not_written(
    tmp_path: Path, telegram: Sandbox
) -> None:
    done = await init(tmp_path, telegram, *COMPANY, token=WRONG)
    assert done.returncode == 2
    assert "BotFather" in done.stderr
    assert WRONG not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "otklik.env").exists()
    assert not (tmp_path / "otklik.db").exists()


async def test_an_unknown_zone_is_refused_and_nothing_is_written(
    tmp_path: Path, telegram: Sandbox
) -> None:
    done = await init(tmp_path, telegram, "--name", "Ромашка", "--zone", "Mars/Olympus")
    assert done.returncode == 2
    assert "Europe/Moscow" in done.stderr
    assert not (tmp_path / "otklik.env").exists()


@pytest.mark.parametrize(
    ("machine", "meant"), [("Etc/UTC", "Europe/Moscow"), ("Asia/Omsk", "Asia/Omsk")]
)
async def test_the_zone_of_a_server_or_an_image_is_no_companys(
    tmp_path: Path, telegram: Sandbox, monkeypatch: pytest.MonkeyPatch, machine: str, meant: str
) -> None:
    monkeypatch.setenv("TZ", machine)
    done = await init(tmp_path, telegram, "--name", "Ромашка")
    assert done.returncode == 0, done.stderr
    said = await asyncio.to_thread(otklik, tmp_path, "company", "--json")
    assert json.loads(said.stdout)["zone"] == meant


async def test_an_earlier_file_is_kept_unless_told_otherwise(
    tmp_path: Path, telegram: Sandbox
) -> None:
    file = tmp_path / "otklik.env"
    file.write_text("OTKLIK_LOG_LEVEL=DEBUG\n")
    refused = await init(tmp_path, telegram, *COMPANY)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert file.read_text() == "OTKLIK_LOG_LEVEL=DEBUG\n"
    forced = await init(tmp_path, telegram, *COMPANY, "--force")
    assert forced.returncode == 0, forced.stderr
    assert telegram.token in file.read_text()


async def test_without_a_terminal_what_is_missing_is_named(
    tmp_path: Path, telegram: Sandbox
) -> None:
    nameless = await init(tmp_path, telegram)
    assert nameless.returncode == 2
    assert "--name" in nameless.stderr
    tokenless = await asyncio.to_thread(otklik, tmp_path, "init")
    assert tokenless.returncode == 2
    assert "--token" in tokenless.stderr


HIDDEN = "Token from"
"""How the prompt begins that shows nothing of what is typed."""


def _typing(command: list[str], folder: Path, lines: list[tuple[str, str]]) -> str:
    """Run a command in a terminal: wait for a prompt, type a line; return what was shown."""
    environment = {key: value for key, value in os.environ.items() if "OTKLIK" not in key}
    environment["OTKLIK_LANGUAGE"] = "en"
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, seen = "", 0
    for prompt, answer in lines:
        while prompt not in shown[seen:]:
            shown += _read(ours)
        seen = len(shown)
        if prompt == HIDDEN:
            _until_hidden(ours)
        os.write(ours, f"{answer}\n".encode())
    while more := _read(ours):
        shown += more
    os.close(ours)
    process.wait(20)
    return shown


def _until_hidden(terminal: int) -> None:
    """Wait for the echo to go: what is typed before that is thrown away unread."""
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        time.sleep(0.01)


def _read(terminal: int) -> str:
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "nothing more is shown"
    try:
        return os.read(terminal, 4096).decode(errors="replace")
    except OSError:  # Linux says so where the other end is closed
        return ""


async def test_in_a_terminal_it_asks_and_never_shows_the_token(
    tmp_path: Path, telegram: Sandbox
) -> None:
    command = [sys.executable, "-m", "bot.cli.main", "init", "--api-url", telegram.base_url]
    answers = [
        (HIDDEN, WRONG),
        (HIDDEN, telegram.token),
        ("Company", "Ромашка <и Ко>"),
        ("Language", "по-русски"),
        ("Language", ""),
        ("Time zone", "Марс"),
        ("Time zone", "Екатеринбург"),
    ]
    shown = await asyncio.to_thread(_typing, command, tmp_path, answers)
    assert shown.count("Company") == 1
    kept = await asyncio.to_thread(otklik, tmp_path, "company")
    assert "Ромашка <и Ко>" in kept.stdout
    assert "Asia/Yekaterinburg" in kept.stdout
    assert "Two steps more" in shown, shown
    assert telegram.token not in shown
    assert telegram.token in (tmp_path / "otklik.env").read_text()


def test_a_value_cannot_add_a_line_to_the_file() -> None:
    token = {"OTKLIK_BOT_TOKEN": WRONG}
    text = settings_text(token | {"OTKLIK_PROXY": "http://user:pa ss#word@proxy:1"}, Texts("en"))
    assert "OTKLIK_PROXY='http://user:pa ss#word@proxy:1'\n" in text
    with pytest.raises(Refused):
        settings_text(token | {"OTKLIK_PROXY": "http://x\nOTKLIK_LOG_LEVEL=DEBUG"}, Texts("en"))
