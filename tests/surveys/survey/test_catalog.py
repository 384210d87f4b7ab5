import re
from decimal import Decimal

import pytest

from surveys.errors import UnknownSurvey
from surveys.survey import flow
from surveys.survey.answers import bounds
from surveys.survey.catalog import about, catalog, source
from surveys.survey.definition import LocalText, Survey
from surveys.survey.loading import parse_survey, survey_to_json

MIRROR = ("speed", "knowledge", "understanding", "deadlines", "documents")


def texts(value: object) -> list[LocalText]:
    if isinstance(value, LocalText):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in texts(item)]
    fields = getattr(type(value), "model_fields", {})
    return [text for name in fields for text in texts(getattr(value, name))]


def measuring(survey: Survey, index: str) -> list[str]:
    return [item.key for item in survey.questions if index in item.measures]


TRANSACTIONAL = {"exit", "service_request"}


def test_the_catalog_has_its_surveys() -> None:
    of_customers = {"nps", "loyalty", "service_quality"}
    of_managers = {
        "manager_self_assessment",
        "crm_adoption",
        "time_study",
        "crm_readiness",
        "operational_losses",
    }
    assert set(catalog()) == of_customers | of_managers | TRANSACTIONAL


@pytest.mark.parametrize("survey", catalog().values(), ids=lambda survey: survey.key)
def test_every_survey_says_who_sees_the_answers_and_is_short(survey: Survey) -> None:
    assert survey.sees is not None
    assert survey.minutes < 5
    assert (survey.kind == "transactional") is (survey.key in TRANSACTIONAL)
    assert parse_survey(source(survey.key)) == survey


@pytest.mark.parametrize("survey", catalog().values(), ids=lambda survey: survey.key)
def test_texts_are_in_their_language_with_the_same_placeholders_and_no_emoji(
    survey: Survey,
) -> None:
    for text in texts(survey):
        assert re.search("[а-яё]", text.ru, re.IGNORECASE), text
        assert not re.search("[а-яё]", text.en, re.IGNORECASE), text
        assert set(re.findall(r"\{\w+\}", text.ru)) == set(re.findall(r"\{\w+\}", text.en)), text
        assert not re.search("[\u2190-\u2bff\U0001f000-\U0001ffff]", text.ru + text.en), text
        assert not re.search(r"\b(вы|вас|вам|ваш\w*|вами)\b", text.ru), text


def test_the_nps_question_is_worded_as_the_method_says() -> None:
    for key in ("nps", "loyalty"):
        question = catalog()[key].question("recommend")
        assert question.kind == "nps"
        assert question.text.ru == (
            "Насколько вероятно, что Вы порекомендуете компанию «{company}» друзьям или коллегам?"
        )
        assert question.low_label.ru == "точно не порекомендую"
        assert question.high_label.ru == "точно порекомендую"


def test_the_loyalty_index_is_three_items_on_one_scale() -> None:
    loyalty = catalog()["loyalty"]
    assert measuring(loyalty, "loyalty_index") == ["recommend", "buy_again", "try_other"]
    for key in measuring(loyalty, "loyalty_index"):
        assert bounds(loyalty.question(key)) == (Decimal(0), Decimal(10))
    assert measuring(loyalty, "nps") == ["recommend"]


def test_the_managers_items_mirror_the_customers() -> None:
    customers, managers = catalog()["service_quality"], catalog()["manager_self_assessment"]
    assert measuring(customers, "service_quality") == list(MIRROR)
    assert measuring(managers, "self_assessment") == list(MIRROR)
    for key in MIRROR:
        theirs, own = customers.question(key), managers.question(key)
        assert theirs.mirror == own.mirror == key
        assert bounds(theirs) == bounds(own) == (Decimal(1), Decimal(5))
        assert theirs.kind == own.kind == "scale"
        assert (theirs.low_label, theirs.high_label) == (own.low_label, own.high_label)


def test_the_self_assessment_has_its_blocks() -> None:
    managers = catalog()["manager_self_assessment"]
    assert managers.audience == "managers"
    assert managers.period_days == 30
    assert len(measuring(managers, "automation")) == 3
    assert len(measuring(managers, "customer_accounting")) == 3
    assert {"number", "choice", "text"} <= {question.kind for question in managers.questions}


def test_customers_are_asked_about_the_relationship_at_most_every_ninety_days() -> None:
    for survey in catalog().values():
        if survey.audience == "customers" and survey.kind == "relationship":
            assert survey.period_days == 90
    assert catalog()["service_request"].period_days == 30


def test_ease_is_asked_on_seven_points_after_a_request_only() -> None:
    asked = {key for key, survey in catalog().items() if measuring(survey, "ces")}
    assert asked == {"service_request"}
    effort = catalog()["service_request"].question("effort")
    assert bounds(effort) == (Decimal(1), Decimal(7))


def test_the_exit_survey_has_the_reason_codes() -> None:
    reason = catalog()["exit"].question("reason")
    assert reason.kind == "choice"
    assert [option.key for option in reason.options] == [
        "forgotten",
        "product",
        "deadlines",
        "documents",
        "price",
        "competitor",
        "no_need",
        "other",
    ]


def test_the_catalog_is_nobodys_to_change() -> None:
    catalog().clear()
    assert catalog()
    assert survey_to_json(catalog()["nps"])


@pytest.mark.parametrize("survey", catalog().values(), ids=lambda survey: survey.key)
def test_every_survey_names_its_criterion_and_what_is_ours(survey: Survey) -> None:
    assert survey.about is not None
    assert "ритери" in survey.about.ru
    assert "criteri" in survey.about.en.lower()
    assert about(survey) == survey.about


def test_what_a_survey_says_of_itself_is_no_part_of_its_version() -> None:
    survey, text = catalog()["nps"], source("nps")
    silent = parse_survey(re.sub(r"about:.*?\n\n", "\n", text, flags=re.DOTALL))
    assert silent.about is None
    assert silent.version == survey.version
    assert about(silent) == survey.about
    other = parse_survey(text.replace("minutes: 1", "minutes: 2"))
    assert other.version != survey.version
    assert about(other) == survey.about


def test_before_and_after_a_crm_ask_what_the_self_assessment_asks() -> None:
    waves, monthly = catalog()["crm_adoption"], catalog()["manager_self_assessment"]
    for index in ("automation", "customer_accounting"):
        assert measuring(waves, index) == measuring(monthly, index)
        for key in measuring(waves, index):
            assert waves.question(key) == monthly.question(key)
    assert waves.question("routine_minutes") == monthly.question("routine_minutes")
    assert len(measuring(waves, "useful")) == len(measuring(waves, "easy")) == 3


def test_the_time_study_adds_up_six_operations() -> None:
    study = catalog()["time_study"]
    asked = [question for question in study.questions if question.kind == "number"]
    given = {
        question.key: Decimal(minutes)
        for question, minutes in zip(asked, (5, 2, 8, 5, 7, 30), strict=True)
    }
    assert flow.total(study, given) == 57
    assert {(question.unit.en, question.better) for question in asked} == {("minutes", "down")}


def test_managers_count_losses_by_the_reasons_that_customers_give() -> None:
    reason = catalog()["exit"].question("reason")
    assert reason.kind == "choice"
    counted = [item.key for item in catalog()["operational_losses"].questions]
    assert [option.key for option in reason.options] == counted[:-1]


def test_an_unknown_survey_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownSurvey, match=r"nope.*loyalty.*nps"):
        source("nope")
