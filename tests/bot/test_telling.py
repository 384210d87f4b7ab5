"""Every error of the core can be told to a person in their language."""

import ast
import datetime as dt
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import bot
import scoring
import storage
import surveys
from bot.operations.history.refusals import RowsRefused
from bot.operations.lists.found import ListFound
from bot.operations.lists.lacking import ColumnsLacking
from bot.operations.lists.words import FileNotRead
from bot.operations.tables.problems import ColumnProblem
from bot.operations.tables.refusals import FileRefusal, FileRefused
from bot.telling import told
from surveys.errors import FileInvalid, Problem
from surveys.messages import Message, ToldError, mark, reason_of
from templates.catalog import read
from templates.texts import Texts

ROOT = Path(__file__).parents[2]
MOMENT = dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC)
SENTENCE = Message("there is no such file or folder")
VALUES: dict[str, object] = {
    "str": "что-то",
    "int": 1234,
    "datetime": MOMENT,
    "Path": Path("otklik.db"),
    "Message": SENTENCE,
    "str | Message": SENTENCE,
    "OSError": OSError(2, "No such file"),
    "OSError | Message": OSError(2, "No such file"),
    "collections.abc.Sequence[Message]": (SENTENCE,),
    "tuple[str, ...]": ("один", "два"),
    "tuple[int, ...]": (1, 2),
    "int | None": None,
}
MARKED = {"NotEnoughData": {"what": "share"}, "BadInput": {"problem": "must be above zero"}}


def _modules() -> Iterator[object]:
    for package in (surveys, scoring, storage):
        yield importlib.import_module(f"{package.__name__}.errors")
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _below(root: type[ToldError]) -> Iterator[type[ToldError]]:
    for one in root.__subclasses__():
        yield one
        yield from _below(one)


@cache
def errors() -> tuple[type[ToldError], ...]:
    list(_modules())
    ours = {one for one in _below(ToldError) if not one.__module__.startswith("tests.")}
    told_ones = (one for one in ours if one.template or one.messages is not ToldError.messages)
    return tuple(sorted(told_ones, key=lambda one: one.__qualname__))


GIVEN: dict[type[ToldError], tuple[object, ...]] = {
    FileInvalid: ((Problem(7, 10, "minutes", Message("Write a number here.")),),),
    FileNotRead: (FileRefused(FileRefusal.UNREADABLE, "permission denied"),),
    RowsRefused: ([ColumnProblem((2, 3, 4, 9), Message("there is no score"))],),
    ColumnsLacking: (ListFound(headings=["Телефон"], lacks=["external_id", "name"]),),
}
"""What the errors are made of that hold more than values."""


def _sample(kind: type[ToldError]) -> ToldError:
    for parent, given in GIVEN.items():
        if issubclass(kind, parent):
            return kind(*given)
    if kind.__init__ is ToldError.__init__:
        return kind()
    marked = MARKED.get(kind.__name__, {})
    positional: list[object] = []
    named: dict[str, object] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        if name == "template":
            positional += [] if kind.template else [mark("This is not JSON.")]
            continue
        value = marked.get(name, VALUES[_annotation(parameter)])
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    if re.search(r"\{said\}|\{reason\}", kind.template) and not positional:
        named["said"] = "что-то"
    return kind(*positional, **named)


def _annotation(parameter: inspect.Parameter) -> str:
    kind = parameter.annotation
    return (
        kind.__name__
        if isinstance(kind, type) and not hasattr(kind, "__args__")
        else re.sub(r"\b(surveys\.messages|pathlib|datetime)\.", "", str(kind))
    )


@cache
def russian_catalog() -> Catalog:
    return read("ru")


@pytest.mark.parametrize("kind", errors(), ids=lambda kind: kind.__qualname__)
def test_every_error_is_told_in_russian(kind: type[ToldError]) -> None:
    error = _sample(kind)
    russian, english = told(Texts("ru"), error), str(error)
    assert re.search("[а-яё]", russian, re.IGNORECASE)
    for said in (russian, english, told(Texts("en"), error)):
        assert said
        assert not re.search(r"\{\w+\}", said)
    for message in error.messages():
        if not re.fullmatch(r"(\{\w+\}|\W|OTKLIK_)*", message.template):
            translation = russian_catalog().get(message.template)
            assert translation is not None, message.template
            assert translation.string


@pytest.fixture(scope="module")
def calls() -> Sequence[tuple[Path, ast.Call]]:
    return [
        (path.relative_to(ROOT), node)
        for package in ("bot", "scoring", "storage", "surveys")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def test_no_error_is_made_of_a_finished_sentence(calls: Sequence[tuple[Path, ast.Call]]) -> None:
    """A sentence with its values in it could not be found by the catalogs, nor translated."""
    names = {kind.__name__ for kind in errors()} | {"Message", "mark", "mistake"}
    for path, call in calls:
        if ast.unparse(call.func).rpartition(".")[2] in names and call.args:
            first = call.args[0]
            assert not isinstance(first, ast.JoinedStr), f"{path}:{call.lineno}"


def test_every_text_is_asked_for_by_a_name_that_the_catalogs_know(
    calls: Sequence[tuple[Path, ast.Call]],
) -> None:
    """What is called on the result of a call, as in ``reader()("…")``, is never found."""
    for path, call in calls:
        if isinstance(call.func, ast.Call) and call.args and path.parts[0] == "bot":
            assert not isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}"


def test_values_are_written_as_the_reader_writes_them() -> None:
    message = Message(
        "{n} {sum} {list} {moment} {why}",
        {
            "n": 1234567,
            "sum": Decimal("0.5"),
            "list": ["а", 2],
            "moment": MOMENT,
            "why": reason_of(OSError(13, "Permission denied")),
        },
    )
    assert told(Texts("ru"), message) == (
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567 0,5 а, 2 22 ноября 2026, 05:30 UTC нет прав"
    )
    assert told(Texts("en"), message) == (
        "1,234,567 0.5 а, 2 22 November 2026, 05:30 UTC permission denied"
    )


def test_what_is_no_plain_number_is_shown_as_it_is() -> None:
    for odd in (float("nan"), float("inf"), 10**400):
        assert told(Texts("ru"), Message("{n}", {"n": odd})) == str(odd)


def test_braces_in_a_value_stay_what_they_are() -> None:
    assert str(Message("{a} {b}", {"a": "{b}", "b": "x"})) == "{b} x"
    assert told(Texts("ru"), Message("{a} {b}", {"a": "{b}", "b": "x"})) == "{b} x"
