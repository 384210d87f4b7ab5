"""What must hold between the fields of a survey: keys, branches, indices, the closing text."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from surveys.counts.measures import side_of
from surveys.counts.recommending import NPS_SEGMENTS
from surveys.errors import InvalidAnswer
from surveys.messages import Message, mark
from surveys.survey.answers import bounds, check
from surveys.survey.definition import RATED, Condition, NumberQuestion, Question
from surveys.survey.placeholders import TOTAL

Location = tuple[int | str, ...]
Mistake = tuple[Location, Message]
_TOTAL = f"{{{TOTAL}}}"
_ALONE = {
    "customers": mark(
        "{measure} is counted from customers' answers alone: give this one a name of your own."
    ),
    "managers": mark(
        "{measure} is counted from managers' answers alone: give this one a name of your own."
    ),
}


def cross_check(data: Mapping[str, Any], questions: Mapping[int, Question]) -> Iterator[Mistake]:
    """Yield every mistake between fields with the location of the field to change.

    `data` is the survey as written, `questions` its valid questions by their index: what is wrong
    within one field hides no mistake between others.
    """
    written = data.get("questions")
    written = written if isinstance(written, list) else []
    keys = [_key(item) for item in written]
    yield from _repeated([("questions", i, "key") for i in range(len(keys))], keys, "key")
    for location, test in _tests(("questions",), written):
        yield from _branch(location, test, keys, questions)
    yield from _alerts(questions)
    yield from _indices(questions)
    yield from _sides(data.get("audience"), questions)
    yield from _own(data, questions, complete=len(questions) == len(keys))
    yield from _closing(data, questions, complete=len(questions) == len(keys))
    yield from _totals(data, questions, complete=len(questions) == len(keys))


def _key(item: object) -> str | None:
    key = item.get("key") if isinstance(item, dict) else None
    return key if isinstance(key, str) else None


def _repeated(
    locations: Sequence[Location], values: Sequence[str | None], field: str
) -> Iterator[Mistake]:
    for place, (location, value) in enumerate(zip(locations, values, strict=True)):
        if value is not None and value in values[:place]:
            yield (
                location,
                Message(
                    "Another question has this {field} already: choose a different one.",
                    {"field": field},
                ),
            )


def _tests(location: Location, written: object) -> Iterator[tuple[Location, Condition]]:
    """Find the readable tests of answers, wherever they stand in what was written."""
    if isinstance(written, dict):
        if "question" in written and (test := _test(written)):
            yield location, test
        for name, part in written.items():
            yield from _tests((*location, str(name)), part)
    elif isinstance(written, list):
        for number, part in enumerate(written):
            yield from _tests((*location, number), part)


def _test(written: dict[str, Any]) -> Condition | None:
    try:
        return Condition.model_validate(written)
    except ValidationError:
        return None


def _branch(
    location: Location,
    test: Condition,
    keys: Sequence[str | None],
    questions: Mapping[int, Question],
) -> Iterator[Mistake]:
    here = (*location, "question")
    if test.question not in keys:
        yield here, Message("There is no question with the key {key}.", {"key": test.question})
    elif (place := keys.index(test.question)) >= int(location[1]):
        yield (
            here,
            Message("A branch looks back only: name a question that is asked before this one."),
        )
    elif place in questions:
        yield from _operands(location, test, questions[place])


def _operands(location: Location, test: Condition, question: Question) -> Iterator[Mistake]:
    for name, limit in (("at_least", test.at_least), ("at_most", test.at_most)):
        if limit is not None and (message := _limit_mistake(question, limit)):
            yield (*location, name), message
    if test.is_ is not None and (message := _value_mistake(question, test.is_)):
        yield (*location, "is"), message
    for number, value in enumerate(test.in_ or ()):
        if message := _value_mistake(question, value):
            yield (*location, "in", number), message


def _limit_mistake(question: Question, limit: Decimal) -> Message | None:
    ends = bounds(question)
    if ends is None:
        return Message(
            "Answers to {question} are not numbers: use is, in or answered.",
            {"question": question.key},
        )
    if not ends[0] <= limit <= ends[1]:
        return Message(
            "Answers to {question} go from {low} to {high}.",
            {"question": question.key, "low": ends[0], "high": ends[1]},
        )
    return None


def _value_mistake(question: Question, value: bool | int | str) -> Message | None:
    try:
        check(question, value)
    except InvalidAnswer as error:
        if error.code == "out_of_range":
            return _limit_mistake(question, Decimal(value))
        return Message(
            "{question} (kind {kind}) is never answered so: check the value.",
            {"question": question.key, "kind": question.kind},
        )
    return None


def _alerts(questions: Mapping[int, Question]) -> Iterator[Mistake]:
    """Find points for an alert that the question's scale does not have."""
    for index, question in questions.items():
        point = question.alert_at if isinstance(question, RATED) else None
        ends = bounds(question)
        if isinstance(point, int) and ends is not None and not ends[0] <= point <= ends[1]:
            yield (
                ("questions", index, "alert_at"),
                Message(
                    "Answers to {question} go from {low} to {high}.",
                    {"question": question.key, "low": ends[0], "high": ends[1]},
                ),
            )


