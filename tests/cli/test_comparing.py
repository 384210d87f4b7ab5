"""`otklik campaign compare` and `baseline` without a running bot."""

import json
from pathlib import Path

from tests.bot.test_operator import otklik
from tests.cli.test_campaigns import folder, told

__all__ = ["folder"]


async def test_waves_are_compared_and_a_baseline_is_chosen(folder: Path) -> None:
    (folder / "plan.yaml").write_text("survey: nps\nlabel: before\n", encoding="utf-8")
    started = told(folder, "campaign", "start", "--file", "plan.yaml")
    number, first = str(started["campaign"]), str(started["wave"])
    told(folder, "campaign", "wave", number, "--label", "after")
    found = told(folder, "campaign", "compare", "--campaign", number)
    assert (found["before"]["label"], found["after"]["label"]) == ("before", "after")
    assert [row["why"] for row in found["measures"]] == ["not_asked"]
    done = otklik(folder, "campaign", "compare", first, first, "--language", "en")
    assert done.returncode == 0
    assert "These are the same answers twice." in done.stdout
    by_period = ("campaign", "compare", "--survey", "nps", "2026-Q1", "2026-Q2")
    assert told(folder, *by_period)["before"]["key"] == "2026-Q1"
    chosen = told(folder, "campaign", "baseline", first)["baselines"]
    assert [(row["survey"], str(row["wave"]), row["label"]) for row in chosen] == [
        ("nps", first, "before")
    ]
    assert told(folder, "campaign", "baseline", first, "--forget") == {"baselines": []}


async def test_what_cannot_be_compared_is_named(folder: Path) -> None:
    for arguments in (
        ("compare",),
        ("compare", "1", "2"),
        ("compare", "--campaign", "7"),
        ("compare", "--survey", "nps", "2026-Q1"),
        ("compare", "--survey", "nps", "autumn", "winter"),
        ("compare", "--survey", "nothing", "2026-Q1", "2026-Q2"),
        ("baseline", "7"),
    ):
        done = otklik(folder, "campaign", *arguments)
        assert done.returncode == 2, arguments
        assert done.stderr
        assert "Traceback" not in done.stderr


async def test_a_digest_counts_the_days_of_a_city(folder: Path) -> None:
    """It was refused: only names like America/New_York were taken, though others take cities."""
    options = ("--period", "2026-08", "--zone", "New York", "--format", "json")
    done = otklik(folder, "digest", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["zone"] == "America/New_York"
