"""Past answers as they come from a file, for tests that bring some in."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from storage.answering.history.rows import KeptAnswer, PastRows
from surveys.periods import containing

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def past_rows(rows: Iterable[Mapping[str, Any]]) -> PastRows:
    """Rows that say what is given, and of the rest something."""
    usual: dict[str, Any] = {
        "content": "",
        "customer": "C1",
        "at": AT,
        "answers": (KeptAnswer("recommend", "9", 9.0),),
        "touchpoint": "",
        "segment": None,
        "manager": None,
        "attributes": {},
    }
    whole = []
    for line, given in enumerate(rows):
        row = {"line": line, "key": str(line), "earlier_key": "", **usual, **given}
        month = containing(row["at"], "month", "Europe/Moscow")
        whole.append({"name": row["customer"], "month": month, **row})
    return PastRows(*([row[one.name] for row in whole] for one in fields(PastRows)))
