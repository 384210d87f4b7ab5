"""The exports of eight tools are read as they come, and said to be theirs."""

import pytest

from bot.errors import Refused
from bot.operations.history.answers import History, lines_of, read_history
from bot.operations.history.exports import EXPORTS
from bot.operations.history.plan import plan_from
from bot.operations.history.row_keys import keys
from tests.bot.history.exports import LABELLED, MADE, Made, table


def read(made: Made) -> History:
    return read_history(made.content, plan_from(dict(made.options), None))


@pytest.mark.parametrize("name", MADE)
def test_an_export_is_recognised_and_read(name: str) -> None:
    made = MADE[name]
    found = read(made)
    assert found.sheet.tool == made.tool
    assert [row.score for row in found.rows] == [9, 4]
    assert tuple(row.date for row in found.rows) == made.dates
    assert tuple(row.line for row in found.rows) == made.lines
    assert tuple(sorted(lines_of(found.sheet.left_out))) == made.left_out


@pytest.mark.parametrize("name", [name for name, made in MADE.items() if made.ids[0]])
def test_an_answers_own_number_makes_it_the_same_in_every_export(name: str) -> None:
    made = MADE[name]
    plain = table([["id", "score", "date"], *([one, "9", "2025-03-04"] for one in made.ids)])
    found = read_history(plain, plan_from({"id": "id"}, None))
    assert keys(read(made).rows.marks(), "nps") == keys(found.rows.marks(), "nps")


def test_every_tool_is_in_the_corpus() -> None:
    assert {made.tool for made in MADE.values()} == {export.name for export in EXPORTS}


def test_the_ends_of_a_scale_may_stand_in_words() -> None:
    assert [row.score for row in read_history(LABELLED, plan_from({}, None)).rows] == [10, 0]


def test_a_question_is_named_by_its_code_or_by_its_words() -> None:
    content = MADE["qualtrics"].content
    for heading in ("Q2", "why?"):
        found = read_history(content, plan_from({"comment": heading}, None))
        assert [row.comment for row in found.rows] == ["good", "late\nagain"]


def test_a_column_under_another_ones_question_has_a_name() -> None:
    content = MADE["surveymonkey"].content
    plan = plan_from({"attribute": ["What do you use? / The service"]}, None)
    (_, second) = read_history(content, plan).rows
    assert list(second.attributes.values()) == ["The service"]


def test_an_apostrophe_before_a_phone_is_the_tools_and_not_the_customers() -> None:
    plan = plan_from({"customer": "Phone"}, None)
    assert read_history(MADE["typeform"].content, plan).rows[1].customer == "+56954886178"


def test_what_is_not_read_is_named() -> None:
    sheet = read(MADE["google forms"]).sheet
    assert sheet.unused == ["Email Address", "What should we do better?"]
    assert dict(sheet.columns)["date"] == "Timestamp"


def test_an_export_without_a_plain_question_says_whose_it_is_and_what_may_be_the_score() -> None:
    with pytest.raises(Refused) as refused:
        read_history(MADE["limesurvey"].content, plan_from({}, None))
    said = str(refused.value)
    assert "This is an export of LimeSurvey." in said
    assert "--score COLUMN" in said
    assert "These look like scores: «E01»." in said
    assert "--date" not in said


def test_limesurveys_1980_is_an_unknown_date_and_said_to_be_so() -> None:
    with pytest.raises(Refused) as refused:
        read_history(MADE["limesurvey without dates"].content, plan_from({"score": "E01"}, None))
    assert "lines 2–3: «1980-01-01 00:00:00» stands for an unknown date" in str(refused.value)
    assert "--on DAY" in str(refused.value)


def test_an_id_that_stands_there_twice_is_no_answers_number_unless_it_is_named() -> None:
    rows = [["Survey ID", "Timestamp (UTC)", "Score", "Comment"]]
    rows += [["form", f"2025-03-0{day} 20:30:00", "9", ""] for day in (1, 2)]
    assert len(read_history(table(rows), plan_from({}, None)).rows) == 2
    with pytest.raises(Refused, match="more than once"):
        read_history(table(rows), plan_from({"id": "Survey ID"}, None))
