"""Every fault that the documentation promises to survive names the tests that hold it."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
_HELD_BY = re.compile(r"`([\w/]+)::(\w+)`")
_FROM_OUTSIDE = "Telegram cannot be reached for more than a day"


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
