"""The analyst's frame: a digest's figures are made again from it, by the words of the page."""

import asyncio
import re
import runpy
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.operations.reports.answers import answers
from scoring.reports.drivers import drivers, scales
from scoring.rows import frame, groups
from scoring.rows.drivers import relative_weights
from scoring.rows.frame import COLUMNS, Frame
from scoring.rows.reliability import reliability
from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.counting.figures import digest_figures
from storage.database import open_database
from surveys.counts.figures import DigestFigures
from surveys.counts.recommending import nps_code
from surveys.periods import months_until, parse_period, previous
from surveys.survey import answers as codec
from surveys.survey.answers import bounds
from tests.engines import database_in
from tests.storage.world import NOW, World, add_customer

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-09", ZONE)
METHOD = Path(__file__).parents[3] / "docs" / "method.md"
PEOPLE = 72


@dataclass
class Company:
    """A database of one month, its answers as a frame and as the digest's counts."""

    url: str
    rows: Frame
    figures: DigestFigures


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    url = database_in(tmp_path_factory.mktemp("frame"))
    return asyncio.run(_company(url))


async def _company(url: str) -> Company:
    async with open_database(url) as database:
        world = await World.build(database)
        async with database.transaction() as tx:
            people = [
                await add_customer(tx, str(n), world.managers[n % 2], "ab"[n % 3 == 0])
                for n in range(PEOPLE)
            ]
            for key in ("nps", "service_quality"):
                wave = await campaigns.get_wave(tx, await world.wave(tx, key, NOW))
                given = {person: _sheet(world, key, person) for person in people}
                await past.record(tx, wave, world.definitions[key], "invitation", given)
        async with database.reading() as reader:
            months = months_until(PERIOD, ZONE, 1)
            before = previous(PERIOD, ZONE)
            figures = await digest_figures(reader, PERIOD, before, months, ZONE, "ru")
    return Company(url, await answers(url, "2026-09", NOW), figures)


def _sheet(world: World, key: str, person: int) -> list[PastAnswer]:
    """Everybody's own answers; every ninth leaves the last questions out."""
    asked = [one for one in world.surveys[key].questions if one.kind in {"nps", "scale"}]
    found = []
    for place, question in enumerate(asked[: 3 if person % 9 == 0 else None]):
        low, high = (int(end) for end in bounds(question) or (0, 0))
        value = Random(100 * person + place).randint(low, high)
        score = codec.score(question, value)
        at = NOW + timedelta(minutes=place)
        found.append(PastAnswer(question.key, codec.to_json(value), score, at))
    return found


def _counts(company: Company, measure: str) -> dict[float, int]:
    rows = company.figures.current.measures
    [found] = [row for row in rows if (row.measure, row.group_kind) == (measure, "all")]
    return dict(found.counts)


def test_the_columns_are_those_that_the_page_explains(company: Company) -> None:
    assert {name: str(kind) for name, kind in company.rows.dtypes.items()} == dict(COLUMNS)
    told = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", METHOD.read_text(), re.MULTILINE)
    named = [name for cell in told for name in re.findall(r"`(\w+)`", cell)]
    assert named == list(COLUMNS)


@pytest.mark.parametrize("measure", ["nps", "service_quality"])
def test_respondents_and_counts_are_the_digests(company: Company, measure: str) -> None:
    found = frame.respondents(company.rows, measure)
    assert frame.counted(found["score"]) == _counts(company, measure)


def test_the_page_makes_the_digests_figures_again(company: Company, tmp_path: Path) -> None:
    code, *_ = re.findall(r"```python\n(.*?)```", METHOD.read_text(), re.DOTALL)
    script = tmp_path / "page.py"
    script.write_text(code.replace("sqlite:///otklik.db", company.url))
    found: dict[str, Any] = runpy.run_path(str(script))
    scores = _counts(company, "nps")
    assert found["nps"] == pytest.approx(_nps(scores))
    quality = _counts(company, "service_quality")
    mean = sum(score * n for score, n in quality.items()) / sum(quality.values())
    assert found["service_quality"] == pytest.approx(mean)
    for row in company.figures.current.measures:
        if (row.measure, row.group_kind) == ("nps", "manager"):
            assert found["by_manager"][int(row.group)] == pytest.approx(_nps(dict(row.counts)))


def _nps(counts: dict[float, int]) -> float:
    codes = sum(n * ((score >= 9) - (score <= 6)) for score, n in counts.items())
    return 100 * codes / sum(counts.values())


def test_weights_bring_back_the_mix_of_invitations(company: Company) -> None:
    scores = frame.respondents(company.rows, "nps")
    found = groups.composition_weights(scores, {"a": 50, "b": 50})
    assert found["weight"].mean() == pytest.approx(1)
    assert found.groupby("stratum")["weight"].sum().to_list() == pytest.approx([PEOPLE / 2] * 2)


def test_rows_feed_drivers_and_reliability(company: Company) -> None:
    items = frame.by_item(company.rows, "service_quality")
    assert reliability(items).n == PEOPLE - items.isna().any(axis=1).sum()
    joined = items.join(frame.respondents(company.rows, "nps")["score"].rename("recommend"))
    found = relative_weights(joined, "recommend")
    assert list(found.frame().columns) == ["weight", "share", "low", "high", "correlation"]


def test_the_bot_serves_without_pandas() -> None:
    program = (
        "import sys; import bot.serving, bot.app, bot.jobs.loop, bot.telegram.receive; "
        "import bot.operations.registry; print({'numpy', 'pandas', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_early_and_late_stand_in_a_frame(company: Company) -> None:
    scores = frame.respondents(company.rows, "nps").assign(personal=True)
    late = scores.assign(late=scores.index % 3 == 0)
    found = groups.early_late(late)
    assert list(found.index) == ["early", "late", "difference"]
    assert found["n"].to_list() == [PEOPLE * 2 // 3, PEOPLE // 3, PEOPLE]
    early, after = (100 * scores["score"].map(nps_code).groupby(late["late"]).mean()).to_list()
    assert found["value"].to_list() == pytest.approx([early, after, after - early])


def test_firms_stand_in_a_frame_and_are_those_of_the_digest(company: Company) -> None:
    scores = frame.respondents(company.rows, "nps")
    of = (scores.index % 12).astype("Int64")
    joined = scores.assign(account_id=of)
    found = groups.by_firm(joined)
    assert found["n"].sum() == PEOPLE
    assert groups.clustered(joined).by_firm.mean == pytest.approx(found["score"].mean())


def test_what_the_digest_says_of_drivers_and_scales_is_that_of_the_frame(company: Company) -> None:
    """The digest counts who answered alike; here each respondent stands in a row."""
    items = frame.by_item(company.rows, "service_quality").dropna()
    recommend = frame.respondents(company.rows, "nps")["score"].rename("(nps)")
    found = relative_weights(items.join(recommend, how="inner"), "(nps)")
    told = drivers(company.figures)
    assert (told.n, told.needed) == (found.n, 10 * len(items.columns))
    assert told.r_squared == pytest.approx(found.r_squared)
    expected = {one.name: 100 * one.weight for one in found.drivers}
    assert {one.item: one.weight for one in told.drivers} == pytest.approx(expected)
    [scale] = [one for one in scales(company.figures) if one.key == "service_quality"]
    assert scale.alpha == pytest.approx(reliability(items).alpha)
    assert scale.n == len(items)
