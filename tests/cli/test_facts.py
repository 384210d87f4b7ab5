"""`otklik facts` as it is typed."""

from pathlib import Path

import pytest

from bot.chat.criteria.fact_screens import saved
from bot.chat.privacy.consent_text_screens import asked_anew, sure_to_ask_anew
from templates.texts import Texts
from tests.cli.test_leaving import otklik


@pytest.fixture(autouse=True)
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.csv").write_text("month,customers_new\n2026-09,7\n", encoding="utf-8")
    assert otklik("import", "facts", "facts.csv").exit_code == 0


def test_a_month_is_read_as_the_file_reads_it() -> None:
    assert otklik("facts", "09.2026").stdout == otklik("facts", "2026-09").stdout
    assert ": 7" in otklik("facts", "2026-09").stdout


def test_facts_that_are_known_and_screens_of_nothing_say_so_in_words() -> None:
    assert "All of it is known already." in otklik("import", "facts", "facts.csv").stdout
    texts = Texts("ru")
    assert "Ничего не изменено." in saved(texts, "2026-09", 0).text
    assert sure_to_ask_anew(texts, "customers", 0).text.startswith("Пока никто не согласился.")
    assert "спрашивать заново некого" in asked_anew(texts, 0).text


def test_a_month_without_facts_says_so_and_what_is_no_month_is_refused() -> None:
    assert "Nothing has been told" in otklik("facts", "2026-08").stdout
    for wrong in ("2026-13", "September", "2026-Q3"):
        done = otklik("facts", wrong)
        assert (done.exit_code, f"“{wrong}” is no month" in done.stderr) == (2, True)
