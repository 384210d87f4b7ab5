"""A file of past answers, brought in, and the digest made of it."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from bot.operations.history.answers import read_history
from bot.operations.history.importing import import_history
from bot.operations.history.plan import plan_from
from bot.operations.reports import digest as digest_document
from storage.database import Database

NOW = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)


BANK = {"score": "rating", "date": "survey_date", "id": "id", "segment": "market"}


Rows = list[dict[str, Any]]


def bank(count: int = 600) -> Rows:
    """Answers as a bank's export has them: short dates where a spreadsheet could read the day."""
    chance, rows = Random(7), []
    for number in range(count):
        day = date(2021, 1, 1) + timedelta(days=chance.randrange(365))
        short = f"{day.day}/{day.month}/{day.year % 100}"
        rows.append(
            {
                "id": 1000 + number,
                "market": chance.choice(("US", "UK", "MEX")),
                "survey_date": short if day.day <= 12 else day.strftime("%d/%m/%Y"),
                "month": day.month,
                "quarter": (day.month - 1) // 3 + 1,
                "rating": chance.choice((0, 5, 7, 8, 9, 10, 10, 10)),
            }
        )
    return rows


def file_of(
    rows: Iterable[Mapping[str, Any]], delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    table = io.StringIO()
    listed = list(rows)
    writer = csv.DictWriter(table, listed[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    return table.getvalue().encode(encoding)


async def bring(
    database: Database,
    content: bytes,
    columns: Mapping[str, Any],
    *,
    check: bool = False,
    again: bool = False,
) -> dict[str, Any]:
    plan = plan_from(columns, None)
    rows = read_history(content, plan).as_json()
    return await import_history(
        database,
        NOW,
        **rows,
        into={
            "survey": plan.survey,
            "question": plan.question,
            "scale": plan.scale,
            "scale_stated": plan.scale_stated,
        },
        skip_refused=plan.skip_refused,
        check=check,
        again=again,
    )


async def digest_of(url: str, period: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await digest_document.make(url, period, "ru", NOW)).json())
    return found


def nps_of(rows: Rows) -> tuple[int, float]:
    scores = [row["rating"] for row in rows]
    balance = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    return len(scores), 100 * balance / len(scores)


DAY = "2021-03-01"


def same_day(*scores: int, day: str = DAY, first_id: int = 0) -> Rows:
    """Every score given by 200 customers in turn, all on one day."""
    said = [(f"C{customer}", score) for score in scores for customer in range(200)]
    return [
        {"n": first_id + number, "c": customer, "s": score, "d": day}
        for number, (customer, score) in enumerate(said)
    ]


ORDER = {"score": "s", "date": "d", "customer": "c", "scale": "0-10"}


COUNTED = ("added", "changed", "unchanged", "refused")
