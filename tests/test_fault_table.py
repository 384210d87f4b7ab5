"""Every fault that the documentation promises to survive names the tests that hold it."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
_HELD_BY = re.compile(r"`([\w/]+)::(\w+)`")
_FROM_OUTSIDE = "Telegram cannot be reached for more than a day"
_BOTH = ("database", "url", "empty_url", "world", "hidden")
"""Fixtures of the storage's tests that are there twice, once on each engine."""
_PARAMETERS = 'params=["sqlite", "postgresql"]'
_OF_ONE = (
    "the disk is full",  # of the file, or of the server's machine
    "a second program is started on the same SQLite database",
    "the database is removed, moved or replaced",
    "the database is damaged",
    "the power fails",
    "restoring a copy",
    "a copy",  # of a file or a server's: each has rows of its own
    "`pg_dump` is not on the machine",
    "a dump of a PostgreSQL database",
    "copies get into others' hands",
    "several databases keep their copies",
    "of several replicas on PostgreSQL",
    "a webhook, a page or an event reaches a replica",
    "a command is given on a machine on which several replicas run",
    "a replica on PostgreSQL",
    "the database's server is down",
    "a move to PostgreSQL",
    "the database server has no such database",
)
"""How faults begin that only one of the engines knows."""
_OF_NONE = (
    "a proxy refuses",
    "half-open calls",
    "an error repeats itself",
    "the standard output is full",
    "a list's quotation mark",
)
"""How faults begin that are over before any database is asked."""


def _rows() -> dict[str, list[tuple[str, str]]]:
    """Return fault → (file, beginning of the test's name) of the table in docs/delivery.md."""
    text = (TESTS.parent / "docs" / "delivery.md").read_text(encoding="utf-8")
    table = text.partition("| fault |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [line.strip("| ").split(" | ") for line in table]
    return {fault: _HELD_BY.findall(held) for fault, _, held in cells}


def test_every_promised_fault_is_held_by_tests_that_exist() -> None:
    rows = _rows()
    assert len(rows) > 20
    assert [fault for fault, held in rows.items() if not held] == [_FROM_OUTSIDE]
    missing = [
        f"{file}::{name}"
        for held in rows.values()
        for file, name in held
        if f"def test_{name}" not in (TESTS / f"{file}.py").read_text(encoding="utf-8")
    ]
    assert not missing


def test_one_test_of_each_fault_runs_on_both_engines() -> None:
    of_some = (*_OF_ONE, *_OF_NONE, _FROM_OUTSIDE)
    missing = [
        fault
        for fault, held in _rows().items()
        if not fault.startswith(of_some) and not any(_is_on_both(*one) for one in held)
    ]
    assert not missing


def _is_on_both(file: str, name: str) -> bool:
    text = (TESTS / f"{file}.py").read_text(encoding="utf-8")
    head = rf"(@on_both\n)?^(?:async )?def test_{name}\w*\(([^)]*)\)"
    found = re.search(head, text, re.MULTILINE)
    assert found, f"{file}::{name}"
    given = {one.partition(":")[0].strip() for one in found[2].split(",")}
    is_twice = file.startswith("storage/") or _PARAMETERS in text
    return bool(found[1]) or (is_twice and not given.isdisjoint(_BOTH))
