"""The command line speaks its reader's language: help, mistakes, results, errors."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from typer import _click
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.cli.terminal.speaking import language
from templates.catalog import read
from templates.texts import unwrapped

CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
ENGLISH = re.compile(r"[A-Za-z]{2,}( [A-Za-z]{2,}){3,}")
"""Four Latin words in a row are a sentence; names, keys and commands are fewer."""


def run(*arguments: str, said: str = "ru") -> Result:
    environment = {"OTKLIK_LANGUAGE": said, "COLUMNS": "500"}
    return CliRunner().invoke(app, list(arguments), env=environment)


def commands(
    command: _click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], _click.Command]]:
    yield path, command
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize(
    ("environment", "settings_file", "expected"),
    [
        ({"OTKLIK_LANGUAGE": "en", "LANG": "ru_RU.UTF-8"}, "", "en"),
        ({"OTKLIK_LANGUAGE": "ru", "LANG": "en_US.UTF-8"}, "OTKLIK_LANGUAGE=en", "ru"),
        ({"LANG": "en_US.UTF-8"}, "#OTKLIK_LANGUAGE=en\nOTKLIK_LANGUAGE='ru'\n", "ru"),
        ({"LANG": "ru_RU.UTF-8"}, "#OTKLIK_LANGUAGE=en\n", "ru"),
        ({"LANG": "en_US.UTF-8"}, "", "en"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "ru_RU.UTF-8"}, "", "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "ru_RU", "LANG": "en_US.UTF-8"}, "", "ru"),
        ({"LANG": "C.UTF-8"}, "", "ru"),
        ({"LANG": "POSIX"}, "", "ru"),
        ({}, "", "ru"),
    ],
)
def test_the_setting_decides_then_the_locale_then_russian(
    environment: dict[str, str], settings_file: str, expected: str
) -> None:
    assert language(environment, settings_file) == expected


@cache
def catalogs() -> tuple[Catalog, Catalog]:
    """Read both: that they have what the tool finds, and nothing else, is in `test_catalog`."""
    return read("en"), read("ru")


def _helps(command: _click.Command) -> Iterator[str]:
    yield unwrapped(command.help or "")
    for parameter in command.params:
        if said := getattr(parameter, "help", None):
            yield said


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_help_text_has_a_russian_one(path: tuple[str, ...]) -> None:
    known, russian = catalogs()
    for text in filter(None, _helps(COMMANDS[path])):
        assert text in known, "the catalogs' tool does not find it"
        message = russian.get(text)
        assert message is not None
        assert CYRILLIC.search(str(message.string)), text


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_no_help_holds_an_english_sentence_for_a_russian_reader(path: tuple[str, ...]) -> None:
    shown = run(*path, "--help")
    assert shown.exit_code == 0
    assert "Использование:" in shown.stdout
    for word in ("Usage", "Options", "Arguments", "Commands", "[required]", "[default"):
        assert word not in shown.stdout
    assert not ENGLISH.search(shown.stdout)


def test_help_is_english_for_an_english_reader() -> None:
    shown = run("campaign", "--help", said="en").stdout
    assert "Usage: " in shown
    assert not CYRILLIC.search(shown)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["campain"], "Команды campain нет."),
        (["survey", "show"], "Не хватает: KEY."),
        (["survey", "list", "--lang", "ru"], "Параметра --lang нет; может быть, --language?"),
        (["campaign", "status", "third"], "campaign не подходит"),
        (["survey", "show", "nope"], "В каталоге нет опроса «nope»."),
        (["calc", "nps", "-1", "2", "3"], "Параметра -1 нет"),
        (["calc", "nps", "1 234", "10", "20"], "D не подходит: «1 234» — не целое число"),
        (["calc", "nps", "1", "2", "3.5"], "P не подходит: «3.5» — не целое число"),
        (["calc", "nps", "9" * 5000, "2", "3"], "слишком велико"),
        (["calc", "nps", "1", "2", "3", "4"], "Аргументов больше, чем команда принимает."),
        (["calc", "nps", "1", "2", "3", "--confidence", "much"], "«much» — не число"),
        (["calc", "nps", "1", "2", "3", "--confidence"], "После параметра --confidence нужно"),
        (["calc", "nps", "1", "2", "3", "--json=1"], "Параметр --json значения не принимает."),
        (["digest", "--format", "pdf"], "«pdf» — не из списка: html, json, text, png, xlsx."),
        (["import", "people", "f", "--column", "x"], "--column HEADING=FIELD не подходит: x"),
        (["calc", "nps", "1", "2", "3", "--confidence", "2"], "от 0,9 до 0,999, а не 2"),
        (["calc", "reliability", "none.csv"], "none.csv: такого файла или папки нет."),
    ],
)
def test_mistakes_are_told_in_russian(arguments: list[str], said: str) -> None:
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert "Traceback" not in shown.output


def test_a_file_that_one_may_not_read_is_told_in_russian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # the one who runs the tests may be root
    (tmp_path / "people.csv").touch()
    shown = run("import", "people", str(tmp_path / "people.csv"), said="ru")
    assert shown.exit_code == 2
    assert "file не подходит: нет прав" in shown.stderr


def test_results_are_written_as_a_russian_reads_them() -> None:
    shown = run("calc", "nps", "1000", "2000", "3000").stdout
    assert re.search(r"стандартная ошибка +0,96", shown)
    assert re.search(r"промоутеры +3\N{NO-BREAK SPACE}000", shown)
    assert "14 вопросов, 4 мин" in run("survey", "list").stdout


def test_what_scripts_read_is_the_same_in_every_language() -> None:
    for arguments in (["calc", "nps", "1", "2", "3", "--json"], ["survey", "schema"]):
        assert run(*arguments).stdout == run(*arguments, said="en").stdout
