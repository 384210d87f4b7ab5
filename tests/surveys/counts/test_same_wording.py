"""A series goes on in the same words, and in words that say they ask the same."""

import pytest

from surveys.counts.comparing import same_wording
from surveys.survey.catalog import catalog, source
from surveys.survey.definition import Survey
from surveys.survey.editing import SurveyDraft, reworded
from surveys.survey.loading import parse_survey

EARLIER = {  # as the catalog asked before names stood in the nominative
    "nps": "Насколько вероятно, что Вы порекомендуете {company} друзьям или коллегам?",
    "csat": "Насколько Вас устраивает обслуживание в {company}?",
    "ces": "Компания {company} сделала так, что мне было легко решить мой вопрос.",
}


def _as_it_was(key: str, measure: str) -> Survey:
    lines, kept = source(key).splitlines(), list[str]()
    for line in lines:
        if "same_as" in line or line.startswith(("      - ru: ", "        en: ")):
            continue
        asked = f"      ru: {EARLIER[measure]}" if "«{company}»" in line else line
        kept.append(asked)
    return parse_survey("\n".join(kept))


@pytest.mark.parametrize(
    ("key", "measure"), [("nps", "nps"), ("service_quality", "csat"), ("service_request", "ces")]
)
def test_a_declared_rewording_goes_on_with_its_series(key: str, measure: str) -> None:
    now, before = catalog()[key], _as_it_was(key, measure)
    assert now.version != before.version
    assert same_wording(measure, before, now)
    assert same_wording(measure, now, before)


def test_another_wording_begins_a_new_series() -> None:
    now = catalog()["nps"]
    other = reworded(SurveyDraft(now), "recommend", "ru", "Посоветуете ли Вы нас?").survey
    assert other.question("recommend").same_as == ()
    assert not same_wording("nps", now, other)


def test_from_which_answer_on_the_staff_is_told_is_no_wording() -> None:
    text = source("service_request")
    other = parse_survey(text.replace("measures: ces", "measures: ces\n    alert_at: 4"))
    assert other.version != parse_survey(text).version
    assert same_wording("ces", parse_survey(text), other)


def test_another_scale_is_never_the_same() -> None:
    text = source("service_request")
    other = parse_survey(text.replace("high: 7", "high: 5"))
    assert not same_wording("ces", parse_survey(text), other)


def test_a_version_that_declares_nothing_keeps_its_hash() -> None:
    """Stored surveys from before the field existed are still the same content."""
    assert "same_as" not in _as_it_was("nps", "nps").model_dump(exclude_defaults=True)
