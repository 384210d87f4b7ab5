"""The headless demo: the same seed gives the same figures, and every answer went over the wire."""

import json
from pathlib import Path

import pytest

from scoring.criteria.scorecard import Criterion
from tests.demo.running import Demo, run_demo, with_survey

SMALL = ("--customers", "30", "--seed", "3")

EVERY_KIND = """questions:
  - key: visits
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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("demo") / "out", *SMALL)


def test_the_same_seed_gives_the_same_figures(demo: Demo, tmp_path: Path) -> None:
    assert run_demo(tmp_path / "again", *SMALL).digest() == demo.digest()


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
        elif kind == "choice":
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
    kept = {(row[1], row[2]): row[5] for row in demo.rows(ANSWERS) if row[4] in {"nps", "scale"}}
    typed_over = {place for place, option in last.items() if kept.get(place) != option}
    assert len(last) > 15
    assert len(typed_over) <= len(last) // 10


def test_the_summary_tells_what_people_did(demo: Demo) -> None:
    told = " ".join(demo.printed.split()).lower()
    for word in ("came by", "reminded", "changed their mind", "blocked", "expired"):
        assert word in told


def test_a_survey_as_it_stands_on_disk_is_what_is_asked(tmp_path: Path) -> None:
    source = with_survey(
        tmp_path / "source",
        "nps",
        [("questions:\n", EVERY_KIND), ("Насколько вероятно", "Скажите <честно>, вероятно ли")],
    )
    demo = run_demo(tmp_path / "out", "--customers", "20", "--seed", "5", source=source)
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
