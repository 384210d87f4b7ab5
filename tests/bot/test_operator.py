"""What the operator types: kind messages, exit code 2, no traceback, nothing half-written."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.bot.world import World
from tests.engines import database_in, of_sqlite, on_postgres


def otklik(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder with nothing but these settings."""
    environment = {key: value for key, value in os.environ.items() if "OTKLIK" not in key}
    environment["OTKLIK_LANGUAGE"] = "en"
    if on_postgres() and not (folder / "otklik.env").exists():
        environment["OTKLIK_DATABASE_URL"] = database_in(folder)
    environment |= {f"OTKLIK_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli.main", *arguments],
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_a_token_run_says_so_and_names_the_demo(tmp_path: Path) -> None:
    done = otklik(tmp_path, "run")
    assert done.returncode == 2
    assert "OTKLIK_BOT_TOKEN" in done.stderr
    assert "otklik demo" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "settings",
    [
        {"bot_token": "wrong"},
        {"bot_token": "123456789:" + "A" * 35, "api_url": "not an address"},
        {"bot_token": "123456789:" + "A" * 35, "messages_per_second": "100"},
        {"bot_token": "123456789:" + "A" * 35, "log_level": "LOUD"},
    ],
    ids=["token", "address", "rate", "level"],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    done = otklik(tmp_path, "run", **settings)
    assert done.returncode == 2
    assert "OTKLIK_" in done.stderr
    assert "AAAA" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_people_are_imported_all_or_none_and_again_without_a_change(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "Роль;ИД;Имя;Компания;Менеджер;Сегмент;Телефон\n"
        "менеджер;M1;Мария;;;;\n"
        "клиент;007;Анна;Берег;M1;опт;8 (912) 345-67-89\n",
        encoding="cp1251",
    )
    first = otklik(tmp_path, "import", "people", "people.csv")
    assert "New: 2" in first.stdout, first.stderr
    again = otklik(tmp_path, "import", "people", "people.csv")
    assert "New: 0. Changed: 0. Unchanged: 2" in again.stdout


def test_bad_rows_are_all_named_and_nothing_is_imported(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "id,name,role,phone,last_purchase\n1,Анна,boss,,\n2,,customer,,\n"
        "3,Вера,customer,12,\n4,Глеб,customer,,31.02.2026\n4,Дина,customer,,\n"
    )
    done = otklik(tmp_path, "import", "people", "people.csv")
    assert done.returncode == 2
    for line in ("line 2", "line 3", "line 4", "line 5"):
        assert line in done.stderr
    assert "Traceback" not in done.stderr


@of_sqlite("a file of another program")
def test_a_foreign_file_is_never_touched(tmp_path: Path) -> None:
    foreign = tmp_path / "other.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    connection.close()
    before = foreign.read_bytes()
    done = otklik(tmp_path, "campaign", "list", database_url=f"sqlite:///{foreign}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert foreign.read_bytes() == before


def test_links_are_printed_once_and_only_for_those_not_in_telegram(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\nC1,=HYPERLINK(1)\n")
    otklik(tmp_path, "import", "people", "people.csv")
    refused = otklik(tmp_path, "links")
    assert refused.returncode == 2
    assert "otklik run" in refused.stderr


def test_an_unknown_survey_names_the_known_ones(tmp_path: Path) -> None:
    done = otklik(tmp_path, "campaign", "start", "nsp")
    assert done.returncode == 2
    assert "nps" in done.stderr


def test_the_demo_never_clears_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    done = otklik(tmp_path, "demo", "--headless", "--out", str(tmp_path))
    assert done.returncode == 2
    assert (tmp_path / "mine.txt").read_text() == "keep me"


def test_the_settings_show_no_token_when_printed() -> None:
    secret = "123456789:" + "A" * 35
    assert secret not in repr(Settings(_env_file=None, bot_token=secret))


@of_sqlite("a server's database is for several programs")
async def test_a_second_program_on_the_same_database_says_so_and_leaves_it(world: World) -> None:
    settings = {
        "bot_token": world.sandbox.token,
        "api_url": world.sandbox.base_url,
        "database_url": world.settings.database_url,
    }
    async with world.bot():
        done = await asyncio.to_thread(otklik, world.settings.data_directory, "run", **settings)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert "otklik.db" in done.stderr
        await world.arrive("C1")
