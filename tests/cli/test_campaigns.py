"""`otklik campaign …`, `otklik why` and `otklik event` without a running bot."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from tests.bot.test_operator import otklik
from tests.engines import database_in

PEOPLE = (
    "id;name;role;segment;manager;Статус\n"
    "M1;Мария;manager;;;\n"
    "C1;Анна;customer;опт;M1;новый\n"
    "C2;=Борис;customer;сети;M1;\n"
)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A database with three people and a known bot."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    assert otklik(tmp_path, "import", "people", "people.csv").returncode == 0
    url = database_in(tmp_path)
    async with open_database(url) as database, database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Ромашка", bot_username="otklik_bot"))
    return tmp_path


def told(folder: Path, *arguments: str) -> dict[str, Any]:
    done = otklik(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


async def test_a_plan_waits_for_its_moment_and_is_stopped(folder: Path) -> None:
    plan = 'survey: nps\nwhen: {repeat: weekly, at: "10:00"}\naudience: {statuses: [новый]}\n'
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    started = told(folder, "campaign", "start", "--file", "plan.yaml")
    assert started["next_at"] is not None
    assert started["wave"] is None
    assert started["reasons"] == {"outside_audience": 1, "no_link": 1}
    number = str(started["campaign"])
    assert told(folder, "campaign", "pause", number)["state"] == "paused"
    assert told(folder, "campaign", "resume", number)["state"] == "running"
    ended = told(folder, "campaign", "cancel", number)
    assert (ended["state"], ended["next_at"]) == ("cancelled", None)
    refused = otklik(folder, "campaign", "resume", number)
    assert refused.returncode == 2
    assert "paused" in refused.stderr


async def test_a_campaign_after_events_says_that_nobody_is_invited_before(folder: Path) -> None:
    plan = "survey: service_request\nwhen: {event: deal-closed}\n"
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    done = otklik(folder, "campaign", "start", "--file", "plan.yaml")
    assert "nobody is invited before" in done.stdout
    assert "invited: " not in done.stdout


async def test_why_prints_titles_and_moments_of_the_company(folder: Path) -> None:
    assert "Likelihood to recommend" in otklik(folder, "why", "Анна").stdout
    (folder / "plan.yaml").write_text("survey: nps\nwhen: {repeat: daily, at: '10:00'}\n")
    done = otklik(folder, "campaign", "start", "--file", "plan.yaml")
    assert ", 10:00; if it were now" in done.stdout
    listed = otklik(folder, "campaign", "list").stdout
    assert "UTC" not in done.stdout + listed
    assert re.search(
        r"\d \w+ \d{4}, \d\d:\d\d, campaign 1 “Готовность рекомендовать”, nps: is running; by",
        listed.replace("\u00a0", " "),
    )


async def test_a_wave_s_links_are_a_table_without_formulas(folder: Path) -> None:
    started = told(folder, "campaign", "start", "nps")
    assert (started["invited"], started["by_link"]) == (0, 2)
    done = otklik(folder, "campaign", "links", str(started["wave"]), "--out", "links.csv")
    assert "2 links" in done.stdout
    with (folder / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["Анна", "'=Борис"]
    assert rows[0]["link"].startswith("https://t.me/otklik_bot?start=")
    done = otklik(folder, "campaign", "links", str(started["wave"]), "--out", "links.xlsx")
    assert (folder / "links.xlsx").read_bytes()[:2] == b"PK"
    why = told(folder, "why", "Анна")["people"]
    assert why[0]["ledger"][0]["outcome"] == "link_unused"
    assert "has not opened it yet" in otklik(folder, "why", "C1").stdout


async def test_events_are_told_and_mistakes_are_named(folder: Path) -> None:
    assert not told(folder, "event", "deal-closed", "--customer", "C1", "--deal", "5")["repeated"]
    assert told(folder, "event", "deal-closed", "--customer", "C1", "--deal", "5")["repeated"]
    for arguments, said in (
        (("event", "deal-closed", "--customer", "X"), "No customer"),
        (("campaign", "start"), "Name a survey"),
        (("campaign", "start", "nothing"), "There is no survey"),
        (("campaign", "status", "77"), "There is no campaign"),
        (("campaign", "links", "77"), "There is no wave"),
    ):
        done = otklik(folder, *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
