"""`python -m tests.prove [--n N] [--seed SEED] [PROOF …]`: the scorecard of delivery.

Exit code 1 where a figure misses its target. What a proof left behind is kept where it failed.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from tests.prove.lines import Line
from tests.prove.scorecard import PROOFS, prove

_SIGNS = {True: "✓", False: "✗", None: "–"}


def main() -> int:
    """Run the proofs named, or all; print each figure as it becomes known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proofs", nargs="*", metavar="PROOF", help=", ".join(PROOFS))
    parser.add_argument("--n", type=int, default=30, help="kills, and the scale of the rest")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    _say(f"N = {given.n}, seed = {given.seed}")
    missed = sum(_run(name, given.n, given.seed) for name in given.proofs or PROOFS)
    _say(f"{missed} missed" if missed else "every target met")
    return min(missed, 1)


def _run(name: str, kills: int, seed: int) -> int:
    """Run one proof in a folder of its own; return how many targets it missed."""
    folder = Path(tempfile.mkdtemp(prefix=f"otklik-{name}-"))
    try:
        missed = asyncio.run(_print(name, folder, kills, seed))
    except Exception:  # noqa: BLE001 (a proof that cannot be made is a missed one)
        _say(f"✗ {name}: {traceback.format_exc()}")
        missed = 1
    if missed:
        _say(f"  see {folder}")
    else:
        shutil.rmtree(folder)
    return missed


async def _print(name: str, folder: Path, kills: int, seed: int) -> int:
    missed = 0
    async for line in prove(name, folder, kills, seed):
        _say(written(line))
        missed += line.is_met is False
    return missed


def written(line: Line) -> str:
    """Return a figure as a row of the scorecard."""
    sign = _SIGNS[line.is_met]
    return f"{sign} {line.figure:<48} {line.value:>9}  target {line.target:<10} ({line.behind})"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
