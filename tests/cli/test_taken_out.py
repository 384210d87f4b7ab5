"""Whoever takes data out by the command line stands in the record of deeds with what and when."""

import asyncio
import json
import os
import pwd
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.cli.people import handing
from storage.database import open_database
from storage.people import link_conflicts, links, people, workspace
from storage.people.addresses import of_telegram
from storage.people.workspace import Workspace
from tests.bot.world import START
from tests.engines import database_in

PAST = (
    "id,date,score,comment\n7,2026-08-03,9,Всегда отвечают быстро и по делу\n"
    "8,2026-08-04,3,Долго ждали ответа и перезванивали сами\n"
)


def otklik(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(
        app, list(arguments), input=given, env={"OTKLIK_LANGUAGE": "en"}, catch_exceptions=False
    )


@pytest.fixture(autouse=True)
def _company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(
        "id,name,segment\n7,Анна,опт\n8,Борис,сети\n", encoding="utf-8"
    )
    (tmp_path / "past.csv").write_text(PAST, encoding="utf-8")
    assert not otklik("import", "people", "people.csv").exit_code
    assert not otklik("import", "history", "past.csv", "--survey", "nps").exit_code


def taken() -> list[str]:
    """Return what was taken out, the earliest first, as `otklik audit` tells it."""
    deeds = json.loads(otklik("audit", "--json").stdout)["deeds"]
    return [one["details"] for one in deeds[::-1] if one["what"] == "exported"]


def test_exports_stand_there_with_their_user_and_what_is_refused_does_not() -> None:
    user = pwd.getpwuid(os.getuid()).pw_name
    assert not otklik("export", "people", "--out", "p.csv").exit_code
    narrow = ("--period", "2026-08", "--survey", "nps", "--segment", "опт")
    assert not otklik("export", "answers", "--out", "a.csv", *narrow).exit_code
    for wrong in (
        ("people", "--period", "2026"),
        ("answers", "--survey", "none"),
        ("answers", "--period", "2999"),
    ):
        assert otklik("export", *wrong, "--out", "x.csv").exit_code == 2
    assert otklik("export", "answers", "--manager", "99", "--out", "x.csv").exit_code == 2
    for command in (("export", "answers", "--out", "x.csv"), ("digest", "--out", "x")):
        for nobodys in (("--segment", "no"), ("--team", "no"), ("--attribute", "no=1")):
            refused = otklik(*command, *nobodys)
            assert refused.exit_code == 2, (command, nobodys)
            assert "“no”" in refused.stderr
    assert "Known: опт, сети." in otklik("export", "answers", "--segment", "no").stderr
    assert not [*Path().glob("x*")]
    assert taken() == [
        f"people.csv user={user}",
        f"answers.csv 2026-08 segment=опт survey=nps user={user}",
    ]
    assert f"the command line ({user}): exported data (people.csv)" in otklik("audit").stdout


def test_what_the_bot_asks_for_is_noted_by_the_bot_alone() -> None:
    asked: dict[str, object] = {"what": "people", "form": "csv", "scope": {}}
    made = otklik("export", "people", "--out", "p.csv", "--asked", given=json.dumps(asked))
    assert not made.exit_code
    assert "Анна" in Path("p.csv").read_text("utf-8-sig")
    assert taken() == []


def test_a_digest_with_customers_words_and_what_is_kept_of_somebody_stand_there() -> None:
    for form in ("png", "json", "html"):
        out = ("--format", form, "--out", f"d.{form}")
        assert not otklik("digest", "--period", "2026-08", *out).exit_code
    assert "Долго ждали" in Path("d.json").read_text()
    assert not otklik("digest", "--period", "2026-07", "--format", "json", "--out", "e").exit_code
    assert not otklik("mydata", "7", "--out", "kept.txt").exit_code
    assert otklik("mydata", "nobody").exit_code == 2
    assert [one.rpartition(" ")[0] for one in taken()] == [
        "digest.json 2026-08",
        "digest.html 2026-08",
        "mydata",
    ]
    about = json.loads(otklik("audit", "--json", "--customer", "7").stdout)["deeds"]
    assert [(one["what"], one["about"]) for one in about] == [("exported", "Анна")]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("export", "answers", "--format", "csv", "--out", "a.xlsx"), "a.xlsx is called xlsx"),
        (("digest", "--format", "json", "--out", "a.html"), "--format says json"),
        (("digest", "--out", "a.docx"), "Say by --format"),
        (("export", "answers", "--out", "a.docx"), "Say by --format"),
        (("export", "answers", "--period", "2999"), "2999 has not begun yet"),
        (("criteria", "--period", "2999"), "2999 has not begun yet"),
        (("campaign", "compare", "--survey", "nps", "2026-08", "2999"), "2999 has not begun yet"),
    ],
)
def test_a_name_and_a_form_that_differ_and_a_period_ahead_write_no_file(
    command: tuple[str, ...], said: str
) -> None:
    refused = otklik(*command)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not list(Path().glob("*a.*"))
    assert taken() == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("links", "--out", "l.pdf"), "call the file so, not l.pdf"),
        (("links", "--for", "sms", "--out", "l.xlsx"), "Links are written as .csv, .txt:"),
        (("links", "--for", "viber"), "--for knows sms alone"),
        (("open-link", "counter", "--out", "l.pdf"), "call the file so, not l.pdf"),
        (("campaign", "links", "1", "--out", "l.pdf"), "call the file so, not l.pdf"),
    ],
)
def test_links_that_could_not_be_written_are_refused_before_they_are_made(
    command: tuple[str, ...], said: str
) -> None:
    refused = otklik(*command)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not [*Path().glob("l.*")]
    assert json.loads(otklik("open-link", "--json").stdout)["open_links"] == []


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize(
    "options", [(), ("--check",), ("--score", "nps.recommend", "--date", "answered_at")]
)
def test_exported_answers_are_no_past_ones_and_never_double(
    name: str, options: tuple[str, ...]
) -> None:
    assert not otklik("export", "answers", "--out", name).exit_code
    refused = otklik("import", "history", name, "--survey", "nps", "--yes", *options)
    assert refused.exit_code == 2
    assert "an export of this program itself" in refused.stderr
    assert "2 rows" in otklik("export", "answers", "--out", "again.csv").stdout


