"""Random surveys and answers for properties."""

from decimal import Decimal

from hypothesis import strategies as st

from surveys.survey.answers import Answer
from surveys.survey.definition import Question, Survey
from tests.surveys.making import NEEDED, Fields, fields, survey

KINDS = tuple(NEEDED)


@st.composite
def conditions(draw: st.DrawFn, earlier: list[Fields], depth: int = 2) -> Fields:
    if depth and draw(st.booleans()):
        inner = conditions(earlier, depth - 1)
        join: str = draw(st.sampled_from(["all", "any", "not"]))
        parts: list[Fields] = draw(st.lists(inner, min_size=1, max_size=2))
        return {join: parts[0] if join == "not" else parts}
    asked = draw(st.sampled_from(earlier))
    tests: list[Fields] = [{"answered": draw(st.booleans())}]
    if asked["kind"] in {"nps", "scale"}:
        point = draw(st.integers(1, 5))
        tests += [{"is": point}, {"in": [point]}, {"at_least": point}, {"at_most": point}]
    if asked["kind"] in {"choice", "choices"}:
        tests += [{"is": "a"}, {"in": ["a", "b"]}]
    if asked["kind"] == "yes_no":
        tests.append({"is": draw(st.booleans())})
    return {"question": asked["key"], **draw(st.sampled_from(tests))}


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    asked: list[Fields] = []
    for number in range(draw(st.integers(1, 7))):
        item = fields(draw(st.sampled_from(KINDS)), f"q{number}", optional=draw(st.booleans()))
        if draw(st.booleans()) and asked:
            item["show_if"] = draw(conditions(asked))
        asked.append(item)
    return survey(*asked)


def valid_answers(question: Question) -> st.SearchStrategy[Answer]:
    by_kind: dict[str, st.SearchStrategy[Answer]] = {
        "nps": st.integers(0, 10),
        "scale": st.integers(1, 5),
        "number": st.integers(0, 60).map(Decimal),
        "choice": st.sampled_from(["a", "b", "c"]),
        "choices": st.sets(st.sampled_from("abc"), min_size=1).map(lambda s: tuple(sorted(s))),
        "text": st.text(st.characters(categories=["L"]), min_size=1),
        "yes_no": st.booleans(),
    }
    answers = by_kind[question.kind]
    return answers | st.none() if question.optional else answers
