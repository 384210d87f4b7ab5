"""The published schema of digest.json is that of the dataclasses, and every digest keeps to it."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from bot.cli.main import app
from surveys.messages import Language
from surveys.reports.digest import FORMAT
from surveys.reports.schema import PUBLISHED, generated, published
from tests.templates.pages import COMPANIES, SAMPLES, document

SCHEMA: dict[str, Any] = json.loads(published())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _shape(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a schema without its descriptions, which are docstrings and may be reworded."""
    match schema:
        case dict():
            kept = {name: part for name, part in schema.items() if name != "description"}
            return {name: _shape(part) for name, part in kept.items()}
        case list():
            return [_shape(part) for part in schema]
        case _:
            return schema


def test_the_published_schema_is_that_of_the_dataclasses() -> None:
    assert _shape(SCHEMA) == _shape(json.loads(generated())), (
        "renew it: python -m surveys.reports.schema"
    )
    Draft202012Validator.check_schema(SCHEMA)
    assert str(FORMAT) in PUBLISHED.name
    assert SCHEMA["$id"].endswith(f":{FORMAT}")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("company", [*SAMPLES, *COMPANIES])
def test_every_digest_keeps_to_the_schema(company: str, language: Language) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document(company, language))] == []


@pytest.mark.parametrize(
    ("place", "value"), [("format", 2), ("generated_at", 5), ("answers", "many"), ("nps", {"n": 1})]
)
def test_what_is_no_digest_does_not(place: str, value: object) -> None:
    assert not VALIDATOR.is_valid({**document("rich", "en"), place: value})
    without = {key: kept for key, kept in document("rich", "en").items() if key != place}
    assert not VALIDATOR.is_valid(without)


def test_a_command_prints_it() -> None:
    printed = CliRunner().invoke(app, ["digest", "--schema"])
    assert printed.output == published()
