"""What the conditions of an edited question look like: pure functions to screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from surveys.messages import mark
from surveys.survey import editing_conditions as editing
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    Condition,
    NumberQuestion,
    Question,
    Survey,
    localized,
)
from templates.texts import Texts

_SHORT = 40
_IN_A_ROW = 5
_SEGMENTS = ("0–6", "7–8", "9–10")
"""The names of the tests of `editing.SEGMENTS`."""


@dataclass(frozen=True, slots=True)
class Target:
    """What depends on answers: a question by its place, or one of its wordings.

    Buttons call it by its `name`: ``s`` the question, ``v0`` its first wording, ``new`` a wording
    that is made by the first condition.
    """

    key: str
    place: int
    name: str

    @property
    def variant(self) -> int | None:
        """The number of the wording; None: the whole question."""
        return int(self.name[1:]) if self.name.startswith("v") else None

    @property
    def is_new(self) -> bool:
        """Whether the wording is still to be made."""
        return self.name == "new"


def target(survey: Survey, key: str, name: str) -> Target:
    """Return what a button names; raises LookupError where that is not there (any more)."""
    places = {one.key: place for place, one in enumerate(survey.questions)}
    found = Target(key, places[key], name)
    known = {f"v{number}" for number, _ in enumerate(survey.questions[found.place].variants)}
    if name not in {"s", "new", *known}:
        raise LookupError(name)
    return found


def conditions(texts: Texts, survey: Survey, of: Target) -> Screen:
    """Return what it depends on now: conditions are added, removed, joined."""
    present = editing.present(survey.questions[of.place], of.variant)
    words = [when(texts, survey, Condition.model_validate(part)) for part in present.parts]
    if of.variant is None:
        head = texts("When is question {n} asked?", n=of.place + 1)
    else:
        head = texts("When is this wording used?")
    lines = [f"<b>{head}</b>", "", *(f"• {literal(one)}" for one in words or [texts("always")])]
    rows: list[tuple[Button, ...]] = []
    if len(words) > 1:
        rows.append(
            (
                _button(_ticked(present.how == "all", texts("All must hold")), of, "all"),
                _button(_ticked(present.how == "any", texts("One is enough")), of, "any"),
            )
        )
    if of.variant is None or len(words) > 1:
        rows += [(_button(f"✗ {one}", of, f"x{number}"),) for number, one in enumerate(words)]
    rows.append((_button(texts("Add a condition"), of, "ask"),))
    return Screen("\n".join(lines), (*rows, _back(texts, of)))


def earlier(texts: Texts, survey: Survey, of: Target) -> Screen:
    """Return the questions on whose answers it may depend."""
    rows = tuple(
        (
            _button(
                f"{number}. {localized(one.text, texts.language)[:_SHORT]}", of, f"q{number - 1}"
            ),
        )
        for number, one in enumerate(survey.questions[: of.place], start=1)
    )
    return Screen(texts("On the answer to which question?"), (*rows, _back(texts, of)))


def of_answer(texts: Texts, survey: Survey, of: Target, place: int, hint: str = "") -> Screen:
    """Return what may be said of one answer."""
    asked = survey.questions[place]
    lines = [f"<b>{place + 1}. {literal(localized(asked.text, texts.language))}</b>", ""]
    lines.append(texts("Which answer?"))
    if hint:
        lines += ["", f"<b>{literal(hint)}</b>"]
    short: list[Button] = []
    whole: list[tuple[Button, ...]] = []
    segments: list[Button] = []
    for number, test in enumerate(editing.tests(asked)):
        label = _test(texts, asked, Condition.model_validate({"question": asked.key, **test}))
        button = _button(label, of, f"t{place}.{number}")
        if asked.kind == "nps" and number < len(_SEGMENTS):
            segments.append(_button(_SEGMENTS[number], of, f"t{place}.{number}"))
        elif not test.keys() & {"at_most", "at_least"}:
            whole.append((button,))
        else:
            short.append(button)
    rows: Rows = (*in_rows(segments), *whole, *in_rows(short))
    if isinstance(asked, NumberQuestion):
        bounds = (
            _button(texts("At most …"), of, f"most{place}"),
            _button(texts("At least …"), of, f"least{place}"),
        )
        rows = (*rows, bounds)
    return Screen("\n".join(lines), (*rows, _back(texts, of)))


def in_rows(buttons: Sequence[Button]) -> Rows:
    """Return short buttons, as many in a row as a phone has room for."""
    starts = range(0, len(buttons), _IN_A_ROW)
    return tuple(tuple(buttons[start : start + _IN_A_ROW]) for start in starts)


def _test(texts: Texts, asked: Question, test: Condition) -> str:
    """Write a test of the question that the page shows: «≤ 3», «7, 8», «was answered»."""
    if test.at_most is not None:
        return f"≤ {texts.number(test.at_most, None)}"
    if test.at_least is not None:
        return f"≥ {texts.number(test.at_least, None)}"
    if test.answered is not None:
        return texts("was answered") if test.answered else texts("was not answered")
    return ", ".join(_value(texts, asked, one) for one in test.in_ or (test.is_,))


def when(texts: Texts, survey: Survey, condition: Condition) -> str:
    """Return a condition in words: «answer 1 is at most 6 and answer 2 is Yes»."""
    for word, parts in ((texts("and"), condition.all), (texts("or"), condition.any)):
        if parts is not None:
            inner = [when(texts, survey, part) for part in parts]
            joined = [
                f"({one})" if part.question is None else one
                for one, part in zip(inner, parts, strict=True)
            ]
            return f" {word} ".join(joined)
    if condition.not_ is not None:
        return texts("not ({condition})", condition=when(texts, survey, condition.not_))
    numbers = {one.key: place for place, one in enumerate(survey.questions, start=1)}
    n = numbers[str(condition.question)]
    if condition.at_most is not None:
        value = texts.number(condition.at_most, None)
        return texts("answer {n} is at most {value}", n=n, value=value)
    if condition.at_least is not None:
        value = texts.number(condition.at_least, None)
        return texts("answer {n} is at least {value}", n=n, value=value)
    if condition.answered is not None:
        said = mark("question {n} was answered")
        if not condition.answered:
            said = mark("question {n} was not answered")
        return texts(said, n=n)
    asked = survey.questions[n - 1]
    values = ", ".join(_value(texts, asked, one) for one in condition.in_ or (condition.is_,))
    return texts("answer {n} is {value}", n=n, value=values)


def _value(texts: Texts, asked: Question, value: object) -> str:
    if isinstance(value, bool):
        return texts("Yes") if value else texts("No")
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion):
        words = {option.key: localized(option.text, texts.language) for option in asked.options}
        return words.get(str(value), str(value))
    return str(value)


def _button(label: str, of: Target, action: str) -> Button:
    return Button(label, MenuTap("q_when", (str(of.place), of.name, action)).pack())


def _ticked(is_so: bool, label: str) -> str:
    return f"✓ {label}" if is_so else label


def _back(texts: Texts, of: Target) -> tuple[Button, ...]:
    label = texts("‹ Back to the question")
    return (Button(label, MenuTap("q_words", (str(of.place),)).pack()),)
