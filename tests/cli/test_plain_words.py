"""What libraries say in English is said in the reader's language."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.terminal import asking
from bot.settings import SQLITE, Settings


def said(*arguments: str, language: str = "ru") -> str:
    done = CliRunner(env={"OTKLIK_LANGUAGE": language, "COLUMNS": "200"}).invoke(app, arguments)
    return done.output


def test_types_of_options_are_words() -> None:
    help_text = said("calc", "drivers", "--help")
    for name in ("<str>", "<int", "<float>", "<bool>", "<path>"):
        assert name not in help_text
    assert "<число>" in help_text
    assert "<number>" in said("calc", "drivers", "--help", language="en")


def test_the_catalog_is_shown_in_the_chosen_language() -> None:
    assert "Likelihood to recommend" in said("survey", "list", language="en")
    assert "Готовность рекомендовать" in said("survey", "list", language="ru")
    shown = said("survey", "show", "nps", language="en")
    assert "free text" in shown
    assert "How likely" in shown
    assert "How likely" in said("survey", "show", "nps", "--language", "en")


@pytest.mark.parametrize("case", ["reliability", "drivers", "ahp", "payback", "scorecard"])
def test_an_example_speaks_russian(case: str) -> None:
    words = said("calc", case, "--example").split()
    assert not {"recommend", "speed", "functionality", "call", "loyalty"} & set(words)
    assert "recommend" in said("calc", "drivers", "--example", language="en")


def test_a_yes_is_a_da(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("OTKLIK_LANGUAGE", "ru")
    given = iter(["что?", "Да", ""])
    asked: list[str] = []

    def answer(question: str, **_: object) -> str:
        asked.append(question)
        return next(given)

    monkeypatch.setattr(typer, "prompt", answer)
    assert asking.confirmed("Верно?")
    assert not asking.confirmed("Верно?")
    assert asked[0] == "Верно? [д/Н]"
    assert "Ответьте" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["themes", "consent", "calendar --file"])
def test_a_file_that_cannot_be_read_is_named_without_a_traceback(command: str) -> None:
    arguments = (*command.split(), "nowhere.txt")
    done = CliRunner(env={"OTKLIK_LANGUAGE": "ru"}).invoke(app, arguments)
    assert done.exit_code == 2
    assert done.output == "Не удаётся прочитать nowhere.txt: такого файла или папки нет.\n"


def test_an_address_of_an_earlier_settings_file_means_the_same(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    for address in (f"sqlite+aiosqlite:///{path}", f"sqlite:///{path}"):
        settings = Settings(_env_file=None, database_url=address)
        assert settings.database_url == f"{SQLITE}{path}" == f"sqlite:///{path}"
        assert settings.data_directory == tmp_path
