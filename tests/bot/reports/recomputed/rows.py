"""The company's answers, read by the standard library."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from bot.operations.reports.digest import make
from tests import engines
from tests.bot.reports.recomputed.everything import build
from tests.bot.reports.recomputed.formulas import Change, Ends, mean_change, nps_change
from tests.engines import ON_POSTGRES, database_in

NOW, BEFORE = "2026-09", "2026-08"
INDICES = ("loyalty_index", "service_quality", "automation", "customer_accounting")
MONTH, MEASURES, AT = (
    (
        "to_char(answered_at AT TIME ZONE 'UTC', 'YYYY-MM')",
        "string_agg(measure, ',')",
        "to_char(answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00')",
    )
    if ON_POSTGRES
    else ("substr(answered_at, 1, 7)", "group_concat(measure)", "answered_at")
)
QUERY = f"""
SELECT invitations.id AS invitation, person_id, manager_id, segment, touchpoint, attributes,
       {AT.replace("answered", "reminded")} AS reminded_at,
       definitions.key AS survey, questions.key AS item, questions.kind, low, high,
       value, score, {AT} AS at, {MONTH} AS month,
       (SELECT {MEASURES} FROM question_measures
        WHERE question_id = questions.id) AS measures
FROM answers JOIN invitations ON invitations.id = invitation_id
JOIN questions ON questions.id = question_id
JOIN definitions ON definitions.id = questions.definition_id
ORDER BY answered_at
"""
Paths = Iterator[tuple[str, float]]
"""Where a number stands in the document, and what it should be."""


class Row(NamedTuple):
    """An answer with all that its invitation tells."""

    invitation: int
    person: int
    manager: int | None
    segment: str | None
    touchpoint: str
    attributes: str | None
    reminded: str | None
    survey: str
    item: str
    kind: str
    low: float | None
    high: float | None
    value: str
    score: float | None
    at: str
    month: str
    measures: str | None

    @property
    def points(self) -> float:
        """The answer on 0–100."""
        low, high = self.ends
        return 100 * ((self.score or 0.0) - low) / (high - low)

    @property
    def ends(self) -> Ends:
        return (0.0, 10.0) if self.kind == "nps" else (self.low or 0.0, self.high or 0.0)


@dataclass
class Company:
    """What the database holds, and what the digest of September says of it."""

    rows: list[Row]
    invited: list[dict[str, Any]]
    document: dict[str, Any]
    url: str

    def of(self, measure: str, month: str) -> list[Row]:
        """The answers to a measure's questions, oldest first."""
        mine = (row for row in self.rows if row.month == month and row.score is not None)
        return [row for row in mine if measure in (row.measures or "").split(",")]

    def items(self, measure: str, survey: str | None = None) -> dict[str, Ends]:
        rows = (row for month in (BEFORE, NOW) for row in self.of(measure, month))
        return {row.item: row.ends for row in rows if survey in {None, row.survey}}

    def points(self, measure: str) -> int:
        return round(sum(high - low for low, high in self.items(measure).values())) + 1

    def recommend(self, month: str) -> dict[int, Row]:
        """Everybody's latest answer to the NPS."""
        return {row.person: row for row in self.of("nps", month)}

    def nps(self, month: str) -> dict[int, float]:
        return {person: row.score or 0.0 for person, row in self.recommend(month).items()}

    def index(self, measure: str, month: str) -> dict[int, float]:
        """The means of those who answered all items."""
        given: dict[int, dict[str, float]] = {}
        for row in self.of(measure, month):
            given.setdefault(row.person, {})[row.item] = row.points
        whole = len(self.items(measure))
        return {person: fmean(own.values()) for person, own in given.items() if len(own) == whole}

    def changes(self) -> dict[str, Change]:
        """The changes of which the digest says a word: ten answers on both sides."""
        found = {"nps": nps_change(self.nps(BEFORE), self.nps(NOW))}
        for key in INDICES:
            before, after = self.index(key, BEFORE), self.index(key, NOW)
            if min(len(before), len(after)) >= 10:
                found[key] = mean_change(before, after, self.points(key))
        return found


async def read(folder: Path) -> Company:
    url = database_in(folder)
    await build(url)
    made = await make(url, NOW, "ru", datetime(2026, 10, 2, tzinfo=UTC))
    rows = [Row(*row) for row in engines.rows(url, QUERY)]
    invited = engines.named_rows(
        url,
        "SELECT invitations.*, definitions.key AS survey, audience FROM invitations "
        "JOIN definitions ON definitions.id = definition_id",
    )
    return Company(rows, invited, json.loads(made.json()), url)
