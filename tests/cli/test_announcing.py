"""The first admin's link: shown in a terminal, else left in a file that only its owner reads."""

import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli.terminal.announcing import announce
from bot.settings import ADMIN_LINK
from surveys.messages import Message

LINK = "https://t.me/bot?start=secret"
SAID = Message("To become the first admin, open this link once: {link}", {"link": LINK})


def test_a_redirected_output_gets_the_path_of_a_private_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(tmp_path, SAID)
    told = capsys.readouterr()
    path = tmp_path / ADMIN_LINK
    assert "secret" not in told.out + told.err
    assert str(path) in told.out
    assert path.read_text().strip() == LINK
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_terminal_shows_the_link_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    announce(tmp_path, SAID)
    assert LINK in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_where_the_file_cannot_be_written_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(tmp_path / "nowhere", SAID)
    told = capsys.readouterr()
    assert "otklik admin add" in told.out
    assert "secret" not in told.out + told.err


@pytest.mark.parametrize("terminal", [False, True])
def test_an_output_that_takes_nothing_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full, capture_logs() as logs:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(full, "isatty", lambda: terminal, raising=False)
        announce(tmp_path, SAID)
        announce(tmp_path, Message("Nobody reads this."))
    assert logs[0]["event"] == "console_unwritable"
    assert "secret" not in str(logs)
    assert (tmp_path / ADMIN_LINK).read_text().strip() == LINK
