"""What an answer is: reading it from typed text, buttons and storage, and its score.

A kind of question is one entry of `KINDS`; everything else here is the same for all kinds.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from surveys.errors import InvalidAnswer
from surveys.survey.cleaning import clean_text
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    NumberQuestion,
    Points,
    Question,
    ScaleQuestion,
    TextQuestion,
)

Answer = int | Decimal | str | bool | tuple[str, ...] | None
"""A point, an amount, words, an option's key, yes or no, or several options' keys; None:
skipped."""

Q = TypeVar("Q")
WithOptions = ChoiceQuestion | ChoicesQuestion


@dataclass(frozen=True, slots=True)
class QuestionKind(Generic[Q]):
    """How one kind of question is answered.

    `typed` and `tapped` turn a message's text and a button's payload into a value, `check` turns
    a value into a valid answer; each raises InvalidAnswer. `score` is what statistics use and
    `bounds` its range, None for kinds that are no numbers.
    """

    typed: Callable[[Q, str], object]
    tapped: Callable[[Q, str], object]
    check: Callable[[Q, object], Answer]
    score: Callable[[Q, Any], float] | None = None
    bounds: Callable[[Q], tuple[Decimal, Decimal]] | None = None


def from_text(question: Question, text: str) -> Answer:
    """Read the answer a person typed; raises InvalidAnswer."""
    words = clean_text(text)
    if not _visible(words):
        raise InvalidAnswer(code="empty")
    kind = KINDS[question.kind]
    return kind.check(question, kind.typed(question, words))


def from_option(question: Question, option: str) -> Answer:
    """Read the answer behind a button: "7", an option's key or index, "1" or "0" for yes or no."""
    kind = KINDS[question.kind]
    return kind.check(question, kind.tapped(question, option))


def toggle(question: ChoicesQuestion, current: tuple[str, ...], option: str) -> tuple[str, ...]:
    """Return the picked options after one more tap, in the question's order."""
    key = _option_key(question, option)
    picked = set(current) ^ {key}
    if question.at_most is not None and len(picked) > max(question.at_most, len(current)):
        raise InvalidAnswer(code="too_many", limit=question.at_most)
    return tuple(item.key for item in question.options if item.key in picked)


def check(question: Question, value: object) -> Answer:
    """Return the value as a valid answer (None, a skipped one, passes); raises InvalidAnswer."""
    return None if value is None else KINDS[question.kind].check(question, value)


def to_json(answer: Answer) -> str:
    """Write the answer for storage; amounts are JSON numbers with all their digits."""
    if isinstance(answer, Decimal):
        return f"{answer:f}"
    return _JSON.encode(answer)


_JSON = json.JSONEncoder(ensure_ascii=False)  # `dumps` would make one for each answer


def from_json(question: Question, stored: str) -> Answer:
    """Read what `to_json` wrote; raises InvalidAnswer when it does not fit the question."""
    try:
        value = json.loads(stored, parse_float=Decimal)
    except ValueError as error:
        raise InvalidAnswer(code="unreadable") from error
    return check(question, value)


def score(question: Question, answer: Answer) -> float | None:
    """Return the number that statistics use, in which reversed scales are turned.

    Yes is 1 and no 0; None for words, choices and skipped questions.
    """
    of_kind = KINDS[question.kind].score
    return None if of_kind is None or answer is None else of_kind(question, answer)


def bounds(question: Question) -> tuple[Decimal, Decimal] | None:
    """Return the least and the greatest possible score; None for kinds that are no numbers."""
    of_kind = KINDS[question.kind].bounds
    return None if of_kind is None else of_kind(question)


def _visible(text: str) -> bool:
    return any(unicodedata.category(sign) not in {"Cf", "Mn", "Zs", "Cc"} for sign in text)


_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
_UNSEEN = re.compile(r"[\ufe0f\u20e3\u200b-\u200f\u202a-\u202e\u2060-\u2069]")


def _typed_number(_question: object, text: str) -> Decimal:
    """Read a number as people write it: 7,5 and 1 000 and −3, in any script's digits."""
    plain = re.sub(r"(?<=\d)\s(?=\d{3})", "", _UNSEEN.sub("", text).strip())
    plain = plain.replace("−", "-").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise InvalidAnswer(code="not_a_number")
    return Decimal(plain)


def _typed_point(question: Points, text: str) -> Decimal:
    try:
        return _typed_number(question, text)
    except InvalidAnswer as error:
        raise InvalidAnswer(error.code, low=question.low, high=question.high) from error


_AMOUNT = re.compile(r"(?P<number>[^a-zа-яё%]*\d)\s*(?P<unit>[a-zа-яё%]+)\.?", re.IGNORECASE)
_STEM = 3
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*"
    r"(?P<decimals>(?!(?P=mark))[.,][0-9]{1,30})?"
)