async def _hang_up(folder: Path) -> None:
    async with open_database(database_in(folder)) as database, database.transaction() as tx:
        await links.issue_open(tx, "counter", START, START + timedelta(days=9999), 500)
        await links.issue_open(tx, "page", START, START + timedelta(days=9999), None)
        person = await people.by_external(tx, "7")
        assert person is not None
        await link_conflicts.note(tx, "taken", of_telegram(1), START, person.id)


def test_what_came_of_nothing_is_said_in_words() -> None:
    assert "No rows: there is nothing of the kind.\n" in otklik("export", "cases").stdout
    told = otklik("event", "deal-closed", "--customer", "7", "--deal", "1").stdout
    assert told == "Kept; no campaign follows such an event.\n"


async def _name(folder: Path) -> None:
    async with open_database(database_in(folder)) as database, database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Берег", bot_username="otklik_bot"))


def test_links_in_a_terminal_are_lines_and_csv_for_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_name(tmp_path))
    assert otklik("open-link", "counter").stdout.startswith("id,name,role,")
    monkeypatch.setattr(handing, "is_read_by_a_person", lambda: True)
    name, address, hint = otklik("open-link", "counter").stdout.splitlines()
    assert (name, hint) == (
        "counter",
        "Links are shown this once: note them, or write a file by --out FILE.",
    )
    assert address.startswith("  https://t.me/")
    assert otklik("links", "--person", "7").stdout.startswith("Анна (7)\n  https://t.me/")
    assert not otklik("links").exit_code
    nobody = "Nobody to make a link for: everybody is in Telegram or was given one before.\n"
    assert otklik("links").stdout == nobody
    assert otklik("links", "--out", "l.csv").stdout == nobody
    assert "1 link in l.csv" in otklik("links", "--person", "7", "--again", "--out", "l.csv").stdout
    assert otklik("links", "--again", "--for", "sms", "--out", "s.csv").stdout == (
        "No link in s.csv.\n2 people have no phone and are not in it.\n"
    )


def test_links_are_shown_and_taken_back_in_sentences_and_as_json_for_scripts(
    tmp_path: Path,
) -> None:
    assert "no open link" in otklik("open-link").stdout
    assert otklik("links", "--conflicts").stdout == "Nothing to decide.\n"
    asyncio.run(_hang_up(tmp_path))
    shown = otklik("open-link").stdout.splitlines()
    [first] = [one for one in shown if "counter" in one]
    number = first.split()[0]
    assert "0 came of 500, until " in first
    assert otklik("open-link", "--revoke", number).stdout == (
        f"The open link {number} is invalid now.\n"
    )
    known = json.loads(otklik("open-link", "--json").stdout)["open_links"]
    assert [one["label"] for one in known] == ["page"]
    again = otklik("open-link", "--revoke", str(known[0]["number"]), "--json")
    assert json.loads(again.stdout) == {"revoked": known[0]["number"]}
    assert "came by the link or number of Анна." in otklik("links", "--conflicts").stdout
    told = json.loads(otklik("links", "--conflicts", "--json").stdout)["conflicts"]
    assert [one["kind"] for one in told] == ["taken"]
    assert otklik("links", "--revoke", "7").stdout == "Every link of 7 is invalid now.\n"


def test_a_digest_is_written_as_its_file_is_called() -> None:
    for name, begun in (
        ("d.json", b"{"),
        ("d.HTML", b"<!"),
        ("d.png", b"\x89PNG"),
        ("d.xlsx", b"PK"),
    ):
        assert not otklik("digest", "--period", "2026-08", "--out", name).exit_code
        assert Path(name).read_bytes().startswith(begun), name
    for name in ("d.txt", "d"):
        assert not otklik("digest", "--period", "2026-08", "--out", name).exit_code
        assert "NPS" in Path(name).read_text()
