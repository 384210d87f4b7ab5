import pytest

from surveys.errors import SurveyInvalid, UnknownQuestion
from surveys.survey import editing
from surveys.survey.catalog import catalog
from surveys.survey.editing import SurveyDraft


def test_a_copy_has_its_own_key_and_the_same_questions() -> None:
    survey = catalog()["manager_self_assessment"]
    copy = editing.copied(survey, ["manager_self_assess_2"])
    assert copy.key not in {"manager_self_assess_2", survey.key}
    assert len(copy.key) <= editing.LONGEST_KEY
    assert copy.title.ru == f"{survey.title.ru} (копия)"
    assert copy.questions == survey.questions


def test_a_new_wording_is_a_new_version_and_drops_the_old_variants() -> None:
    draft = editing.reworded(SurveyDraft(catalog()["nps"]), "why", "ru", "Почему так?")
    question = draft.survey.question("why")
    assert question.text.ru == "Почему так?"
    assert question.text.en == catalog()["nps"].question("why").text.en
    assert not question.variants
    assert editing.result(draft).version != catalog()["nps"].version


def test_a_wording_is_checked_as_in_a_file() -> None:
    draft = SurveyDraft(catalog()["nps"])
    for text in ("", "Кто такой {boss}?", "д" * 1001):
        with pytest.raises(SurveyInvalid):
            editing.reworded(draft, "recommend", "ru", text)
    with pytest.raises(UnknownQuestion):
        editing.reworded(draft, "nothing", "ru", "Почему?")


def test_a_question_is_left_out_and_comes_back() -> None:
    draft = editing.toggled(SurveyDraft(catalog()["nps"]), "why")
    assert [one.key for one in editing.result(draft).questions] == ["recommend"]
    assert editing.result(editing.toggled(draft, "why")) == catalog()["nps"]


def test_what_others_depend_on_cannot_be_left_out() -> None:
    with pytest.raises(SurveyInvalid):
        editing.result(editing.toggled(SurveyDraft(catalog()["nps"]), "recommend"))


def test_a_draft_comes_back_as_it_was_kept() -> None:
    draft = editing.toggled(SurveyDraft(catalog()["service_quality"]), "documents")
    assert editing.from_json(editing.to_json(draft)) == draft
