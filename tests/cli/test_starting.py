"""A command imports what it needs and nothing else: whoever typed it waits for that."""

import subprocess
from pathlib import Path

import pytest

from tests.forked import ROOT, STARTED

SAYING = """
import atexit, sys
atexit.register(lambda: print(sorted(sys.modules)))
from bot.cli.main import main
main()
"""


def _imported(folder: Path, *arguments: str) -> set[str]:
    done = subprocess.run(
        [STARTED, "-c", SAYING, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "OTKLIK_LANGUAGE": "ru"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return {name.strip("'") for name in done.stdout.splitlines()[-1].strip("[]").split(", ")}


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (("--help",), {"asyncio", "babel", "bot.cli.calc", "pydantic", "sqlalchemy", "sqlite3"}),
        (("calc", "nps", "1", "2", "3"), {"aiogram", "asyncio", "numpy", "pandas", "sqlalchemy"}),
        (
            ("doctor",),
            {
                "aiogram",
                "alembic",
                "babel",
                "bot.operations.campaigns",
                "cryptography",
                "jinja2",
                "numpy",
                "sqlalchemy.dialects.postgresql",
                "sqlalchemy.orm",
                "storage.people.people",
                "surveys.campaign.plan",
                "yaml",
            },
        ),
        (
            ("company",),
            {
                "bot.chat",
                "bot.jobs.campaigns",
                "bot.jobs.upkeep.restoring",
                "bot.operations.history.importing",
                "bot.operations.lists.people",
            },
        ),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_a_command_waits_for_nothing_that_it_does_not_need(
    tmp_path: Path, arguments: tuple[str, ...], unwanted: set[str]
) -> None:
    imported = _imported(tmp_path, *arguments)
    assert "bot.cli.main" in imported
    assert not unwanted & imported


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("bot.operations.lists.reading", {"aiogram", "pydantic", "sqlalchemy", "structlog"}),
        (
            "bot.operations.lists.people_file",
            {
                "asyncio",
                "bot.operations.tables.dates",
                "bot.operations.tables.html_tables",
                "charset_normalizer",
                "phonenumbers",
                "python_calamine",
                "sqlalchemy",
                "yaml",
                "zipfile",
            },
        ),
        ("bot.operations.registry", {"aiogram", "numpy", "rich", "structlog"}),
        (
            "bot.operations.reports.digest",
            {
                "bot.operations.reports.live",
                "numpy",
                "storage.asking.waves",
                "storage.counting.comparisons.comparing",
                "surveys.reports.comparison",
                "templates.digest.picture",
                "templates.digest.workbook",
                "templates.live.bar",
            },
        ),
    ],
)
def test_what_does_the_work_waits_for_nothing_that_it_does_not_need(
    tmp_path: Path, module: str, unwanted: set[str]
) -> None:
    done = subprocess.run(
        [STARTED, "-c", f"import sys, {module}; print(*sorted(sys.modules))"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.split())
    assert module in imported
    assert not unwanted & imported


def test_a_list_waits_for_no_survey_and_leaves_its_file_to_a_process_of_its_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "people.csv").write_text("id,name\nC1,Анна\nC2,Борис\n", encoding="utf-8")
    imported = _imported(tmp_path, "import", "people", "people.csv", "--yes")
    assert {"bot.operations.lists.taking", "storage.people.lists.people_import"} <= imported
    unwanted = {
        "bot.operations.campaigns",
        "bot.operations.leaving",
        "bot.operations.lists.people_file",
        "bot.operations.tables.tables",
        "phonenumbers",
        "storage.counting",
        "surveys.survey.catalog",
        "yaml",
    }
    assert not unwanted & imported
