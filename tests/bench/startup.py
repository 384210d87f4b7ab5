"""From the start until serving, and the memory of an idle bot, against the bare one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.bots import Service, cpu_seconds, process, resident_megabytes, telegram
from tests.bench.people import empty
from tests.bench.scale import Scale
from tests.bench.taps import environment, sqlite
from tests.bench.timing import Ratio, of_rounds

_SETTLING_SECONDS = 1.0


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare the CPU spent until updates are asked for, in turns; forked for a smoke test."""
    begun = process if scale.smoke else _started
    mine, base = [], []
    for _ in range(scale.starts):
        with TemporaryDirectory() as folder, telegram() as here, telegram() as there:
            path = Path(folder) / "otklik.db"
            empty(sqlite(path))
            base.append(_ready(there, begun("tests.bench.bare.bot", there.url), scale))
            ours = begun("bot.cli.main", "run", **environment(here, sqlite(path)))
            mine.append(_ready(here, ours, scale))
    seconds, megabytes = zip(*mine, strict=True)
    base_seconds, base_megabytes = zip(*base, strict=True)
    against = "bare aiogram bot"
    yield of_rounds("`otklik run` until serving", seconds, against, base_seconds, "≤ 1.25")
    yield of_rounds("idle memory", megabytes, against, base_megabytes, "≤ 1.2", unit="MB")


def _ready(service: Service, bot: AbstractContextManager[int], scale: Scale) -> tuple[float, float]:
    """Return the CPU seconds until it polls and the megabytes that it holds a moment later."""
    with bot as pid:
        service.wait_for_polls()
        seconds = max(cpu_seconds(pid), 0.01)
        time.sleep(0 if scale.smoke else _SETTLING_SECONDS)
        return seconds, resident_megabytes(pid)


@contextmanager
def _started(module: str, *arguments: str, **settings: str) -> Iterator[int]:
    running = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait(20)
