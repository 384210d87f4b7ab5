"""The demo is the same again: the same seed gives the same figures, whatever the machine does."""

import asyncio
from pathlib import Path

from tests.demo.running import run_demo
from tests.prove.lines import Lines, none

_SMALL = ("--customers", "30")


async def repeated(folder: Path, kills: int, seed: int) -> Lines:
    """Play whole campaigns of one seed, and compare every figure of their digests."""
    runs = min(max(2, kills // 10), 20)
    options = (*_SMALL, "--seed", str(seed))
    first, *others = [
        (await asyncio.to_thread(run_demo, folder / str(number), *options)).digest()
        for number in range(runs)
    ]
    differing = sum(other != first for other in others)
    yield none("demos of one seed with other figures", differing, f"{runs} demos")
