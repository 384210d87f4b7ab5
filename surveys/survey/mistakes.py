"""What pydantic found in a file, as a person reads it: the path of a field and what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from surveys.errors import Problem
from surveys.messages import Message, mark
from surveys.survey.answers import KINDS
from surveys.survey.wording import MISTAKE
from surveys.survey.yaml_nodes import Location, printable


def path_of(data: object, location: Location, root: str = "survey") -> str:
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
    return path.removeprefix(".") or root


def _child(data: object, part: int | str) -> object:
    if isinstance(data, Mapping):
        return data.get(part)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return None


_KINDS = ", ".join(KINDS)
_NUMBER = mark("Write a number here.")
_WHOLE = mark("Write a whole number here, without quotes.")
_TRUTH = mark("Write true or false here.")
_DATE = mark("Write a day here, such as 2026-09-15.")
_TIME = mark("Write a time of day here, in quotes, such as '10:00'.")
_LIST = mark("Write a list here: each item on its line after a dash.")
_FIELDS = mark("Write fields here, each on its line.")
_MESSAGES: Mapping[str, str] = {
    "string_type": mark(
        "Write a text here; in quotes if it looks like a number, a date, yes or no."
    ),
    "string_pattern_mismatch": mark(
        "Use small Latin letters, digits and _, beginning with a letter."
    ),
    "string_too_long": mark("Use at most {max_length} characters."),
    "string_too_short": mark("Write a text here: it is empty."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_max_digits": mark("Use at most {max_digits} digits."),
    "decimal_max_places": mark("Use at most {decimal_places} digits after the point."),
    "decimal_whole_digits": mark("Use at most {whole_digits} digits before the point."),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "literal_error": mark("Write one of these: {expected}."),
    "union_tag_not_found": mark("Add kind, one of {kinds}."),
    "union_tag_invalid": mark("Make kind one of {kinds}."),
    "too_short": mark("List at least {min_length} here."),
    "too_long": mark("List at most {max_length} here."),
    "greater_than": mark("Write a number greater than {gt}."),
    "greater_than_equal": mark("Write a number of at least {ge}."),
    "less_than_equal": mark("Write a number of at most {le}."),
    "model_type": _FIELDS,
    "mapping_type": _FIELDS,
    "model_attributes_type": mark("Write the question's fields here, each on its line."),
    "tuple_type": _LIST,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
}


_NEAR = 0.75
"""A guess is offered where this share of the letters agrees: «titel» is near enough, «sound» is
not."""


def problems_of(
    error: ValidationError,
    data: object,
    place: Callable[[Location], tuple[int, int]],
    root: str,
    fields: Sequence[str],
) -> tuple[Problem, ...]:
    """Return the mistakes of a file in its order; `root` names the whole, `fields` are known."""
    found = [
        Problem(*place(item["loc"]), path_of(data, item["loc"], root), sentence(item, fields))
        for item in error.errors(include_url=False)
        if not only_seems_short(item)
    ]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def only_seems_short(error: ErrorDetails) -> bool:
    """Tell whether a list is long enough as written, but for items with mistakes of their own."""
    if error["type"] != "too_short":
        return False
    return len(error["input"]) >= int(error["ctx"]["min_length"])


def sentence(error: ErrorDetails, fields: Sequence[str]) -> Message:
    """Return what to do about a mistake; `fields` are all that such a file knows."""
    name = str(error["loc"][-1]) if error["loc"] else ""
    kind, context = error["type"], error.get("ctx", {})
    if kind == MISTAKE:
        own: Message = context["message"]
        return own
    if kind == "missing":
        return _missing(name)
    if kind == "extra_forbidden":
        return _unknown_field(name, fields)
    if kind == "model_type" and context.get("class_name") == "LocalText":
        return Message("Write the text in both languages here: ru: … and en: …")
    if kind not in _MESSAGES:
        return Message("This value does not fit here: look at an example of such a file.")
    expected = str(context.get("expected", "")).replace(" or ", ", ")
    return Message(_MESSAGES[kind], {**context, "kinds": _KINDS, "expected": expected})


def _missing(name: str) -> Message:
    if name == "ru":
        return Message("Add the Russian text (ru).")
    if name == "en":
        return Message("Add the English text (en).")
    return Message("Add the field {field}: it is required here.", {"field": name})


def _unknown_field(name: str, fields: Sequence[str]) -> Message:
    close = get_close_matches(name, fields, n=1, cutoff=_NEAR)
    values = {"field": printable(name)}
    if close and close[0] != name:
        values["close"] = close[0]
        return Message("There is no field {field}; did you mean {close}?", values)
    return Message(
        "There is no field {field} here: remove it, or check what it stands under.", values
    )


def fields_of(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every field that a JSON Schema knows, at any depth."""
    parts = [schema, *schema.get("$defs", {}).values()]
    return tuple(sorted({name for part in parts for name in part.get("properties", {})}))
