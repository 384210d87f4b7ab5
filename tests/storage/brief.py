"""Whether what is executed on the event loop finds its rows by keys: SQLite's plan of each."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.storage.heard import Heard, hearing

_SCAN = re.compile(r"SCAN (?!.*VIRTUAL TABLE|found\b|(\d+ )?CONSTANT ROW|\(subquery)")
"""A whole table or index is read, not a list that was handed over or what was found so far."""
_PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@contextmanager
def plans_looked_at() -> Iterator[set[str]]:
    """Fail at each brief statement that reads a whole table; give the statements looked at."""
    looked_at: set[str] = set()

    def look(heard: Heard) -> None:
        if heard.connection.dialect.name != "sqlite" or not heard.brief:
            return
        if heard.sql in looked_at or not heard.sql.startswith(_PLANNED):
            return
        looked_at.add(heard.sql)
        given = heard.parameters
        row = given[0] if given and isinstance(given[0], tuple) else given
        raw = heard.connection.connection.driver_connection
        assert raw is not None
        plan = raw.execute(f"EXPLAIN QUERY PLAN {heard.sql}", row).fetchall()
        scans = [detail for *_, detail in plan if _SCAN.match(detail)]
        assert not scans, f"{scans} of a statement that is marked brief: {heard.sql}"

    with hearing(look):
        yield looked_at
