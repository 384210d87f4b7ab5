"""The bench runs and writes every row; what it measures here is no verdict."""

import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHES, main
from tests.bench.scale import EARNEST, SMOKE
from tests.examples import is_thorough
from tests.prove import __main__ as proving
from tests.prove.scorecard import PROOFS

ROWS = 36
OF_A_SERVER, ITS_ROWS = {"postgresql", "replicas"}, 10
"""Two engines and seven bots: half as long as all the rest, so with `make prove` alone."""


@pytest.mark.thorough
@pytest.mark.usefixtures("no_power_cuts")
def test_every_row_of_the_bench_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its databases are copied here, as those of all tests: only `make bench` migrates them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    names = [name for name in BENCHES if is_thorough() or name not in OF_A_SERVER]
    main(["--smoke", *names], out=tmp_path)
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert said == names
    tables = (tmp_path / "bench.md").read_text(encoding="utf-8").split("\n\n")
    rows, took = (table.splitlines() for table in tables)
    count = ROWS + (ITS_ROWS if is_thorough() else 0)
    assert len(rows[2:]) == count
    assert all(row.count("|") == table[0].count("|") for table in (rows, took) for row in table)
    assert [row.split(" | ")[0] for row in took[2:]] == [f"| {name}" for name in (*names, "all")]
    assert took[-1].split(" | ")[1] == str(count)


def test_who_asks_for_help_is_told_the_names_and_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert set(BENCHES) <= set(capsys.readouterr().out.replace(",", " ").split())
    monkeypatch.setattr(sys, "argv", ["prove", "--help"])
    with pytest.raises(SystemExit) as ended:
        proving.main()
    assert ended.value.code == 0
    assert set(PROOFS) <= set(capsys.readouterr().out.replace(",", " ").split())


def test_a_program_that_ends_with_1_ends_the_bench_unless_it_is_doctor(tmp_path: Path) -> None:
    nothing = {"OTKLIK_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    for run in (EARNEST, SMOKE):
        assert run.spent("bot.cli.main", "doctor", **nothing).seconds > 0
        with pytest.raises(RuntimeError, match="why C1 ended with 1"):
            run.spent("bot.cli.main", "why", "C1", **nothing)
