"""Where the tests' files are kept."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.in_memory import keep_files


@pytest.fixture(autouse=True)
def _nowhere_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "of the run")
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", "/asked before")


def test_temporary_files_lie_in_memory_also_those_of_programs(tmp_path: Path) -> None:
    keep_files(tmp_path, 1)
    assert os.environ["TMPDIR"] == str(tmp_path)
    assert tempfile.gettempdir() == str(tmp_path)


def test_a_place_too_small_or_none_is_left_alone(tmp_path: Path) -> None:
    keep_files(tmp_path, 2**60)
    keep_files(tmp_path / "none", 1)
    assert "TMPDIR" not in os.environ
    assert tempfile.gettempdir() == "/asked before"


def test_a_place_that_was_named_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/named")
    keep_files(tmp_path, 1)
    assert os.environ["TMPDIR"] == "/named"
