"""What belongs to a survey as a whole, changed with buttons: title, thanks, timing. Pure.

Every change gives a draft that would pass as a file, or raises SurveyInvalid saying why not.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from surveys.counts.measures import side_of
from surveys.messages import Language
from surveys.survey.definition import LocalText, Survey
from surveys.survey.editing import SurveyDraft, from_data, to_data
from surveys.survey.editing_questions import NEW_TEXT

WORDS: Final = ("title", "sees", "thanks.default")
BY_SEGMENT: Final = ("thanks.detractor", "thanks.passive", "thanks.promoter")
CHOICES: Final[Mapping[str, tuple[int | None, ...]]] = {
    "remind_after_days": (None, 1, 2, 3, 4, 5, 7),
    "closes_after_days": (3, 5, 7, 10, 14, 21, 30),
    "period_days": (0, 7, 14, 30, 60, 90, 180, 365),
    "minutes": (1, 2, 3, 5, 10, 15),
}
"""What a survey's numbers may be set to by a button."""
NEW_TITLE: Final = ("Новый опрос", "New survey")
_THANKS = {"ru": "Спасибо за ответ!", "en": "Thank you for your answer!"}


def new(taken: Collection[str]) -> SurveyDraft:
    """Return a survey of one question, under a key not yet `taken`."""
    number = len(taken) + 1
    while (key := f"survey_{number}") in taken:
        number += 1
    question = {"ru": NEW_TEXT[0], "en": NEW_TEXT[1]}
    data = {
        "key": key,
        "title": {"ru": NEW_TITLE[0], "en": NEW_TITLE[1]},
        "audience": "customers",
        "kind": "relationship",
        "period_days": 30,
        "minutes": 1,
        "questions": [{"key": "question_1", "kind": "text", "text": question, "optional": True}],
        "thanks": {"default": _THANKS},
    }
    return from_data(data, frozenset())


def words(survey: Survey, part: str) -> LocalText | None:
    """Return one of the survey's own texts; raises LookupError where there is no such part."""
    if part not in {*WORDS, *BY_SEGMENT}:
        raise LookupError(part)
    name, _, segment = part.partition(".")
    found: LocalText | None = (
        getattr(getattr(survey, name), segment or "ru") if segment else (getattr(survey, name))
    )
    return found


def with_words(draft: SurveyDraft, part: str, language: Language, text: str) -> SurveyDraft:
    """Return the draft with one of its texts in one language; a new text is in both at first."""
    before = words(draft.survey, part)
    is_new = before is None or (before.ru, before.en) == NEW_TITLE
    both = {"ru": text, "en": text}
    after = both if is_new or before is None else {"ru": before.ru, "en": before.en, language: text}
    return _with(draft, part, after)


def without_words(draft: SurveyDraft, part: str) -> SurveyDraft:
    """Return the draft without a text that may be missing; raises LookupError of others."""
    if part not in {"sees", *BY_SEGMENT}:
        raise LookupError(part)
    return _with(draft, part, None)


def with_setting(draft: SurveyDraft, name: str, value: object) -> SurveyDraft:
    """Return the draft with another field; asked of others, it measures what is theirs to tell."""
    data = to_data(draft.survey)
    data[name] = value
    if name == "audience":
        for item in data["questions"]:
            left = [one for one in item.pop("measures", ()) if side_of(one) in {None, value}]
            item.update({"measures": left} if left else {})
    return from_data(data, draft.off)


def _with(draft: SurveyDraft, part: str, text: Mapping[str, str] | None) -> SurveyDraft:
    data: dict[str, Any] = to_data(draft.survey)
    name, _, segment = part.partition(".")
    holder, key = (data[name], segment) if segment else (data, name)
    holder.pop(key, None)
    if text is not None:
        holder[key] = dict(text)
    return from_data(data, draft.off)


def offered(survey: Survey, name: str) -> list[int | None]:
    """Return what a number may be set to now: a reminder comes before the survey closes."""
    present = getattr(survey, name)
    found = list(dict.fromkeys([*CHOICES[name], present]))
    if name == "remind_after_days":
        found = [one for one in found if one is None or one < survey.closes_after_days]
    if name == "closes_after_days":
        found = [one for one in found if one is not None and one > (survey.remind_after_days or 0)]
    return sorted(found, key=lambda one: -1 if one is None else one)
