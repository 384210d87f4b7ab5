"""What the import commands say to somebody whose file has no columns that they know."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bot.test_operator import otklik


def test_numbered_questions_do_not_look_like_scores(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(
        "who,timestamp,question,given\n"
        "anna,2026-03-18,1. I know what is expected of me in my daily work.,3\n"
        "anna,2026-03-18,2. I have what I need to do my work as it should be done.,8\n"
    )
    refused = otklik(tmp_path, "import", "history", "long.csv")
    assert refused.returncode == 2
    assert "These look like scores: «given»." in refused.stderr


def test_a_list_without_numbers_is_told_what_else_tells_people_apart(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Lead,FirstName,Email\n1,Ann,ann@example.org\n")
    refused = otklik(tmp_path, "import", "people", "people.csv")
    assert refused.returncode == 2
    assert "--identity email" in refused.stderr
    taken = otklik(tmp_path, "import", "people", "people.csv", "--identity", "email")
    assert "New: 1" in taken.stdout, taken.stderr


def test_a_refusal_is_json_for_scripts(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name,manager\n1,Ann,Nobody\n2,Bob,\n")
    refused = otklik(tmp_path, "import", "people", "people.csv", "--json")
    told = json.loads(refused.stdout)
    assert refused.returncode == 2
    assert (told["imported"], told["rows"], told["added"], told["refused"]) == (False, 2, 1, 1)
    assert told["problems"] == ["line 2: there is no manager “Nobody”"]
    (tmp_path / "past.csv").write_text("date,score\n2026-03-18,eleven\n")
    refused = otklik(tmp_path, "import", "history", "past.csv", "--json")
    assert refused.returncode == 2
    assert "line 2" in json.loads(refused.stdout)["error"]
    assert not refused.stderr


def test_the_rows_of_a_list_never_stand_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n")
    assert otklik(tmp_path, "import", "people", "people.csv", "--yes").returncode == 0
    (file,) = tmp_path.glob("*.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TRIGGER watches BEFORE INSERT ON import_rows"
            " BEGIN SELECT raise(ABORT, 'it stands in the file'); END"
        )
        connection.commit()
    (tmp_path / "people.csv").write_text("id,name\n1,Anna\n2,Bob\n")
    taken = otklik(tmp_path, "import", "people", "people.csv", "--yes")
    assert "New: 1. Changed: 1." in taken.stdout, taken.stderr
