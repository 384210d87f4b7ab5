import pytest

from surveys.errors import SurveyInvalid, UnknownQuestion
from surveys.survey import editing, editing_survey
from surveys.survey.catalog import catalog
from surveys.survey.definition import NpsQuestion
from surveys.survey.editing import SurveyDraft
from surveys.survey.editing_questions import added, with_values


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


def test_the_first_question_of_recommending_measures_nps() -> None:
    first = added(editing_survey.new([]), "nps")
    assert [one.measures for one in first.survey.questions] == [(), ("nps",)]
    recommend, known = first.survey.questions[1], catalog()["nps"].questions[0]
    assert isinstance(recommend, NpsQuestion)
    assert isinstance(known, NpsQuestion)
    assert (recommend.low_label, recommend.high_label) == (known.low_label, known.high_label)
    assert added(first, "nps").survey.questions[2].measures == ()
    managers = editing_survey.with_setting(editing_survey.new([]), "audience", "managers")
    assert added(managers, "nps").survey.questions[1].measures == ()


def test_another_audience_takes_along_what_is_its_own_to_tell() -> None:
    draft = added(added(editing_survey.new([]), "nps"), "scale")
    draft = with_values(draft, "question_3", measures=["service_quality", "polite"])
    asked = editing_survey.with_setting(draft, "audience", "managers").survey
    assert [one.measures for one in asked.questions] == [(), (), ("polite",)]
