"""`otklik forget` as it is typed."""

import json
from pathlib import Path

import pytest

from tests.cli.test_leaving import LIST, otklik
from tests.engines import database_in, rows


@pytest.fixture(autouse=True)
def _company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(LIST, encoding="utf-8")
    assert "New: 4" in otklik("import", "people", "people.csv").stdout


def test_a_customer_is_erased_once_and_staff_never(tmp_path: Path) -> None:
    assert otklik("forget", "7", "--yes").stdout == "Erased: answers 0, remarks 0.\n"
    again = otklik("forget", "7", "--yes")
    assert (again.exit_code, "no customer with the id 7" in again.stderr) == (2, True)
    assert otklik("forget", "M1", "--yes").exit_code == 2
    told = json.loads(otklik("forget", "8", "--json").stdout)
    assert told == {"answers": 0, "remarks": 0, "clean": True}
    url = database_in(tmp_path)
    assert rows(url, "SELECT external_id FROM people ORDER BY 1") == [("M1",), ("M2",)]
    assert rows(url, "SELECT count(*) FROM erasures") == [(2,)]


def test_at_a_terminal_nothing_is_erased_without_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.people.forgetting.asks_first", lambda **_: True)
    monkeypatch.setattr("bot.cli.people.forgetting.confirmed", lambda _: False)
    refused = otklik("forget", "7")
    assert (refused.exit_code, "Answers: 0, remarks: 0." in refused.stdout) == (1, True)
    assert otklik("leave", "7").exit_code == 0
