"""The headless demo: the same seed gives the same figures, and every answer went over the wire."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.demo.company import invent
from bot.demo.history import write_history
from bot.demo.stage import START
from scoring.criteria.scorecard import Criterion
from storage.database import open_reading
from storage.tables.surveys import answers
from tests.demo.running import Demo, run_demo, with_survey

SMALL = ("--customers", "30", "--seed", "3")

LAST = "  - key: why\n"
EVERY_KIND = """  - key: visits
    kind: number
    unit: {ru: раз, en: times}
    min: 0
    max: 480
    text: {ru: "Сколько раз Вы к нам обращались?", en: "How often did you call us?"}
  - key: easy
    kind: yes_no
    text: {ru: "Было легко?", en: "Was it easy?"}
  - key: way
    kind: choice
    text: {ru: "Как Вы с нами связались?", en: "How did you reach us?"}
    options:
      - {key: phone, text: {ru: Телефон, en: Phone}}
      - {key: mail, text: {ru: Почта, en: Mail}}
  - key: good
    kind: choices
    text: {ru: "Что понравилось?", en: "What did you like?"}
    options:
      - {key: price, text: {ru: Цены, en: Prices}}
      - {key: people, text: {ru: Люди, en: People}}
"""

ANSWERS = """
SELECT CAST(addresses.address AS INTEGER), invitations.id, questions.position, questions.key,
       questions.kind, answers.value
FROM answers JOIN questions ON questions.id = answers.question_id
JOIN invitations ON invitations.id = answers.invitation_id
JOIN addresses ON addresses.person_id = invitations.person_id
WHERE invitations.message_id IS NOT NULL
"""

PAST = select(
    answers.c.invitation_id,
    answers.c.question_id,
    answers.c.value,
    answers.c.score,
    answers.c.answered_at,
).order_by(answers.c.id)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run for every test here, of a source tree in which a survey was written anew."""
    folder = tmp_path_factory.mktemp("demo")
    changes = (LAST, EVERY_KIND + LAST), ("Насколько вероятно", "Скажите <честно>, вероятно ли")
    source = with_survey(folder / "source", "nps", changes)
    return run_demo(folder / "out", *SMALL, source=source)


async def test_the_same_seed_writes_the_same_past(tmp_path: Path) -> None:
    """That a whole campaign gives the same figures again is in `make prove`."""
    written = []
    for name in ("one.db", "other.db"):
        url = f"sqlite:///{tmp_path / name}"
        await write_history(url, invent(12, 3, "ru"), START)
        async with open_reading(url) as database, database.reading() as reader:
            written.append(await reader.tuples(PAST))
    assert written[0] == written[1]
    assert len(written[0]) > 50


def test_every_answer_of_the_campaign_was_tapped_or_typed_in_the_chat(demo: Demo) -> None:
    answers = demo.rows(ANSWERS)
    acts = set()
    for entry in demo.journal():
        if entry["kind"] == "person" and entry["action"] in {"tap", "say"}:
            acts.add((entry["user_id"], entry.get("data") or entry["text"]))
    assert len(answers) > 30
    for person, invitation, position, _, kind, stored in answers:
        value = json.loads(stored)
        tapped = f"1:s:{invitation}:{position}:" if value is None else ""
        if kind in {"nps", "scale"}:
            tapped = f"1:a:{invitation}:{position}:{value}"
        elif kind == "yes_no":
            tapped = f"1:a:{invitation}:{position}:{int(value)}"
        elif kind in {"choice", "choices"}:
            tapped = f"1:a:{invitation}:{position}:"
        possible = {act for who, act in acts if who == person}
        assert str(value) in possible or any(act.startswith(tapped or "?") for act in possible)


def test_every_score_tapped_in_the_chat_is_in_the_database(demo: Demo) -> None:
    last: dict[tuple[int, int], str] = {}
    for entry in demo.journal():
        if entry["kind"] == "person" and entry["action"] == "tap":
            match entry["data"].split(":"):
                case ["1", "a", invitation, position, option]:
                    last[int(invitation), int(position)] = option
    rows = demo.rows(ANSWERS)
    kept = {(row[1], row[2]): row[5] for row in rows if row[4] in {"nps", "scale"}}
    scores = last.keys() - {(row[1], row[2]) for row in rows if (row[1], row[2]) not in kept}
    typed_over = {place for place in scores if kept.get(place) != last[place]}
    assert len(scores) > 15
    assert len(typed_over) <= len(scores) // 10


def test_the_summary_tells_what_people_did(demo: Demo) -> None:
    told = " ".join(demo.printed.split()).lower()
    for word in ("came by", "reminded", "changed their mind", "blocked", "expired"):
        assert word in told


def test_a_survey_as_it_stands_on_disk_is_what_is_asked(demo: Demo) -> None:
    shown = [
        entry["params"]["text"]
        for entry in demo.journal()
        if entry["kind"] == "call" and "text" in entry["params"]
    ]
    assert any("Скажите &lt;честно&gt;, вероятно ли" in text for text in shown)
    asked = {row[3] for row in demo.rows(ANSWERS)}
    assert {"visits", "easy", "way", "good", "recommend"} <= asked
    (finished,) = demo.rows(
        "SELECT count(*) FROM invitations WHERE state = 'finished' AND message_id IS NOT NULL"
    )
    assert finished[0] > 5
    assert demo.digest()["nps"]["n"] > 0


def test_all_eight_criteria_have_a_figure(demo: Demo) -> None:
    digest = demo.digest()
    measured = {row["key"] for row in digest["scorecard"]["criteria"] if row["current"]}
    told = {row["key"] for row in digest["scorecard"]["others"] if row["value"] is not None}
    assert {one.value for one in Criterion} <= measured | told
    assert digest["money"]["lacking"] == []
    index = digest["effectiveness"]["index"]
    assert index["consistency_ratio"] < 0.1
    assert len(set(index["weights"].values())) > 3
    assert digest["casework"]["resolved"]
    assert digest["casework"]["overdue"]
    assert digest["departures"]["told"]
    assert digest["departures"]["counted"]


def test_a_run_in_which_all_goes_well_logs_no_error_and_no_librarys_words(demo: Demo) -> None:
    lines = (demo.out / "bot.log").read_text(encoding="utf-8").splitlines()
    events = [line for line in lines if line.startswith("timestamp=")]
    assert "event='serving'" in events[0]
    assert "event='stopped'" in events[-1]
    assert [line for line in events if "level='info'" not in line] == []
    assert [line for line in lines if " INFO " in line] == []
    assert demo.rows("SELECT key FROM outbox WHERE key LIKE 'stopped:%'") == []
