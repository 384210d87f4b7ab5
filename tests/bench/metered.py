"""`otklik` as a program that counts how long SQLite's driver works: seconds in `METER`, a file.

What is counted is the CPU of the thread that calls the driver, statement by statement.
"""

import mmap
import os
import struct
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from threading import Lock
from time import thread_time
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from bot.cli.main import main as run
from storage.engine.sqlite import driver, thread

P = ParamSpec("P")
R = TypeVar("R")

METER = "BENCH_METER"
_SECONDS = struct.Struct("d")


def seconds(meter: Path) -> float:
    """Return what a program has counted so far."""
    return float(_SECONDS.unpack(meter.read_bytes())[0])


def main() -> None:
    """Run the product, counting."""
    with Path(os.environ[METER]).open("w+b") as file:
        file.write(_SECONDS.pack(0))
        file.flush()
        meter = mmap.mmap(file.fileno(), _SECONDS.size)
    lock = Lock()

    def counted(call: Callable[P, R]) -> Callable[P, R]:
        @wraps(call)
        def counting(*given: P.args, **named: P.kwargs) -> R:
            begun = thread_time()
            try:
                return call(*given, **named)
            finally:
                with lock:
                    (so_far,) = _SECONDS.unpack_from(meter)
                    _SECONDS.pack_into(meter, 0, so_far + thread_time() - begun)

        return counting

    with (
        patch.object(thread, "execute", counted(driver.execute)),
        patch.object(thread, "command", counted(driver.command)),
    ):
        run()


if __name__ == "__main__":
    main()
