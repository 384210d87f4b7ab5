import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.asking.survey import survey_app
from surveys.survey.catalog import catalog, source
from surveys.survey.loading import parse_survey
from surveys.survey.yaml_nodes import MAX_BYTES


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where no database is, unless a test makes one."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(survey_app, list(arguments))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.yaml"
    file.write_text(source("nps"), encoding="utf-8")
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.yaml"
    text = source("nps").replace("minutes: 1", "minutes: soon").replace("kind: text", "kind: essay")
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file_is_fine(good: Path) -> None:
    result = run("lint", str(good))
    assert result.exit_code == 0
    assert f"nps {catalog()['nps'].version} is fine" in result.stdout


def test_what_reads_badly_is_said_and_refuses_nothing(good: Path) -> None:
    text = good.read_text(encoding="utf-8").replace(
        "Почему Вы так считаете?", "Как Вам в {company}?"
    )
    good.write_text(text, encoding="utf-8")
    result = run("lint", str(good))
    assert result.exit_code == 0
    assert "questions.why.text: «в {company}» puts a name" in result.stderr
    [told] = json.loads(run("lint", "--json", str(good)).stdout)
    assert [one["field"] for one in told["advice"]] == ["questions.why.text"]


def test_every_mistake_of_every_file_is_on_stderr_with_its_place(good: Path, bad: Path) -> None:
    result = run("lint", str(bad), str(good), str(bad.parent / "none.yaml"))
    assert result.exit_code == 2
    first, second, third = result.stderr.splitlines()
    assert first == f"{bad}:7:10: minutes: Write a whole number here, without quotes."
    assert second.startswith(f"{bad}:33:11: questions.why.kind: Make kind one of nps, scale,")
    assert "no such file" in third
    assert "fine" in result.stdout


def test_scripts_get_json(good: Path, bad: Path) -> None:
    result = run("lint", "--json", str(good), str(bad))
    assert result.exit_code == 2
    fine, broken = json.loads(result.stdout)
    assert (fine["key"], fine["problems"]) == ("nps", [])
    assert broken["problems"][0]["line"] == 7
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        ("ключ: да".encode("cp1251"), "UTF-8"),
        (b"", "beginning with key"),
        (b"# " + "я".encode() * MAX_BYTES, "256 kB"),
        (b"x" + "я".encode() * (MAX_BYTES // 2), "256 kB"),
    ],
)
def test_a_file_that_is_no_survey_is_refused_without_a_traceback(
    tmp_path: Path, content: bytes, hint: str
) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    result = run("lint", str(file))
    assert result.exit_code == 2
    assert hint in result.stderr


@pytest.mark.parametrize("name", ["/", "a\0b", "", "x" * 5000])
def test_a_name_that_is_no_file_is_refused_without_a_traceback(name: str) -> None:
    result = run("lint", name)
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["properties"]["questions"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_catalog_is_listed_and_shown_in_each_language(language: str) -> None:
    listed = run("list", "--language", language).stdout
    for key, survey in catalog().items():
        assert key in listed
        shown = run("show", key, "--language", language).stdout
        assert getattr(survey.title, language) in shown
        for question in survey.questions:
            assert getattr(question.text, language) in shown


def test_a_catalog_file_can_be_had_to_edit(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(run("show", "loyalty", "--yaml").stdout, encoding="utf-8")
    assert catalog()["loyalty"].version in run("lint", str(file)).stdout


def test_looking_at_the_catalog_makes_no_database(tmp_path: Path) -> None:
    before = {*tmp_path.iterdir()}
    assert run("list").exit_code == 0
    assert run("show", "nps").exit_code == 0
    assert {*tmp_path.iterdir()} == before


def test_the_companys_own_are_listed_and_shown_and_can_be_published_again(tmp_path: Path) -> None:
    mine = source("loyalty").replace("key: loyalty", "key: ours", 1)
    reworded = source("nps").replace("Почему Вы так считаете?", "Почему именно так?")
    for name, text in (("mine", mine), ("reworded", reworded)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        assert run("publish", f"{name}.yaml").exit_code == 0
    lines = {line.split()[0]: line for line in run("list", "--language", "en").stdout.splitlines()}
    assert lines.keys() == {*catalog(), "ours"}
    assert lines["ours"].endswith("(your own, not asked yet)")
    assert parse_survey(mine).version in lines["ours"]
    assert lines["nps"].endswith("(your own version, not asked yet)")
    assert lines["loyalty"].endswith(catalog()["loyalty"].title.en)
    assert "Почему именно так?" in run("show", "nps", "--language", "ru").stdout
    for key, text in (("ours", mine), ("nps", reworded)):
        shown = run("show", key, "--yaml").stdout
        assert parse_survey(shown) == parse_survey(text)
        (tmp_path / "again.yaml").write_text(shown, encoding="utf-8")
        assert parse_survey(text).version in run("publish", "again.yaml").stdout
    assert run("show", "loyalty", "--yaml").stdout == source("loyalty")


def test_an_unknown_survey_is_named_with_those_there_are() -> None:
    result = run("show", "nope")
    assert result.exit_code == 2
    assert "nope" in result.stderr
    assert "loyalty" in result.stderr


def test_the_linter_speaks_russian(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_LANGUAGE", "ru")
    first, second = run("lint", str(bad)).stderr.splitlines()
    assert first == f"{bad}:7:10: minutes: Здесь нужно целое число без кавычек."
    assert second.startswith(f"{bad}:33:11: questions.why.kind: Сделайте kind одним из nps, scale,")
    assert "Write a whole number" in run("lint", "--json", str(bad)).stdout
