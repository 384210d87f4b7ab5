"""Hostile words in every field: no page, message, table, template or terminal runs any of them."""

from html import escape
from pathlib import Path

import pytest

from tests.prove import hostile
from tests.prove.hostile import MARK, PAYLOADS
from tests.prove.proofs.hostile import looked_through


async def test_no_output_runs_a_payload(tmp_path: Path) -> None:
    found = await looked_through(tmp_path)
    assert found.run == []
    assert found.marked > 3 * len(PAYLOADS), "the payloads are in the outputs"


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if one.startswith(("<", '"', "</"))])
def test_a_page_that_escapes_nothing_is_found_out(payload: str) -> None:
    assert hostile.in_html(f"<p>{payload}</p>") or "<b>" in payload
    assert hostile.in_html(f"<p>{escape(payload)}</p><input value='{escape(payload)}'>") == []


def test_a_table_and_a_terminal_that_keep_everything_are_found_out() -> None:
    assert hostile.in_csv(f"a;b\n=1+{MARK};x\n")
    assert not hostile.in_csv(f"a;b\n'=1+{MARK};x\n")
    assert hostile.in_terminal(f"\x1b[31m{MARK}")
    assert hostile.in_message(f"x {MARK}", [{"type": "bold", "offset": 2, "length": len(MARK)}])
    assert hostile.in_html(f"<p>49{MARK}</p>")
