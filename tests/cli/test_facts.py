"""`otklik facts` as it is typed."""

from pathlib import Path

import pytest

from tests.cli.test_leaving import otklik


@pytest.fixture(autouse=True)
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.csv").write_text("month,customers_new\n2026-09,7\n", encoding="utf-8")
    assert otklik("import", "facts", "facts.csv").exit_code == 0


def test_a_month_is_read_as_the_file_reads_it() -> None:
    assert otklik("facts", "09.2026").stdout == otklik("facts", "2026-09").stdout
    assert ": 7" in otklik("facts", "2026-09").stdout


def test_a_month_without_facts_says_so_and_what_is_no_month_is_refused() -> None:
    assert "Nothing has been told" in otklik("facts", "2026-08").stdout
    for wrong in ("2026-13", "September", "2026-Q3"):
        done = otklik("facts", wrong)
        assert (done.exit_code, f"“{wrong}” is no month" in done.stderr) == (2, True)
