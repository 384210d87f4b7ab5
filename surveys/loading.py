"""Surveys from YAML and JSON and back; every mistake of a file at once, each with its place."""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from surveys.answers import KINDS
from surveys.checks import Location, Mistake, cross_check
from surveys.definition import Question, Survey, canonical_json
from surveys.errors import Problem, SurveyInvalid
from surveys.wording import MISTAKE
from surveys.yaml_nodes import Reading, compose, place_of, printable


def parse_survey(yaml_text: str) -> Survey:
    """Read a survey file; raises SurveyInvalid with every mistake, in the file's order."""
    root = compose(yaml_text)
    reading = Reading()
    data = reading.read(root)
    survey, mistakes = _validated(data)
    spots = {(problem.line, problem.column) for problem in reading.problems}
    located = [(place_of(root, location), location, message) for location, message in mistakes]
    problems = [
        Problem(*spot, _path(data, location), message)
        for spot, location, message in located
        if spot not in spots
    ]
    return _sound(survey, [*reading.problems, *problems])


def survey_to_json(survey: Survey) -> str:
    """Write the survey as canonical JSON, the text its version is the hash of."""
    return canonical_json(survey)


def survey_from_json(text: str) -> Survey:
    """Read a survey from JSON with the checks of a file; raises SurveyInvalid."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SurveyInvalid((Problem(1, 1, "file", "This is not JSON."),)) from error
    survey, mistakes = _validated(data)
    return _sound(
        survey, [Problem(1, 1, _path(data, location), message) for location, message in mistakes]
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a survey file, for editors."""
    schema = Survey.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _sound(survey: Survey | None, problems: list[Problem]) -> Survey:
    if survey is None or problems:
        ordered = sorted(set(problems), key=lambda problem: (problem.line, problem.column))
        raise SurveyInvalid(tuple(ordered))
    return survey


def _validated(data: object) -> tuple[Survey | None, list[Mistake]]:
    survey, mistakes = None, []
    try:
        survey = Survey.model_validate(data)
    except ValidationError as error:
        mistakes = [
            (_location(item), _message(item))
            for item in error.errors(include_url=False)
            if not _only_seems_short(item)
        ]
    if isinstance(data, Mapping):
        mistakes += cross_check(data, _valid_questions(data))
    return survey, mistakes


def _only_seems_short(error: ErrorDetails) -> bool:
    """Tell whether a list is long enough as written, but for items with mistakes of their own."""
    if error["type"] != "too_short":
        return False
    return len(error["input"]) >= int(error["ctx"]["min_length"])


def _valid_questions(data: Mapping[str, Any]) -> dict[int, Question]:
    adapter: TypeAdapter[Question] = TypeAdapter(Question)
    written = data.get("questions")
    valid = {}
    for index, item in enumerate(written if isinstance(written, list) else ()):
        try:
            valid[index] = adapter.validate_python(item)
        except ValidationError:
            continue  # reported by the validation of the whole survey
    return valid


def _location(error: ErrorDetails) -> Location:
    """Drop the kind that pydantic puts after a question's index; point to a kind that is none."""
    location = error["loc"]
    if error["type"] == "union_tag_invalid":
        return (*location, "kind")
    inside = location[:1] == ("questions",) and len(location) > 2  # noqa: PLR2004 - its place
    return location[:2] + location[3:] if inside else location


def _path(data: object, location: Location) -> str:
    """Write a location as a person reads it: questions.why.text.en, options[2]."""
    path = ""
    for part in location:
        data = _child(data, part)
        if isinstance(part, str):
            path += f".{printable(part)}"
        else:
            key = data.get("key") if isinstance(data, Mapping) else None
            named = isinstance(key, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,23}", key)
            path += f".{key}" if named else f"[{part + 1}]"
    return path.removeprefix(".") or "survey"


def _child(data: object, part: int | str) -> object:
    if isinstance(data, Mapping):
        return data.get(part)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return None


_KINDS = ", ".join(KINDS)
_NUMBER = "Write a number here."
_WHOLE = "Write a whole number here, without quotes."
_MESSAGES: Mapping[str, str] = {
    "string_type": "Write a text here; in quotes if it looks like a number, a date, yes or no.",
    "string_pattern_mismatch": "Use small Latin letters, digits and _, beginning with a letter.",
    "string_too_long": "Use at most {max_length} characters.",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_max_digits": "Use at most {max_digits} digits.",
    "decimal_max_places": "Use at most {decimal_places} digits after the point.",
    "decimal_whole_digits": "Use at most {whole_digits} digits before the point.",
    "bool_type": "Write true or false here.",
    "bool_parsing": "Write true or false here.",
    "literal_error": "Write one of these: {expected}.",
    "union_tag_not_found": f"Add kind, one of {_KINDS}.",
    "union_tag_invalid": f"Make kind one of {_KINDS}.",
    "too_short": "List at least {min_length} here.",
    "too_long": "List at most {max_length} here.",
    "greater_than": "Write a number greater than {gt}.",
    "greater_than_equal": "Write a number of at least {ge}.",
    "less_than_equal": "Write a number of at most {le}.",
    "model_type": "Write fields here, each on its line.",
    "model_attributes_type": "Write the question's fields here, each on its line.",
    "tuple_type": "Write a list here: each item on its line after a dash.",
}


def _message(error: ErrorDetails) -> str:
    name = str(error["loc"][-1]) if error["loc"] else ""
    kind, context = error["type"], error.get("ctx", {})
    if kind == MISTAKE:
        return error["msg"]
    if kind == "missing":
        languages = {"ru": "Add the Russian text (ru).", "en": "Add the English text (en)."}
        return languages.get(name, f"Add the field {name}: it is required here.")
    if kind == "extra_forbidden":
        return _unknown_field(name)
    if kind == "model_type" and context.get("class_name") == "LocalText":
        return "Write the text in both languages here: ru: … and en: …"
    return _MESSAGES.get(kind, "{said}.").format_map({**context, "said": error["msg"]})


def _unknown_field(name: str) -> str:
    close = get_close_matches(name, _fields(), n=1)
    if close and close[0] != name:
        return f"There is no field {printable(name)}; did you mean {close[0]}?"
    return f"There is no field {printable(name)} here: remove it, or check what it stands under."


@cache
def _fields() -> tuple[str, ...]:
    schema = json_schema()
    parts = [schema, *schema["$defs"].values()]
    return tuple(sorted({name for part in parts for name in part.get("properties", {})}))
