"""A survey changed with buttons: copied, reworded, questions left out. Pure; always validated."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from surveys.messages import Language
from surveys.survey.definition import Survey
from surveys.survey.loading import survey_from_json, survey_to_json

LONGEST_KEY = 24
_COPY = {"ru": "копия", "en": "copy"}


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """A survey being edited; `off`: questions that the published version leaves out."""

    survey: Survey
    off: frozenset[str] = frozenset()


def copied(survey: Survey, taken: Collection[str]) -> Survey:
    """Return the survey under a key not yet `taken`, with a title that says what it is."""
    number = 2
    while (key := f"{survey.key[: LONGEST_KEY - 4]}_{number}") in taken:
        number += 1
    data = to_data(survey)
    titles = {
        language: f"{title[:80]} ({_COPY[language]})" for language, title in data["title"].items()
    }
    return _checked(data | {"key": key, "title": titles})


def reworded(draft: SurveyDraft, question: str, language: Language, text: str) -> SurveyDraft:
    """Return the draft with another wording of a question; raises SurveyInvalid, UnknownQuestion.

    Wordings by earlier answers go, and those declared to be the same: they belonged to the old one.
    """
    draft.survey.question(question)
    data = to_data(draft.survey)
    for item in data["questions"]:
        if item["key"] == question:
            item["text"][language] = text
            item.pop("variants", None)
            item.pop("same_as", None)
    return SurveyDraft(_checked(data), draft.off)


def toggled(draft: SurveyDraft, question: str) -> SurveyDraft:
    """Return the draft with a question switched off, or on again."""
    draft.survey.question(question)
    return SurveyDraft(draft.survey, draft.off ^ {question})


def result(draft: SurveyDraft) -> Survey:
    """Return the survey as it would be published.

    Raises SurveyInvalid where a question that is left depends on one that is off.
    """
    data = to_data(draft.survey)
    left = [item for item in data["questions"] if item["key"] not in draft.off]
    return _checked(with_questions(data, left))


def to_json(draft: SurveyDraft) -> str:
    """Write a draft to be kept."""
    return json.dumps({"survey": to_data(draft.survey), "off": sorted(draft.off)})


def from_json(text: str) -> SurveyDraft:
    """Read a kept draft."""
    data = json.loads(text)
    return SurveyDraft(_checked(data["survey"]), frozenset(data["off"]))


def to_data(survey: Survey) -> dict[str, Any]:
    """Return a survey as a file has it."""
    data: dict[str, Any] = json.loads(survey_to_json(survey))
    return data


def _checked(data: dict[str, Any]) -> Survey:
    return survey_from_json(json.dumps(data, ensure_ascii=False))


def with_questions(data: dict[str, Any], questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a survey with these questions; without an nps one it thanks everybody alike."""
    thanks = data["thanks"]
    if not any(item["kind"] == "nps" for item in questions):
        thanks = {"default": thanks["default"]}
    return {**data, "questions": questions, "thanks": thanks}


def from_data(data: dict[str, Any], off: frozenset[str]) -> SurveyDraft:
    """Return the draft of a survey as a file has it; raises SurveyInvalid with every mistake."""
    return SurveyDraft(_checked(data), off)