def _indices(questions: Mapping[int, Question]) -> Iterator[Mistake]:
    asked = list(questions.items())
    mirrors = [question.mirror for _, question in asked]
    yield from _repeated([("questions", i, "mirror") for i, _ in asked], mirrors, "mirror")
    measuring = [index for index, question in asked if "nps" in question.measures]
    for index in measuring[1:]:
        yield (
            ("questions", index, "measures"),
            Message("A survey measures nps with one question only."),
        )


def _sides(audience: object, questions: Mapping[int, Question]) -> Iterator[Mistake]:
    """Find the program's measures of the other side: a figure never pools customers and staff."""
    for index, question in questions.items():
        for name in question.measures:
            side = side_of(name)
            if side is not None and audience in _ALONE and side != audience:
                yield ("questions", index, "measures"), Message(_ALONE[side], {"measure": name})


def _own(
    data: Mapping[str, Any], questions: Mapping[int, Question], *, complete: bool
) -> Iterator[Mistake]:
    """Find named measures that no question counts in, and those named twice."""
    written = data.get("own_measures")
    written = written if isinstance(written, list) else []
    keys = [_key(item) for item in written]
    places: list[Location] = [("own_measures", i, "key") for i in range(len(keys))]
    yield from _repeated(places, keys, "key")
    asked = {name for question in questions.values() for name in question.measures}
    for place, key in zip(places, keys, strict=True):
        if complete and key is not None and key not in asked:
            yield place, Message("No question measures {key}: name it there.", {"key": key})


def _closing(
    data: Mapping[str, Any], questions: Mapping[int, Question], *, complete: bool
) -> Iterator[Mistake]:
    thanks = data.get("thanks")
    if complete and not any(question.kind == "nps" for question in questions.values()):
        for name in NPS_SEGMENTS:
            if isinstance(thanks, dict) and name in thanks:
                yield (
                    ("thanks", name),
                    Message("Only a survey with an nps question thanks by segment."),
                )
    remind, closes = data.get("remind_after_days", 4), data.get("closes_after_days", 14)
    if isinstance(remind, int) and isinstance(closes, int) and remind >= closes:
        location = "remind_after_days" if "remind_after_days" in data else "closes_after_days"
        yield (
            (location,),
            Message("Remind before the survey closes, or write remind_after_days: null."),
        )


def _totals(
    data: Mapping[str, Any], questions: Mapping[int, Question], *, complete: bool
) -> Iterator[Mistake]:
    """Find {total} outside the thanks, or where there are no numbers of one unit to add up."""
    for location, text in _texts((), data):
        if _TOTAL in text and location[0] != "thanks":
            yield location, Message("{total} stands in the thanks only.", {"total": _TOTAL})
    units = [one.unit for one in questions.values() if isinstance(one, NumberQuestion)]
    alike = len(units) > 1 and len({(unit.ru, unit.en) for unit in units}) == 1
    if complete and not alike:
        for location, text in _texts(("thanks",), data.get("thanks")):
            if _TOTAL in text:
                yield (
                    location,
                    Message(
                        "{total} adds up numbers: ask for two or more, all in one unit.",
                        {"total": _TOTAL},
                    ),
                )


def _texts(location: Location, written: object) -> Iterator[tuple[Location, str]]:
    """Find the texts, wherever they stand in what was written."""
    if isinstance(written, str):
        yield location, written
    elif isinstance(written, dict):
        for name, part in written.items():
            yield from _texts((*location, str(name)), part)
    elif isinstance(written, list):
        for number, part in enumerate(written):
            yield from _texts((*location, number), part)
