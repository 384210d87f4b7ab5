"""What is told of a low answer depends on no more of the answers than `told_by` names."""

from hypothesis import given
from hypothesis import strategies as st

from bot.operations.campaigns.low_score import LowScore, alert_text
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.definition import Survey, TextQuestion
from surveys.survey.low_answers import low_answers, lowest_is_of_manager, told_by
from surveys.survey.placeholders import Placeholders
from templates.texts import Texts
from tests.bot.persons import person
from tests.surveys.making import both, fields, survey
from tests.surveys.strategies import surveys, valid_answers

CUSTOMER = person(id=1, name="Anna")
MANAGER = person(id=2, name="Maria")
READER = person(id=3, name="Olga")
MADE = survey(
    fields("yes_no", "far"),
    fields("nps", "nps", alert_at=6),
    {
        **fields("scale", "speed", alert_at=2),
        "text": both("How fast is {manager}?"),
        "variants": [{"if": {"question": "far", "is": True}, "text": both("What was slow?")}],
    },
    fields("scale", "calm", alert_at="never"),
    fields("scale", "neat", alert_at=4),
    fields("text", "why", optional=True),
)


@given(st.data())
def test_an_alert_says_the_same_where_its_grounds_are_the_same(data: st.DataObject) -> None:
    asked = data.draw(st.just(MADE) | surveys())
    before = {
        one.key: data.draw(valid_answers(one))
        for one in asked.questions
        if data.draw(st.booleans())
    }
    changed = data.draw(st.sampled_from(asked.questions))
    after = {**before, changed.key: data.draw(valid_answers(changed))}
    low = low_answers(asked, before)
    if not low:
        return
    first = data.draw(st.sampled_from(low)).key
    if told_by(asked, before, first) == told_by(asked, after, first):
        assert _alert(asked, before, first) == _alert(asked, after, first)


def test_what_is_not_told_does_not_count() -> None:
    given_before: dict[str, Answer] = {"nps": 3, "speed": 5, "calm": 4}
    unsaid = {**given_before, "calm": 5}
    said = {**given_before, "speed": 1}
    assert told_by(MADE, given_before, "nps") == told_by(MADE, unsaid, "nps")
    assert told_by(MADE, given_before, "nps") != told_by(MADE, said, "nps")
    assert told_by(MADE, given_before, "calm") != told_by(MADE, unsaid, "calm")
    assert told_by(MADE, {**given_before, "why": "late"}, "nps") != told_by(MADE, unsaid, "nps")
    assert told_by(MADE, given_before, "nps") != told_by(MADE, {**given_before, "neat": 4}, "nps")
    low = {**given_before, "speed": 2, "calm": 2}
    assert told_by(MADE, low, "nps") != told_by(MADE, {**low, "calm": 1}, "nps")
    assert told_by(MADE, low, "nps") != told_by(MADE, {**low, "far": True}, "nps")


def _alert(asked: Survey, answers: dict[str, Answer], first: str) -> str:
    words = [answers.get(one.key) for one in asked.questions if isinstance(one, TextQuestion)]
    told = LowScore(
        customer=CUSTOMER,
        survey=asked,
        answers=answers,
        first=asked.question(first),
        before=3,
        low=low_answers(asked, answers),
        said=[],
        managers=[MANAGER],
        of_manager=lowest_is_of_manager(asked, answers),
        names=Placeholders("Company", "Anna", "Maria"),
    )
    asked_for = [flow.asks(asked, answers, one.text) for one in asked.questions]
    return f"{alert_text(Texts('en'), told, READER)}\n{words}\n{asked_for}"