def _typed_amount(question: NumberQuestion, text: str) -> Decimal:
    """Read a number with or without its unit, which may be shortened or declined: «45 мин»."""
    found = _AMOUNT.fullmatch(_UNSEEN.sub("", text).strip())
    if found and _is_unit(question, found["unit"]):
        text = found["number"]
    try:
        grouped = _with_thousands(question, text)
        return _typed_number(question, text) if grouped is None else grouped
    except InvalidAnswer as error:
        if error.code == "two_numbers":
            raise
        steps = (question.max - question.min) // question.step
        example = question.min + question.step * max(1, int(steps) // 20)
        code = "not_an_amount"
        raise InvalidAnswer(code, unit=question.unit, example=example) from error


def _with_thousands(question: NumberQuestion, text: str) -> Decimal | None:
    """Return a number whose marks may stand between thousands, None where they do not.

    «12,000» is twelve thousand to one reader and twelve to another: where the question takes both,
    nobody guesses.
    """
    written = text.strip()
    found = _GROUPED.fullmatch(written)
    if found is None:
        return None
    whole = Decimal(written.replace(found["mark"], "").replace(",", "."))
    if not _takes(question, whole):
        return None
    if written.count(found["mark"]) > 1 or found["decimals"]:
        return whole
    part = Decimal(written.replace(",", "."))
    if not _takes(question, part):
        return whole
    code = "two_numbers"
    raise InvalidAnswer(code, given=written, whole=f"{whole:f}", part=f"{part.normalize():f}")


def _takes(question: NumberQuestion, value: Decimal) -> bool:
    try:
        _amount(question, value)
    except InvalidAnswer:
        return False
    return True


def _is_unit(question: NumberQuestion, word: str) -> bool:
    """Tell whether a word is the question's unit in either language, by its beginning."""
    said = word.casefold()
    units = f"{question.unit.ru} {question.unit.en}".casefold().split()
    begun = [unit[:_STEM] for unit in units if len(unit) >= _STEM]
    return any(unit.startswith(said) for unit in units) or said.startswith(tuple(begun))


def _tapped_number(_question: object, option: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,4}", option):
        raise InvalidAnswer(code="unknown_option")
    return Decimal(option)


def _no_buttons(_question: object, _option: str) -> object:
    raise InvalidAnswer(code="unknown_option")


def _as_typed(_question: object, text: str) -> str:
    return text


def _in_range(value: object, low: Decimal, high: Decimal, step: Decimal) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidAnswer(code="unreadable")
    if not low <= value <= high:
        raise InvalidAnswer(code="out_of_range", low=low, high=high)
    if (value - low) % step:
        raise InvalidAnswer(code="wrong_step", step=step)
    return Decimal(value)


def _point(question: Points, value: object) -> int:
    return int(_in_range(value, *_ends(question), Decimal(1)))


def _ends(question: Points) -> tuple[Decimal, Decimal]:
    return Decimal(question.low), Decimal(question.high)


def _oriented(question: Points, point: int) -> float:
    turned = isinstance(question, ScaleQuestion) and question.reverse
    return float(question.low + question.high - point if turned else point)


def _amount(question: NumberQuestion, value: object) -> Decimal:
    return _in_range(value, question.min, question.max, question.step)


def _words(question: TextQuestion, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer(code="unreadable")
    if len(value) > question.max_length:
        raise InvalidAnswer(code="too_long", limit=question.max_length, length=len(value))
    return value


_YES_NO = {"да": True, "нет": False, "yes": True, "no": False}


def _typed_yes_no(_question: object, text: str) -> bool:
    try:
        return _YES_NO[text.casefold().rstrip(".!")]
    except KeyError as error:
        raise InvalidAnswer(code="use_buttons") from error


def _tapped_yes_no(_question: object, option: str) -> bool:
    if option not in {"0", "1"}:
        raise InvalidAnswer(code="unknown_option")
    return option == "1"


def _yes_or_no(_question: object, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidAnswer(code="unreadable")
    return value


def _typed_option(question: WithOptions, text: str) -> str:
    for option in question.options:
        if text.casefold() in {option.text.ru.casefold(), option.text.en.casefold()}:
            return option.key
    raise InvalidAnswer(code="use_buttons")


def _option_key(question: WithOptions, option: str) -> str:
    keys = [item.key for item in question.options]
    if option in keys:
        return option
    if re.fullmatch(r"[0-9]", option) and int(option) < len(keys):
        return keys[int(option)]
    raise InvalidAnswer(code="unknown_option")


def _one_option(question: WithOptions, value: object) -> str:
    if value not in [option.key for option in question.options]:
        raise InvalidAnswer(code="unknown_option")
    return str(value)


def _some_options(question: ChoicesQuestion, value: object) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise InvalidAnswer(code="unreadable")
    picked = {_one_option(question, item) for item in given}
    if not picked:
        raise InvalidAnswer(code="empty")
    if question.at_most is not None and len(picked) > question.at_most:
        raise InvalidAnswer(code="too_many", limit=question.at_most)
    return tuple(option.key for option in question.options if option.key in picked)


def _as_float(_question: object, answer: Decimal | bool) -> float:
    return float(answer)


KINDS: Mapping[str, QuestionKind[Any]] = {
    "nps": QuestionKind(_typed_point, _tapped_number, _point, _oriented, _ends),
    "scale": QuestionKind(_typed_point, _tapped_number, _point, _oriented, _ends),
    "number": QuestionKind(
        _typed_amount, _no_buttons, _amount, _as_float, lambda asked: (asked.min, asked.max)
    ),
    "yes_no": QuestionKind(
        _typed_yes_no, _tapped_yes_no, _yes_or_no, _as_float, lambda _: (Decimal(0), Decimal(1))
    ),
    "text": QuestionKind(_as_typed, _no_buttons, _words),
    "choice": QuestionKind(_typed_option, _option_key, _one_option),
    "choices": QuestionKind(_typed_option, _option_key, _some_options),
}
