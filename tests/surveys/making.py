"""Surveys made for tests."""

import json
from copy import deepcopy
from typing import Any

from surveys.survey.definition import Question, Survey
from surveys.survey.loading import survey_from_json

Fields = dict[str, Any]


def both(text: str) -> Fields:
    return {"ru": text, "en": text}


LABELS: Fields = {"low_label": both("low"), "high_label": both("high")}
OPTIONS: Fields = {"options": [{"key": key, "text": both(key.upper())} for key in ("a", "b", "c")]}
NEEDED: dict[str, Fields] = {
    "nps": LABELS,
    "scale": LABELS,
    "number": {"unit": both("min"), "max": "60"},
    "choice": OPTIONS,
    "choices": OPTIONS,
    "text": {},
    "yes_no": {},
}


def fields(kind: str, key: str = "q", **more: Any) -> Fields:
    return {"key": key, "kind": kind, "text": both(key), **deepcopy(NEEDED[kind]), **more}


def written(*questions: Fields, **more: object) -> Fields:
    return {
        "key": "survey",
        "title": both("Survey"),
        "audience": "customers",
        "kind": "relationship",
        "period_days": 90,
        "minutes": 1,
        "questions": list(questions),
        "thanks": {"default": both("thanks")},
        **more,
    }


def survey(*questions: Fields, **more: object) -> Survey:
    return survey_from_json(json.dumps(written(*questions, **more)))


def question(kind: str, **more: Any) -> Question:
    return survey(fields(kind, **more)).questions[0]
