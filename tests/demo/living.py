"""A demo with its page, run as a person runs it, until the block is left."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
_PATIENCE = 120
_PAGE = re.compile(r"http://\S+/sim/\S+/page/")


@dataclass(frozen=True, slots=True)
class Living:
    """Where a living demo's page and control API are, and its process."""

    page_url: str
    pid: int

    @property
    def sim_url(self) -> str:
        """The control API."""
        return self.page_url.removesuffix("/page/")

    def bots(self) -> list[int]:
        """Return the process ids of the demo's children (Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(child) for child in children.read_text().split()]

    def ask(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        """Ask the control API."""
        with urlopen(f"{self.sim_url}/{path}", timeout=20) as answer:
            return json.load(answer)


@contextmanager
def living(out: Path, *options: str) -> Iterator[Living]:
    """Run `otklik demo --page`; end it as Ctrl-C does, which must be clean."""
    environment = {key: value for key, value in os.environ.items() if "OTKLIK" not in key}
    environment["OTKLIK_LANGUAGE"] = "en"
    command = ["demo", "--page", "--no-open", "--out", str(out), *options]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot.cli.main", *command],
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )
    guard = threading.Timer(_PATIENCE, process.kill)
    guard.start()
    try:
        yield Living(_page_of(process), process.pid)
    finally:
        guard.cancel()
        process.send_signal(signal.SIGINT)
        last_words, _ = process.communicate(timeout=30)
    assert process.returncode == 0, last_words


def _page_of(process: "subprocess.Popen[str]") -> str:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if found := _PAGE.search(line):
            return found[0]
    message = f"The demo shows no page: {''.join(said)}"
    raise AssertionError(message)
