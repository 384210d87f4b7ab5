"""One question of a survey changed with buttons: its texts, scale, options, place, condition. Pure.

Every change gives a draft that would pass as a file, or raises SurveyInvalid saying why not.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from surveys.counts.measures import NPS, side_of
from surveys.messages import Language
from surveys.survey.editing import SurveyDraft, from_data, to_data, with_questions

EditableKind = Literal["nps", "scale", "choice", "choices", "number", "text", "yes_no"]
Data = dict[str, Any]
FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 8
_UNLIKELY = {"ru": "точно не порекомендую", "en": "not at all likely"}
_LIKELY = {"ru": "точно порекомендую", "en": "extremely likely"}
_NO, _YES = {"ru": "совсем нет", "en": "not at all"}, {"ru": "полностью", "en": "completely"}
_TEXT = {"ru": "Новый вопрос", "en": "New question"}
NEW_TEXT: Final = (_TEXT["ru"], _TEXT["en"])
"""The wording of a question that nobody has worded yet, in both languages."""
_NEW: Mapping[EditableKind, Data] = {
    "nps": {"low_label": _UNLIKELY, "high_label": _LIKELY},
    "scale": {"low": 1, "high": 5, "low_label": _NO, "high_label": _YES},
    "choice": {},
    "choices": {},
    "number": {"unit": {"ru": "раз", "en": "times"}, "max": 100},
    "text": {"optional": True},
    "yes_no": {},
}
"""What a new question of each kind has beside its text, until it is changed."""


def _option(number: int) -> Data:
    return {
        "key": f"option_{number}",
        "text": {"ru": f"Вариант {number}", "en": f"Option {number}"},
    }


def added(draft: SurveyDraft, kind: EditableKind) -> SurveyDraft:
    """Return the draft with a new question at its end.

    The first one of recommending that customers are asked measures NPS: nobody adds it for less.
    """
    data = to_data(draft.survey)
    taken = {item["key"] for item in data["questions"]}
    number = len(taken) + 1
    while (key := f"question_{number}") in taken:
        number += 1
    new = {"key": key, "kind": kind, "text": _TEXT, **_NEW[kind]}
    if kind in {"choice", "choices"}:
        new["options"] = [_option(1), _option(2)]
    asked = draft.survey
    if kind == NPS and asked.audience == side_of(NPS) and not asked.measuring(NPS):
        new["measures"] = NPS
    return from_data({**data, "questions": [*data["questions"], new]}, draft.off)


def removed(draft: SurveyDraft, key: str) -> SurveyDraft:
    """Return the draft without a question."""
    data = to_data(draft.survey)
    left = [item for item in data["questions"] if item["key"] != key]
    return from_data(with_questions(data, left), draft.off - {key})


def moved(draft: SurveyDraft, key: str, step: int) -> SurveyDraft:
    """Return the draft with a question so many places further on; it stops at either end."""
    data = to_data(draft.survey)
    asked = data["questions"]
    place = next(i for i, item in enumerate(asked) if item["key"] == key)
    asked.insert(max(0, min(len(asked) - 1, place + step)), asked.pop(place))
    return from_data(data, draft.off)


def with_text(
    draft: SurveyDraft, key: str, part: str, language: Language, text: str
) -> SurveyDraft:
    """Return the draft with a text in one language.

    `part`: ``text``, ``low_label``, ``high_label``, ``unit``, ``option.N`` or
    ``variant.N``, N from 0.
    """

    def change(item: Data) -> None:
        name, _, number = part.partition(".")
        if name == "option":
            item["options"][int(number)]["text"][language] = text
        elif name == "variant":
            item["variants"][int(number)]["text"][language] = text
        else:
            item[name][language] = text
        if name == "text":
            item.pop("same_as", None)  # it declared the old wording the same

    return changed(draft, key, change)


def with_values(draft: SurveyDraft, key: str, **values: object) -> SurveyDraft:
    """Return the draft with other fields of a question; None takes a field away."""

    def change(item: Data) -> None:
        for name, value in values.items():
            item.pop(name, None)
            if value is not None:
                item[name] = value

    return changed(draft, key, change)


def with_option(draft: SurveyDraft, key: str) -> SurveyDraft:
    """Return the draft with one option more."""

    def change(item: Data) -> None:
        taken = {option["key"] for option in item["options"]}
        numbers = range(len(taken) + 1, len(taken) + MOST_OPTIONS + 2)
        free = next(one for one in numbers if f"option_{one}" not in taken)
        item["options"].append(_option(free))

    return changed(draft, key, change)


def without_option(draft: SurveyDraft, key: str, number: int) -> SurveyDraft:
    """Return the draft without one of the options; raises LookupError."""

    def change(item: Data) -> None:
        del item["options"][number]

    return changed(draft, key, change)


def option_earlier(draft: SurveyDraft, key: str, number: int) -> SurveyDraft:
    """Return the draft with an option one place earlier; raises LookupError."""

    def change(item: Data) -> None:
        options = item["options"]
        options.insert(max(0, number - 1), options.pop(number))

    return changed(draft, key, change)


def changed(draft: SurveyDraft, key: str, change: Callable[[Data], None]) -> SurveyDraft:
    """Return the draft with a question changed as data; raises UnknownQuestion, SurveyInvalid."""
    draft.survey.question(key)
    data = to_data(draft.survey)
    for item in data["questions"]:
        if item["key"] == key:
            change(item)
    return from_data(json.loads(json.dumps(data)), draft.off)
