"""Surveys from YAML and JSON and back; every mistake of a file at once, each with its place."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from surveys.errors import Problem, SurveyInvalid
from surveys.messages import Message
from surveys.survey.checks import Location, Mistake, cross_check
from surveys.survey.definition import Question, Survey, canonical_json
from surveys.survey.mistakes import fields_of, only_seems_short, path_of, sentence
from surveys.survey.yaml_nodes import NodeReading, compose, compose_ours, place_of


def parse_survey(yaml_text: str) -> Survey:
    """Read a survey file; raises SurveyInvalid with every mistake, in the file's order."""
    return _read(compose(yaml_text))


def parse_ours(yaml_text: str) -> Survey:
    """Read a survey that comes with the program."""
    return _read(compose_ours(yaml_text))


def _read(root: yaml.Node) -> Survey:
    reading = NodeReading()
    data = reading.read(root)
    survey, mistakes = _validated(data)
    spots = {(problem.line, problem.column) for problem in reading.problems}
    located = [(place_of(root, location), location, message) for location, message in mistakes]
    problems = [
        Problem(*spot, path_of(data, location), message)
        for spot, location, message in located
        if spot not in spots
    ]
    return _sound(survey, [*reading.problems, *problems])


def survey_to_json(survey: Survey) -> str:
    """Write the survey as canonical JSON; its version is the hash of that text without `about`."""
    return canonical_json(survey)


def survey_from_json(text: str) -> Survey:
    """Read a survey from JSON with the checks of a file; raises SurveyInvalid."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SurveyInvalid((Problem(1, 1, "file", Message("This is not JSON.")),)) from error
    survey, mistakes = _validated(data)
    return _sound(
        survey, [Problem(1, 1, path_of(data, location), message) for location, message in mistakes]
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a survey file, for editors."""
    schema = Survey.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _sound(survey: Survey | None, problems: list[Problem]) -> Survey:
    if survey is None or problems:
        ordered = sorted(dict.fromkeys(problems), key=_place_in_file)
        raise SurveyInvalid(tuple(ordered))
    return survey


def _place_in_file(problem: Problem) -> tuple[int, int, str, str]:
    """Return what problems are ordered by: the same at every run."""
    return problem.line, problem.column, problem.place, str(problem.message)


def _validated(data: object) -> tuple[Survey | None, list[Mistake]]:
    survey, mistakes = None, []
    try:
        survey = Survey.model_validate(data)
    except ValidationError as error:
        mistakes = [
            (_location(item), sentence(item, _fields()))
            for item in error.errors(include_url=False)
            if not only_seems_short(item)
        ]
    if isinstance(data, Mapping):
        mistakes += cross_check(data, _valid_questions(data))
    return survey, mistakes


def _valid_questions(data: Mapping[str, Any]) -> dict[int, Question]:
    adapter = _question()
    written = data.get("questions")
    valid = {}
    for index, item in enumerate(written if isinstance(written, list) else ()):
        try:
            valid[index] = adapter.validate_python(item)
        except ValidationError:
            continue  # reported by the validation of the whole survey
    return valid


@cache
def _question() -> TypeAdapter[Question]:
    """Return what reads one question; it takes much longer to make than a survey to be read."""
    return TypeAdapter(Question)


def _location(error: ErrorDetails) -> Location:
    """Drop the kind that pydantic puts after a question's index; point to a kind that is none."""
    location = error["loc"]
    if error["type"] == "union_tag_invalid":
        return (*location, "kind")
    return location[:2] + location[3:] if location[:1] == ("questions",) else location


@cache
def _fields() -> tuple[str, ...]:
    return fields_of(json_schema())
