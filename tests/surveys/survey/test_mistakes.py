"""What pydantic finds is told in our words, whatever it is."""

from typing import get_args

import pytest
from pydantic_core import ErrorDetails, PydanticKnownError
from pydantic_core.core_schema import ErrorType

from surveys.survey.mistakes import sentence

NUMBERS = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "actual_length")
PLACES = (
    "max_digits", "decimal_places", "whole_digits", "tz_expected", "tz_actual", "expected_version",
)  # fmt: skip
WORDS = (
    "expected", "pattern", "error", "class_name", "class", "method_name", "field_type", "tag",
    "discriminator", "expected_tags", "encoding", "encoding_error", "attribute", "expected_schemes",
    "function_name", "name", "field", "error_type",
)  # fmt: skip
CONTEXT = dict.fromkeys((*NUMBERS, *PLACES), 3) | dict.fromkeys(WORDS, "zzz")


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_sentence_of_pydantics_reaches_a_person(kind: ErrorType) -> None:
    theirs = PydanticKnownError(kind, dict(CONTEXT)).message()
    error = ErrorDetails(type=kind, loc=("field",), msg=theirs, input=1, ctx=dict(CONTEXT))
    said = str(sentence(error, ("field",)))
    assert theirs not in said
    assert "{" not in said
    assert "input" not in said.lower()
