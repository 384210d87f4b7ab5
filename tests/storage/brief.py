"""Whether what is executed on the event loop finds its rows by keys: SQLite's plan of each."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, ExecutionContext, event

from storage.engine.statements import is_brief

_SCAN = re.compile(r"SCAN (?!.*VIRTUAL TABLE|found\b|(\d+ )?CONSTANT ROW|\(subquery)")
"""A whole table or index is read, not a list that was handed over or what was found so far."""


@contextmanager
def plans_looked_at() -> Iterator[set[str]]:
    """Fail at each brief statement that reads a whole table; give the statements looked at."""
    looked_at: set[str] = set()

    def look(
        connection: Connection,
        cursor: Any,  # noqa: ANN401 (any driver's)
        statement: str,
        parameters: Any,  # noqa: ANN401 (a row, or a list of them)
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        invoked = getattr(context, "invoked_statement", None)
        if connection.dialect.name != "sqlite" or invoked is None or not is_brief(invoked):
            return
        if statement in looked_at:
            return
        looked_at.add(statement)
        row = parameters[0] if parameters and isinstance(parameters[0], tuple) else parameters
        plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", row).fetchall()
        scans = [detail for *_, detail in plan if _SCAN.match(detail)]
        assert not scans, f"{scans} of a statement that is marked brief: {statement}"

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield looked_at
    finally:
        event.remove(Engine, "before_cursor_execute", look)
