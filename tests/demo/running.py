"""Small demos, run as a person runs them, and what they left behind."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.journal import Entry, read_journal

ROOT = Path(__file__).parents[2]
_PACKAGES = ("bot", "scoring", "storage", "surveys", "templates")


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that has ended: its folder and what it printed."""

    out: Path
    printed: str

    def digest(self) -> dict[str, Any]:
        """Return the figures without the moment they were made."""
        figures: dict[str, Any] = json.loads((self.out / "digest.json").read_text())
        figures.pop("generated_at")
        return figures

    def journal(self) -> list[Entry]:
        """Return what went over the wire."""
        return read_journal(self.out / "journal.jsonl")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the bot's database."""
        connection = sqlite3.connect(self.out / "otklik.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


def run_demo(out: Path, *options: str, source: Path = ROOT) -> Demo:
    """Run `otklik demo --headless` from a source tree."""
    environment = {key: value for key, value in os.environ.items() if "OTKLIK" not in key}
    environment["OTKLIK_LANGUAGE"] = "en"
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli.main", "demo", "--headless", "--out", str(out), *options],
        env=environment | {"PYTHONPATH": str(source)},
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return Demo(out, done.stdout)


def with_survey(folder: Path, name: str, replacements: Sequence[tuple[str, str]]) -> Path:
    """Return a source tree like ours in which one catalog survey's text is another."""
    folder.mkdir()
    for package in _PACKAGES:
        (folder / package).symlink_to(ROOT / package)
    (folder / "surveys").unlink()
    shutil.copytree(ROOT / "surveys", folder / "surveys")
    file = folder / "surveys" / "catalog" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return folder
