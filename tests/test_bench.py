"""The bench runs and prints every row; what it measures here is no verdict."""

from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHES, main

ROWS = 31


def test_every_row_of_the_bench_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    main(["--smoke"], tmp_path)
    table = (tmp_path / "bench.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in table[2:] if line]
    assert len(rows) == ROWS
    assert all(row.count("|") == table[0].count("|") for row in rows)
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if not line.startswith(" ")] == list(BENCHES)
