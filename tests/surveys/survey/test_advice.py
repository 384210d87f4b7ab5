"""What the linter says of a survey that is valid and reads badly."""

import pytest

from surveys.survey.advice import advice
from surveys.survey.catalog import catalog, source
from surveys.survey.loading import parse_survey
from tests.surveys.making import fields, survey


@pytest.mark.parametrize("key", sorted(catalog()))
def test_the_catalog_needs_no_advice(key: str) -> None:
    assert list(advice(catalog()[key])) == []


@pytest.mark.parametrize(
    "words",
    [
        "обслуживание в {company}",
        "Спасибо от {company}",
        "разговор с {manager}",
        "мнение о «{company}»",
    ],
)
def test_a_name_after_a_preposition_is_pointed_at(words: str) -> None:
    text = source("nps").replace("Почему Вы так считаете?", f"Каково {words}?")
    [(place, message)] = advice(parse_survey(text))
    assert place == "questions.why.text"
    assert words.rsplit(maxsplit=1)[-1].strip("«»") in str(message)


@pytest.mark.parametrize(
    "words", ["Спрашивает {company}", "компания «{company}»", "Анна, {name}", "Ну, {name}, как"]
)
def test_a_name_that_stands_well_is_left_alone(words: str) -> None:
    text = source("nps").replace("Почему Вы так считаете?", f"{words}?")
    assert list(advice(parse_survey(text))) == []


def test_a_name_without_a_comma_is_pointed_at() -> None:
    text = source("nps").replace("Почему Вы так считаете?", "Дорогой {name}! Почему?")
    [(place, message)] = advice(parse_survey(text))
    assert place == "questions.why.text"
    assert "comma" in str(message)


def test_recommending_that_measures_nothing_is_pointed_at() -> None:
    asked = fields("nps")
    [(place, message)] = advice(survey(asked))
    assert place == "questions.q.measures"
    assert "NPS" in str(message)
    for fine in (
        survey(asked | {"measures": "nps"}),
        survey(asked | {"measures": "own"}),
        survey(asked, audience="managers"),
    ):
        assert list(advice(fine)) == []
