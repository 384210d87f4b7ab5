"""A survey written as YAML reads back as the same version."""

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from surveys.errors import SurveyInvalid
from surveys.survey.catalog import catalog
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey
from surveys.survey.writing import survey_to_yaml
from tests.surveys.making import both, fields, survey
from tests.surveys.strategies import surveys

_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    st.sampled_from(
        (
            *(
                "yes",
                "no",
                "null",
                "~",
                "12",
                "1e3",
                "2026-01-01",
                "a: b",
                "# a",
                "- a",
                "&a",
                "*a",
            ),
            *("!a", '"a"', "'a'", "{a", "[a", "|", ">", "%a", "@a", "a #b", "<<", "=", "0x1F"),
            *("1:20", "ё " * 45 + "ё"),
        )
    ),
)


@settings(max_examples=25)
@given(surveys())
def test_any_survey_reads_back(made: Survey) -> None:
    assert parse_survey(survey_to_yaml(made)) == made


@settings(max_examples=50)
@given(_TEXTS, _TEXTS)
def test_any_text_reads_back(text: str, title: str) -> None:
    try:
        made = survey(fields("yes_no", text={"ru": text, "en": text}), title=both(title))
    except SurveyInvalid:
        reject()  # no text that a survey may have
    again = parse_survey(survey_to_yaml(made))
    assert (again, again.version) == (made, made.version)


@pytest.mark.parametrize("key", catalog())
def test_the_catalog_reads_back_in_its_order(key: str) -> None:
    made = catalog()[key]
    text = survey_to_yaml(made)
    again = parse_survey(text)
    assert (again, again.version, again.about) == (made, made.version, made.about)
    assert text.startswith(f"key: {key}\n")
    assert "&" not in text.split("questions:")[0]
