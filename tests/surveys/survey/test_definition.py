import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from surveys.errors import UnknownQuestion
from surveys.survey.definition import LocalText, Survey, localized
from surveys.survey.kept import kept_survey
from surveys.survey.loading import json_schema, parse_survey, survey_from_json, survey_to_json
from tests.surveys.making import both, fields, survey, written
from tests.surveys.strategies import surveys


def test_a_text_is_had_in_each_language() -> None:
    text = LocalText(ru="да", en="yes")
    assert (localized(text, "ru"), localized(text, "en")) == ("да", "yes")


def test_a_survey_never_changes() -> None:
    with pytest.raises(ValidationError):
        survey(fields("nps")).minutes = 2  # type: ignore[misc]  # the mistake


def test_a_question_is_found_by_its_key() -> None:
    asked = survey(fields("nps", "a"), fields("text", "b"))
    assert asked.question("b").kind == "text"
    with pytest.raises(UnknownQuestion):
        asked.question("c")


def test_one_index_may_be_written_without_a_list() -> None:
    assert survey(fields("nps", measures="nps")).questions[0].measures == ("nps",)


def test_amounts_are_written_plainly() -> None:
    asked = survey(fields("number", max="6e1", step="0.50")).questions[0]
    assert asked.kind == "number"
    assert (str(asked.max), str(asked.step)) == ("60", "0.5")


@given(surveys())
def test_a_survey_survives_its_json(asked: Survey) -> None:
    again = survey_from_json(survey_to_json(asked))
    assert kept_survey(survey_to_json(asked)) == again
    assert again == asked
    assert again.version == asked.version
    assert survey_to_json(again) == survey_to_json(asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"step": "0.5"}, {"step": "0.50"}),
        ({"max": 60}, {"max": "60.0"}),
        ({}, {"min": 0, "optional": False}),
        ({"measures": "x"}, {"measures": ["x"]}),
    ],
)
def test_the_same_content_has_the_same_version(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = survey(fields("number", **one)), survey(fields("number", **other))
    assert first.version == second.version


def test_the_look_of_the_file_does_not_change_the_version() -> None:
    content = written(fields("nps", measures=["nps"]), fields("yes_no", "more"))
    one = parse_survey(json.dumps(content))
    backwards = dict(reversed(content.items()))
    other = parse_survey("# a comment\n" + json.dumps(backwards, indent=2, ensure_ascii=False))
    assert one.version == other.version


def leaves(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in leaves(value, (*path, key))]
    if isinstance(data, list):
        return [leaf for key, value in enumerate(data) for leaf in leaves(value, (*path, key))]
    return [path]


def test_every_change_of_content_changes_the_version() -> None:
    content = written(
        fields("nps", "a", measures=["own"]),
        fields("scale", "b", low=1, high=5, reverse=False, optional=False, mirror="speed"),
        fields("number", "c", min="0", max="60", step="1"),
        fields("choices", "d", at_most=2, show_if={"question": "a", "at_most": "6"}),
        fields("text", "e", max_length=100),
        thanks={"default": both("x"), "promoter": both("y")},
        sees=both("z"),
        anonymous=False,
        remind_after_days=3,
        closes_after_days=10,
    )
    other = {"low": 0, "kind": "transactional", "audience": "managers"}
    versions = {survey_from_json(json.dumps(content)).version}
    changed = 0
    for path in leaves(content):
        if path[-1] == "kind" and len(path) > 1:
            continue
        copy = json.loads(json.dumps(content))
        target = copy
        for part in path[:-1]:
            target = target[part]
        old = target[path[-1]]
        if isinstance(old, bool):
            new: object = not old
        elif isinstance(old, int):
            new = old + 1
        elif isinstance(old, str) and old.isdecimal():
            new = str(int(old) + 1)
        else:
            new = {"a": "a2"}.get(old, old + "x")
        if "show_if" in path or path == ("questions", 0, "key"):
            continue
        target[path[-1]] = other.get(str(path[-1]), new)
        versions.add(survey_from_json(json.dumps(copy)).version)
        changed += 1
    assert len(versions) == changed + 1


@given(st.integers(0, 1_000), st.integers(0, 1_000))
def test_versions_differ_exactly_when_surveys_do(one: int, other: int) -> None:
    first, second = survey(fields("nps"), period_days=one), survey(fields("nps"), period_days=other)
    assert (first.version == second.version) is (first == second)
    assert len(first.version) == 12


def test_the_schema_names_every_kind_and_field() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    for word in ("nps", "yes_no", "show_if", '"if"', '"is"', "low_label", "period_days"):
        assert word in text
    assert schema["additionalProperties"] is False
