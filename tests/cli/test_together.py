"""An option that would do nothing beside another one is refused by name, not passed over."""

import json
from pathlib import Path

import pytest

from storage.database import open_database
from storage.sending import digests
from tests.bot.test_operator import otklik
from tests.bot.world import START
from tests.engines import database_in
from tests.templates.pages import document

IDLE = (
    ("digest --schema --period 2026-08", ("--schema", "--period")),
    ("digest --sent --period 2026-08 --segment опт", ("--sent", "--segment")),
    ("digest --sent --period 2026-08 --team Север", ("--sent", "--team")),
    ("digest --sent --period 2026-08 --manager 7", ("--sent", "--manager")),
    ("digest --sent --period 2026-08 --campaign 7", ("--sent", "--campaign")),
    ("digest --sent --period 2026-08 --attribute a=b", ("--sent", "--attribute")),
    ("digest --sent --period 2026-08 --against 2026-07", ("--sent", "--against")),
    ("digest --sent --period 2026-08 --zone UTC", ("--sent", "--zone")),
    ("digest --sent --period 2026-08 --folder there", ("--sent", "--folder")),
    ("digest --folder there --format json", ("--folder", "--format")),
    ("digest --folder there --out digest.html", ("--folder", "--out")),
    ("campaign preview --file plan.yaml --segment опт", ("--file", "--segment")),
    ("campaign start --file plan.yaml --segment опт", ("--file", "--segment")),
    ("campaign links 1 --out links.csv --json", ("--json", "--out")),
    ("campaign compare --survey nps --campaign 1 2026-Q1 2026-Q2", ("--survey", "--campaign")),
    ("campaign baseline --forget", ("--forget", "WAVE")),
    ("survey show nps --yaml --language en", ("--yaml", "--language")),
    ("calc sample-size --margin 5 --power 0.9", ("--power", "--detect")),
    ("themes own.yaml --usual", ("--usual", "FILE")),
    ("themes --yaml --try слова", ("--yaml", "--try")),
    ("consent own.txt --usual", ("--usual", "FILE")),
    ("consent --template --ask-anew", ("--template", "--ask-anew")),
    ("links --out links.csv --json", ("--json", "--out")),
    ("links --for sms --json", ("--json", "--for")),
    ("links --conflicts --role customer", ("--conflicts", "--role")),
    ("links --revoke C1 --out links.csv", ("--revoke", "--out")),
    ("open-link --days 5", ("--days", "LABEL")),
    ("open-link counter --revoke 1", ("--revoke", "LABEL")),
    ("open-link counter --out card.html --json", ("--json", "--out")),
    ("leave M1 --back --to M2", ("--back", "--to")),
    ("leave M1 --to M2 --no-successor", ("--to", "--no-successor")),
    ("backup --list --out copy.db", ("--list", "--out")),
    ("demo --headless --host 0.0.0.0", ("--headless", "--host")),
    ("demo --headless --port 8000", ("--headless", "--port")),
    ("demo --headless --speed fast", ("--headless", "--speed")),
    ("demo --headless --open", ("--headless", "--open")),
    ("demo --headless --no-open", ("--headless", "--no-open")),
    ("restore --release --identity key.txt", ("--identity", "FILE")),
)


@pytest.mark.parametrize(("typed", "named"), IDLE)
def test_what_would_be_passed_over_is_refused(
    tmp_path: Path, typed: str, named: tuple[str, str]
) -> None:
    done = otklik(tmp_path, *typed.split())
    said = done.stderr + done.stdout
    assert done.returncode == 2, said
    assert all(one in said for one in named), said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == [], "it is refused before anything is done"


def test_in_russian_and_for_scripts(tmp_path: Path) -> None:
    done = otklik(tmp_path, "digest", "--schema", "--team", "Север", language="ru")
    assert done.stderr.strip() == "--schema и --team вместе не бывают: уберите один из них."
    done = otklik(tmp_path, "links", "--json", "--for", "sms", language="ru")
    assert json.loads(done.stdout) == {
        "error": "--json and --for do not go together: leave one of them out."
    }


async def test_a_sent_digest_goes_into_the_file_that_is_named(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database, database.transaction() as tx:
        await digests.keep(tx, "2026-08", json.dumps(document("sparse", "en")), START)
    asked = ("digest", "--sent", "--period", "2026-08")
    printed = otklik(tmp_path, *asked, "--format", "json")
    assert printed.returncode == 0, printed.stderr
    done = otklik(tmp_path, *asked, "--out", "sent.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "sent.json").read_text(encoding="utf-8") == printed.stdout
    refused = otklik(tmp_path, *asked, "--out", "sent.html")
    assert refused.returncode == 2
    assert "--sent" in refused.stderr
