from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import UnknownQuestion
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.catalog import catalog
from surveys.survey.definition import Condition, Question, Survey
from surveys.survey.flow import Answers
from tests.surveys.making import both, fields, survey
from tests.surveys.strategies import surveys, valid_answers

BRANCHED = survey(
    fields("nps", "score", measures="nps"),
    fields("text", "why", optional=True, show_if={"question": "score", "at_most": 8}),
    fields("yes_no", "call", show_if={"question": "why", "answered": True}),
    fields("choices", "topics"),
    fields("text", "about_a", show_if={"question": "topics", "is": "a"}),
)


def keys(answers: flow.Answers) -> list[str]:
    return [question.key for question in flow.visible(BRANCHED, answers)]


def test_a_question_waits_for_the_answer_its_condition_names() -> None:
    assert keys({}) == ["score", "topics"]
    assert keys({"score": 3}) == ["score", "why", "topics"]
    assert keys({"score": 3, "why": "slow"}) == ["score", "why", "call", "topics"]
    assert keys({"score": 9}) == ["score", "topics"]


def test_an_answer_that_became_irrelevant_decides_nothing() -> None:
    changed: dict[str, Answer] = {"score": 9, "why": "slow", "call": True}
    assert keys(changed) == ["score", "topics"]
    assert flow.irrelevant(BRANCHED, changed) == {"why", "call"}


def _next(survey: Survey, answers: Answers) -> Question | None:
    """Return the first visible question that was neither answered nor skipped."""
    return next((one for one in flow.visible(survey, answers) if one.key not in answers), None)


def test_a_skipped_question_counts_as_reached_but_not_as_answered() -> None:
    skipped: dict[str, Answer] = {"score": 3, "why": None}
    assert "call" not in keys(skipped)
    following = _next(BRANCHED, skipped)
    assert following is not None
    assert following.key == "topics"


def test_multiple_choice_is_tested_by_what_is_among_the_picked() -> None:
    assert "about_a" in keys({"score": 9, "topics": ("a", "c")})
    assert "about_a" not in keys({"score": 9, "topics": ("b", "c")})


def test_back_and_forth_pass_over_invisible_questions() -> None:
    answers: dict[str, Answer] = {"score": 9}
    following = flow.after(BRANCHED, answers, "score")
    assert following is not None
    assert following.key == "topics"
    earlier = flow.before(BRANCHED, answers, "topics")
    assert earlier is not None
    assert earlier.key == "score"
    assert flow.before(BRANCHED, answers, "score") is None
    assert flow.after(BRANCHED, answers, "topics") is None


def test_an_invisible_question_still_has_a_place_to_go_on_from() -> None:
    following = flow.after(BRANCHED, {"score": 9}, "why")
    assert following is not None
    assert following.key == "topics"


def test_progress_counts_what_is_visible_now() -> None:
    assert flow.progress(BRANCHED, {}, "score") == (1, 2)
    assert flow.progress(BRANCHED, {"score": 3}, "why") == (2, 3)


def test_an_unknown_key_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownQuestion, match="nothing"):
        flow.after(BRANCHED, {}, "nothing")


@pytest.mark.parametrize(
    ("score", "ending"),
    [(0, "first"), (6, "first"), (7, "highest"), (8, "highest"), (9, "most"), (10, "most")],
)
def test_the_follow_up_is_worded_by_segment(score: int, ending: str) -> None:
    why = catalog()["nps"].question("why")
    assert ending in flow.wording(why, {"recommend": score}).en


def test_thanks_are_by_segment_and_fall_back() -> None:
    asked = survey(
        fields("nps", "score"), thanks={"default": both("d"), "detractor": both("sorry")}
    )
    assert flow.thanks(asked, {"score": 6}).ru == "sorry"
    assert flow.thanks(asked, {"score": 7}).ru == "d"
    assert flow.thanks(asked, {}).ru == "d"


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        ({"question": "q", "is": 5}, True),
        ({"question": "q", "in": [1, 2]}, False),
        ({"question": "q", "at_least": 5}, True),
        ({"question": "q", "at_least": 6}, False),
        ({"question": "q", "at_most": 5}, True),
        ({"question": "q", "answered": False}, False),
        ({"question": "none", "answered": False}, True),
        ({"question": "none", "at_most": 9}, False),
        ({"not": {"question": "q", "is": 5}}, False),
        ({"all": [{"question": "q", "is": 5}, {"question": "none", "is": 1}]}, False),
        ({"any": [{"question": "q", "is": 5}, {"question": "none", "is": 1}]}, True),
    ],
)
def test_conditions(condition: dict[str, object], true: bool) -> None:
    assert flow.holds(Condition.model_validate(condition), {"q": 5}) is true


@given(surveys(), st.data())
def test_answering_always_comes_to_an_end(asked: Survey, data: st.DataObject) -> None:
    """Whatever is answered, skipped or gone back to first, going on reaches the end."""
    answers: dict[str, Answer] = {}
    here = flow.after(asked, answers, None)
    for _ in range(data.draw(st.integers(0, 10))):
        if here is None:
            break
        if data.draw(st.booleans()):
            here = flow.before(asked, answers, here.key) or here
        else:
            answers[here.key] = data.draw(valid_answers(here))
            here = flow.after(asked, answers, here.key)
    steps = 0
    while (here := _next(asked, answers)) is not None:
        answers[here.key] = data.draw(valid_answers(here))
        steps += 1
    assert steps <= len(asked.questions)
    assert _next(asked, answers) is None


@given(surveys(), st.data())
def test_what_is_visible_depends_on_earlier_answers_only(
    asked: Survey, data: st.DataObject
) -> None:
    answers = {item.key: data.draw(valid_answers(item)) for item in asked.questions}
    shown = flow.visible(asked, answers)
    order = [asked.questions.index(item) for item in shown]
    assert order == sorted(set(order))
    cut = data.draw(st.integers(0, len(asked.questions)))
    known = {item.key: answers[item.key] for item in asked.questions[:cut]}
    before = set(asked.questions[: cut + 1])
    assert before & set(flow.visible(asked, known)) == before & set(shown)


@given(surveys(), st.data())
def test_back_undoes_forward(asked: Survey, data: st.DataObject) -> None:
    answers = {item.key: data.draw(valid_answers(item)) for item in asked.questions}
    shown = flow.visible(asked, answers)
    for position, (left, right) in enumerate(pairwise(shown), start=1):
        assert flow.after(asked, answers, left.key) == right
        assert flow.before(asked, answers, right.key) == left
        assert flow.progress(asked, answers, left.key) == (position, len(shown))
