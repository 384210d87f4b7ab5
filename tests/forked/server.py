"""The server that programs are forked from: `python -m tests.forked.server ADDRESS`."""

import atexit
import contextlib
import gc
import json
import locale
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from bot.operations.words.themes import reader
from storage.engine import schema
from surveys.messages import LANGUAGES
from surveys.survey.catalog import catalog
from surveys.themes.rules import usual
from templates.rendering import environment
from templates.texts import Texts
from tests.copied_database import copying

PACKAGES = ("surveys", "scoring", "storage", "templates", "bot")
MADE_ANEW = ("bot.cli.main", "storage.migrations")
"""The first makes the commands when it is imported, the other needs a database."""
LIBRARIES = (
    "rich.align", "rich.columns", "rich.markdown", "rich.panel", "rich.table", "rich.traceback",
)  # fmt: skip
"""What typer takes for a help or a refusal; its own module reads the environment: not here."""


class Running(NamedTuple):
    """A fork, whoever asked for it, and what becomes readable when it has ended."""

    pid: int
    caller: socket.socket
    end: int


def serve(address: str) -> dict[str, Any]:
    """Fork a process for each request; return its request there, and only there."""
    with selectors.DefaultSelector() as selector, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    sys.exit()  # whoever ran the tests is gone, perhaps killed
                if key.fileobj is listener:
                    caller = listener.accept()[0]
                    request, streams = _asked(caller)
                    pid = os.fork()
                    if not pid:
                        _leave(selector, caller)
                        _take(streams)
                        return request
                    _watch(selector, pid, caller)
                    for stream in streams:
                        os.close(stream)
                elif key.fd in selector.get_map():
                    _attend(selector, key.fileobj, key.data)


def _asked(caller: socket.socket) -> tuple[dict[str, Any], list[int]]:
    streams = socket.recv_fds(caller, 1, 3)[1]
    with caller.makefile() as lines:
        request: dict[str, Any] = json.loads(lines.readline())
    return request, streams


def _watch(selector: selectors.BaseSelector, pid: int, caller: socket.socket) -> None:
    running = Running(pid, caller, os.pidfd_open(pid))
    selector.register(running.end, selectors.EVENT_READ, running)
    selector.register(caller, selectors.EVENT_READ, running)
    with contextlib.suppress(OSError):
        caller.sendall(f"{pid}\n".encode())


def _attend(selector: selectors.BaseSelector, what: object, running: Running) -> None:
    """End a fork whose caller is gone; tell a caller how its fork has ended."""
    if what is running.caller:
        selector.unregister(running.caller)
        os.kill(running.pid, signal.SIGKILL)  # it is no one's but ours until it is waited for
        return
    code = os.waitstatus_to_exitcode(os.waitpid(running.pid, 0)[1])
    selector.unregister(running.end)
    os.close(running.end)
    with contextlib.suppress(KeyError):
        selector.unregister(running.caller)
    with contextlib.suppress(OSError):
        running.caller.sendall(f"{code}\n".encode())
    running.caller.close()


def _leave(selector: selectors.BaseSelector, caller: socket.socket) -> None:
    """Close in a fork what belongs to the others; the listener and selector close on return."""
    caller.close()
    for key in list(selector.get_map().values()):
        if isinstance(key.fileobj, int):
            os.close(key.fileobj)
            key.data.caller.close()


def _take(streams: list[int]) -> None:
    """Make a caller's standard streams our own, as the interpreter makes them.

    An interrupt is heard even where the tests themselves ignore it, as in a shell's background.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    locale.setlocale(locale.LC_CTYPE, "")
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    buffering = 1 if os.isatty(1) else -1
    sys.stdout = os.fdopen(1, "w", buffering, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)


def run(module: str, arguments: list[str], environment: dict[str, str], folder: str) -> NoReturn:
    """Run a module as a program in this process and end as the interpreter ends.

    But for freeing the memory, which in a fork means to copy it first.
    """
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = [module, *arguments]
    sys.modules.pop(module, None)
    code: object = None
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 (it is shown, as the interpreter shows it)
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    threading._shutdown()  # type: ignore[attr-defined]  # the interpreter's own end of threads
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else code is not None)


def preload() -> None:
    """Import the project and what it imports only when it works; spare the collector all that."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.startswith(MADE_ANEW):
                import_module(module.name)
    for name in LIBRARIES:
        import_module(name)
    read_what_is_packaged()
    gc.collect()
    gc.freeze()


def read_what_is_packaged() -> None:
    """Read and compile what each program else would: catalog, themes, texts and pages."""
    catalog()
    reader(usual())
    for language in LANGUAGES:
        Texts(language)("customers")
    pages = environment()
    for name in pages.list_templates(["j2"]):
        pages.get_template(name)


def main(address: str) -> None:
    """Import everything, then serve; a fork takes the stand-in for its interpreter, too.

    It copies a new database from a template, as the tests themselves do.
    """
    preload()
    schema.upgrade = copying(Path(address).parent)
    request = serve(address)
    sys.executable = str(Path(address).with_name("python"))
    run(**request)


if __name__ == "__main__":
    main(sys.argv[1])
