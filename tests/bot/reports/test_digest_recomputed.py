"""Every number of digest.json comes out of the database by another way.

The rows are read by the standard library's sqlite3 and put through plain formulas
(`recomputed`); nothing of storage or scoring takes part. That a page shows only numbers of
digest.json, another test holds (tests/templates/test_digest_numbers.py).
"""

import asyncio
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.operations.exports.chosen import FileForm, Wanted, What
from bot.operations.exports.writing import export
from tests.bot.reports.recomputed.casework import casework
from tests.bot.reports.recomputed.rows import NOW, Company, read
from tests.bot.reports.recomputed.scores import funnel, groups, nps_section, scorecard
from tests.bot.reports.recomputed.views import drivers, events, mirror, scales, words
from tests.bot.reports.recomputed.worth import index, money

METHOD = Path(__file__).parents[3] / "docs" / "method.md"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
NOT_COMPUTED = re.compile(
    r"/format|/(previous|period)/key|/nps/trend/\d+/key"
    r"|/method/(confidence|error|margins/\w+|minimum/\w+)|.*/(per_group|at_least_words|per_theme)"
    r"|.*/manager_id|.*/quotes/\d+/(day|score)"
)
"""Names, dates and what stands in the definitions; whose quotes are shown is a rule of its own."""
BY_CHANCE = re.compile(r"/drivers/drivers/\d+/(low|high)")
"""Ends of resamples: tests/scoring/rows/test_drivers.py."""
SECTIONS = (
    casework,
    scorecard, nps_section, groups, mirror, funnel, words, events, index, money, drivers, scales,
)  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return asyncio.run(read(tmp_path_factory.mktemp("everything")))


def _numbers(value: object, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _numbers(inner, f"{path}/{place}")
    elif isinstance(value, str):
        if path.startswith("/money") and NUMBER.fullmatch(value):
            yield path, float(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, float(value)


def test_every_number_comes_out_of_the_database_another_way(company: Company) -> None:
    told = {
        path: number
        for path, number in _numbers(company.document)
        if not NOT_COMPUTED.fullmatch(path) and not BY_CHANCE.fullmatch(path)
    }
    expected: dict[str, float] = {}
    for section in SECTIONS:
        expected |= {path: float(number) for path, number in section(company)}
    assert told.keys() == expected.keys()
    wrong = {
        path: (number, expected[path])
        for path, number in told.items()
        if number != pytest.approx(expected[path], rel=1e-6, abs=1e-6)
    }
    assert wrong == {}
    empty = {path.split("/")[1] for path in told} | {"format", "period", "previous"}
    assert {name for name, value in company.document.items() if value} - empty <= {
        "language", "company", "zone", "generated_at", "managers_by",
    }  # fmt: skip


def test_the_page_makes_them_again_from_an_exported_file(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Wanted(What.ANSWERS, FileForm.CSV, NOW)
    asyncio.run(export(company.url, wanted, "en", tmp_path / "answers.csv"))
    script = tmp_path / "page.py"
    pages = re.findall(r"```python\n(.*?)```", METHOD.read_text(encoding="utf-8"), re.DOTALL)
    script.write_text(next(page for page in pages if "answers.csv" in page), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = runpy.run_path(str(script))
    score = company.document["nps"]["score"]
    assert (found["nps"], found["low"], found["high"]) == pytest.approx(
        (score["value"], score["low"], score["high"]), abs=1e-5
    )
    [quality] = [
        row for row in company.document["scorecard"]["criteria"] if row["key"] == "service_quality"
    ]
    assert found["service_quality"] == pytest.approx(quality["current"]["value"])
    assert found["csat"] == pytest.approx(quality["beside"]["current"]["value"])
    for manager in company.document["managers"]:
        if manager["score"]:
            [shown] = found["by_manager"].xs(manager["name"], level="manager")
            assert shown == pytest.approx(manager["score"]["value"])
