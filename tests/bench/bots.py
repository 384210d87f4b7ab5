"""Bots as processes beside a cheap Telegram, and the CPU that each of them takes."""

import json
import multiprocessing
import os
import resource
import runpy
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.bench.timing import Spent, checked

PATIENCE = 120.0
TOKEN = "123456789:AAE-bench-bench-bench-bench-bench-00"
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has taken so far."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def family_seconds(pid: int) -> float:
    """Return the CPU time of a process and of its children, also of those that have ended."""
    fields = _fields(pid)
    ended = (int(fields[13]) + int(fields[14])) / _TICKS
    living = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return cpu_seconds(pid) + ended + sum(_of_child(int(one)) for one in living)


def _of_child(pid: int) -> float:
    try:
        return cpu_seconds(pid)
    except FileNotFoundError:  # it has just ended
        return 0.0


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()


def resident_megabytes(pid: int) -> float:
    """Return the memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def process(module: str, *arguments: str, **environment: str) -> Iterator[int]:
    """Run a module as a program for as long as the block lasts; give its process id.

    It is forked from a process that has imported everything: starting is measured elsewhere.
    It works in the folder that `PWD` names.
    """
    running = _forking().Process(target=_run, args=(module, arguments, environment), daemon=True)
    running.start()
    try:
        yield running.pid or 0
    finally:
        running.terminate()
        running.join(20)
        if running.is_alive():
            running.kill()
            running.join()


def forked(module: str, *arguments: str, **environment: str) -> Spent:
    """Run a module to its end, forked likewise; raises RuntimeError as `spent` does."""
    context = _forking()
    receiver, sender = context.Pipe(duplex=False)
    running = context.Process(
        target=_run_to_end, args=(sender, module, arguments, environment), daemon=True
    )
    running.start()
    sender.close()
    try:
        code, seconds, megabytes = receiver.recv()
    except EOFError:
        code, seconds, megabytes = 2, 0.0, 0.0
    receiver.close()
    running.join()
    checked(code, module, *arguments)
    return Spent(seconds, megabytes)


def _forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bench.preload"])
    return context


def _run_to_end(
    sender: Connection, module: str, arguments: Sequence[str], environment: Mapping[str, str]
) -> None:
    code: object = 0
    try:
        _run(module, arguments, environment)
    except SystemExit as end:
        code = end.code or 0
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    sender.send((code, max(seconds, 0.01), max(one.ru_maxrss for one in used) / 1024))


def _run(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    os.chdir(environment.get("PWD", "."))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")


def listening(port: int) -> None:
    """Wait until somebody listens at a port; raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)


class Service:
    """The cheap Telegram as its caller sees it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def told(self) -> dict[str, Any]:
        """Return what it has seen."""
        return self._call("/told", None)

    def tap(self, taps: int, chats: int = 0, most: int | None = None) -> list[float]:
        """Have so many taps handled, of `most` chats; return how long each waited for its screen.

        `chats`: so many are there without a message of the bot's.
        """
        wanted = {"taps": taps, "chats": chats} | ({} if most is None else {"most": most})
        waits: list[float] = self._call("/tap", wanted)["waits"]
        return waits

    def _call(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(self.url + path, data, headers)
        with urlopen(request, timeout=PATIENCE) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found

    def screens(self) -> dict[int, tuple[int, list[str]]]:
        """Return chat → the message it sees last and its buttons."""
        found = self._call("/screens", None)
        return {int(chat): (message, buttons) for chat, (message, buttons) in found.items()}

    def wait_for_chats(self, chats: int) -> None:
        """Wait until so many chats have a message with buttons."""
        self.wait(lambda told: bool(told["chats"] >= chats), "The bot did not send its messages.")

    def wait_for_sent(self, messages: int) -> list[float]:
        """Wait until so many messages were sent; return when each was."""
        self.wait(lambda told: len(told["sent"]) >= messages, "The bot did not send all.")
        return list(self.told()["sent"])

    def wait_for_polls(self) -> None:
        """Wait until the bot asks for updates."""
        self.wait(lambda told: bool(told["polls"]), "The bot did not start.")

    def wait(self, enough: Callable[[dict[str, Any]], bool], otherwise: str) -> None:
        """Wait until what was told is enough; raises TimeoutError."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if enough(self.told()):
                    return
            except OSError:
                pass  # it is still starting
            time.sleep(0.02)
        raise TimeoutError(otherwise)


@contextmanager
def telegram() -> Iterator[Service]:
    """Run the cheap Telegram."""
    port = free_port()
    with process("tests.bench.telegram", str(port)):
        service = Service(port)
        service.wait_for_chats(0)
        yield service
