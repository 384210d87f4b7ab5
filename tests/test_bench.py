"""The bench runs and writes every row; what it measures here is no verdict."""

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.__main__ import BENCHES

ROWS = 35


def test_every_row_of_the_bench_is_measured(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--smoke"],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "OUT": str(tmp_path)},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert said == list(BENCHES)
    table = (tmp_path / "bench.md").read_text(encoding="utf-8").splitlines()
    assert len(table[2:]) == ROWS
    assert all(row.count("|") == table[0].count("|") for row in table)
