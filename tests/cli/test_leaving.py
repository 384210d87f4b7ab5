"""`otklik admin`, `leave` and `import people --complete` as they are typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app

LIST = (
    "id,name,role,manager\nM1,Мария,manager,\nM2,Пётр,manager,\n"
    "7,Анна,customer,M1\n8,Борис,customer,M1\n"
)


def otklik(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"OTKLIK_LANGUAGE": "en"})


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(LIST, encoding="utf-8")
    assert "New: 4" in otklik("import", "people", "people.csv").stdout
    return tmp_path


def test_an_admin_is_removed_but_never_the_last() -> None:
    for number, name in (("1", "Первый"), ("2", "Второй")):
        assert not otklik("admin", "add", number, "--name", name).exit_code
    assert "no longer an admin" in otklik("admin", "remove", "1").stdout
    assert otklik("admin", "list").stdout == "2  Второй\n"
    last = otklik("admin", "remove", "2")
    assert (last.exit_code, "last admin" in last.stderr) == (2, True)
    nobody = otklik("admin", "remove", "1")
    assert (nobody.exit_code, "otklik admin list" in nobody.stderr) == (2, True)


@pytest.mark.usefixtures("company")
def test_a_manager_leaves_only_when_the_customers_are_thought_of() -> None:
    refused = otklik("leave", "M1")
    assert (refused.exit_code, "--to ID" in refused.stderr) == (2, True)
    nobody = otklik("leave", "M1", "--to", "7")
    assert (nobody.exit_code, "Known: M2 Пётр." in nobody.stderr) == (2, True)
    done = otklik("leave", "M1", "--to", "M2")
    assert "Мария has left." in done.stdout
    assert "2 customers handed over." in done.stdout
    assert "is back" in otklik("leave", "M1", "--back").stdout
    assert "no manager now" in otklik("leave", "M2", "--no-successor").stdout
    assert "2 customers handed over." in otklik("leave", "M2", "--to", "M1").stdout


def test_a_complete_list_lets_go_who_is_not_on_it(company: Path) -> None:
    (company / "now.csv").write_text("id,name\n7,Анна\n", encoding="utf-8")
    (company / "bad.csv").write_text("id,name\n7,Анна\n8,\n", encoding="utf-8")
    looked = otklik("import", "people", "now.csv", "--complete", "--check")
    assert "1 person leaves." in looked.stdout
    bad = otklik("import", "people", "bad.csv", "--complete", "--skip-refused")
    assert (bad.exit_code, "every row must be good" in bad.stderr) == (2, True)
    assert "1 person leaves." in otklik("import", "people", "now.csv", "--complete").stdout
    again = otklik("import", "people", "now.csv", "--complete")
    assert "leaves" not in again.stdout
    back = otklik("import", "people", "people.csv")
    assert "Changed: 1" in back.stdout
