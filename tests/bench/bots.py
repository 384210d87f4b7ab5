"""Bots as processes beside a cheap Telegram, and the CPU that each of them takes."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

PATIENCE = 120.0
TOKEN = "123456789:AAE-bench-bench-bench-bench-bench-00"  # noqa: S105 (nobody's)
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program for as long as the block lasts."""
    running = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


class Service:
    """The cheap Telegram as its caller sees it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def told(self) -> dict[str, Any]:
        """Return what it has seen."""
        return self._call("/told", None)

    def tap(self, taps: int, chats: int = 0) -> None:
        """Return when so many taps have been handled."""
        self._call("/tap", {"taps": taps, "chats": chats})

    def _call(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(self.url + path, data, headers)  # noqa: S310 (our own address)
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 (the same)
            found: dict[str, Any] = json.loads(answer.read())
            return found

    def wait_for_chats(self, chats: int) -> None:
        """Wait until so many chats have a message with buttons."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.told()["chats"] >= chats:
                    return
            except OSError:
                pass  # it is still starting
            time.sleep(0.05)
        message = "The bot did not send its messages."
        raise TimeoutError(message)


@contextmanager
def telegram() -> Iterator[Service]:
    """Run the cheap Telegram."""
    port = free_port()
    with process("-m", "tests.bench.telegram", str(port)):
        service = Service(port)
        service.wait_for_chats(0)
        yield service
