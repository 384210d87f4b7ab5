"""A survey changed with buttons: copied, reworded, questions left out. Pure; always validated."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from surveys.survey.definition import Language, Survey
from surveys.survey.loading import survey_from_json, survey_to_json

LONGEST_KEY = 24
_COPY = {"ru": "копия", "en": "copy"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A survey being edited; `off`: questions that the published version leaves out."""

    survey: Survey
    off: frozenset[str] = frozenset()


def copied(survey: Survey, taken: Collection[str]) -> Survey:
    """Return the survey under a key not yet `taken`, with a title that says what it is."""
    number = 2
    while (key := f"{survey.key[: LONGEST_KEY - 4]}_{number}") in taken:
        number += 1
    data = _data(survey)
    titles = {
        language: f"{title[:80]} ({_COPY[language]})" for language, title in data["title"].items()
    }
    return _checked(data | {"key": key, "title": titles})


def reworded(draft: Draft, question: str, language: Language, text: str) -> Draft:
    """Return the draft with another wording of a question; raises SurveyInvalid, UnknownQuestion.

    Wordings by earlier answers go, and those declared to be the same: they belonged to the old one.
    """
    draft.survey.question(question)
    data = _data(draft.survey)
    for item in data["questions"]:
        if item["key"] == question:
            item["text"][language] = text
            item.pop("variants", None)
            item.pop("same_as", None)
    return Draft(_checked(data), draft.off)


def toggled(draft: Draft, question: str) -> Draft:
    """Return the draft with a question switched off, or on again."""
    draft.survey.question(question)
    return Draft(draft.survey, draft.off ^ {question})


def result(draft: Draft) -> Survey:
    """Return the survey as it would be published.

    Raises SurveyInvalid where a question that is left depends on one that is off.
    """
    data = _data(draft.survey)
    data["questions"] = [item for item in data["questions"] if item["key"] not in draft.off]
    return _checked(data)


def to_json(draft: Draft) -> str:
    """Write a draft to be kept."""
    return json.dumps({"survey": _data(draft.survey), "off": sorted(draft.off)})


def from_json(text: str) -> Draft:
    """Read a kept draft."""
    data = json.loads(text)
    return Draft(_checked(data["survey"]), frozenset(data["off"]))


def _data(survey: Survey) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(survey_to_json(survey))
    return data


def _checked(data: dict[str, Any]) -> Survey:
    return survey_from_json(json.dumps(data, ensure_ascii=False))
