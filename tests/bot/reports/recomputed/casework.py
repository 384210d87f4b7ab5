"""What stands in the section of cases."""

import math
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from scipy import stats

from tests import engines
from tests.bot.reports.recomputed.formulas import wilson
from tests.bot.reports.recomputed.rows import Company, Paths
from tests.bot.reports.recomputed.scores import estimate

START, END = (datetime(2026, month, 1, tzinfo=UTC) - timedelta(hours=3) for month in (9, 10))
"""September in Moscow."""
LEVEL = 0.95


def casework(company: Company) -> Paths:
    """Cases that were opened in September, those open at its end, those asked about in it."""
    known = engines.named_rows(company.url, "SELECT * FROM cases")
    opened = [one for one in known if START <= _at(one, "opened_at") < END]
    waiting = [
        one
        for one in known
        if _at(one, "opened_at") < END
        and (one["resolved_at"] is None or _at(one, "resolved_at") >= END)
    ]
    asked = [
        one for one in known if one["asked_at"] is not None and START <= _at(one, "asked_at") < END
    ]
    said = {answer: sum(one["recovered"] == answer for one in asked) for answer in ("yes", "no")}
    resolved = sum(
        one["resolved_at"] is not None and _at(one, "resolved_at") < END for one in opened
    )
    counts = {
        "opened": len(opened),
        "resolved": resolved,
        "open": len(waiting),
        "overdue": sum(_at(one, "due_at") <= END for one in waiting),
        "asked": len(asked),
        "recovered": said["yes"],
        "unanswered": len(asked) - said["yes"] - said["no"],
    }
    assert len(set(counts.values())) == len(counts), "each number has a value of its own"
    for name, number in counts.items():
        yield f"/casework/{name}", number
    yield from _response([_hours(one) for one in opened])
    yield from estimate("/casework/resolved_share", wilson(resolved, len(opened)), len(opened))
    yield from estimate("/casework/recovered_share", wilson(said["yes"], len(asked)), len(asked))


def _response(hours: list[float]) -> Paths:
    """The median, and the widest pair of ranks outside of which it lies at most so rarely."""
    n, ordered = len(hours), sorted(hours)
    rank = max(k for k in range(n) if 2 * stats.binom.cdf(k - 1, n, 0.5) <= 1 - LEVEL)
    numbers = {
        "value": median(ordered),
        "low": ordered[rank - 1],
        "high": ordered[n - rank],
        "n": n,
        "waiting": sum(math.isinf(one) for one in hours),
        "level": LEVEL,
    }
    for name, number in numbers.items():
        yield f"/casework/response/{name}", number


def _hours(case: dict[str, Any]) -> float:
    """How long the customer waited; for ever, where nobody had responded by September's end."""
    if case["first_response_at"] is None or _at(case, "first_response_at") >= END:
        return math.inf
    return (_at(case, "first_response_at") - _at(case, "opened_at")).total_seconds() / 3600


def _at(case: dict[str, Any], column: str) -> datetime:
    found = case[column]
    return found if isinstance(found, datetime) else datetime.fromisoformat(found)
