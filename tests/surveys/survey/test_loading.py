import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import SurveyInvalid
from surveys.survey.catalog import source
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey, survey_from_json
from surveys.survey.yaml_nodes import MAX_BYTES
from tests.surveys.making import both, fields, survey, written

GOOD = source("nps")


def problems(text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(SurveyInvalid) as caught:
        parse_survey(text)
    return [
        (item.line, item.column, item.place, str(item.message)) for item in caught.value.problems
    ]


def places(*questions: dict[str, Any], **more: object) -> list[str]:
    return [place for _, _, place, _ in problems(json.dumps(written(*questions, **more)))]


def test_every_mistake_is_reported_at_once_in_the_order_of_the_file() -> None:
    text = """\
key: My Survey
title: Hello
audience: customers
kind: relationship
period_days: ninety
minutes: 1
colour: red
questions:
  - key: a
    kind: nps
    text: {ru: "x {foo}", en: y}
    low_label: {ru: x}
    high_label: {ru: x, en: y}
  - key: a
    kind: text
    optoinal: true
    text: {ru: x, en: no}
    show_if: {question: later, is: 1}
  - kind: slider
  - just words
  - {key: later, kind: yes_no, text: {ru: x, en: y}}
  - {key: later2, key: twice, kind: yes_no, text: {ru: x, en: y}}
thanks: {default: {ru: x, en: y}}
"""
    assert [problem[:3] for problem in problems(text)] == [
        (1, 6, "key"),
        (2, 8, "title"),
        (5, 14, "period_days"),
        (7, 9, "colour"),
        (11, 16, "questions.a.text.ru"),
        (12, 5, "questions.a.low_label.en"),
        (14, 10, "questions.a.key"),
        (16, 15, "questions.a.optoinal"),
        (17, 23, "questions.a.text.en"),
        (18, 25, "questions.a.show_if.question"),
        (19, 11, "questions[3].kind"),
        (20, 5, "questions[4]"),
        (22, 19, "file"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("", 1, "beginning with key"),
        ("- a\n- b\n", 1, "beginning with key"),
        ("just words", 1, "beginning with key"),
        ("key: a\n\ttitle: b\n", 2, "spaces, not tabs"),
        ("key: a\ntitle: b: c\n", 2, "contains a colon"),
        ("key: a\n  title: b\n", 2, "colon"),
        ("key: [a\n", 2, "quotes"),
        ("key: {ru: what?, en: b}\n", 1, "quotes"),
        ("key: a\n---\nkey: b\n", 2, "one survey in a file"),
        ("key: *nowhere\n", 1, "anchor"),
        ("key: a\ntitle: \x00\n", 2, "control character"),
        ("key: a\ntitle: \ud800\n", 2, "control character"),
        ('key: "\\UFFFFFFFF"\n', 1, "out of range"),
    ],
)
def test_broken_yaml_is_shown_where_it_breaks(text: str, line: int, hint: str) -> None:
    found = problems(text)
    assert len(found) == 1
    assert found[0][0] == line
    assert hint in found[0][3]


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/name:os.system",
        "!!binary aGVsbG8=",
        "!!set {a, b}",
        "!mine x",
        "!!int x",
        "!!float x",
        "0x" + "F" * 9,
        "1:30",
        "9" * 5000,
    ],
)
def test_only_plain_data_is_read(value: str) -> None:
    found = problems(GOOD.replace("minutes: 1", f"minutes: {value}"))
    assert {problem[0] for problem in found} == {7}


def test_one_mistake_is_told_once() -> None:
    assert len(problems(GOOD.replace("minutes: 1", "minutes: !!int x"))) == 1


@pytest.mark.parametrize("escaped", ["\\0", "\\ud800", "\\e[31m", "\\x7f", " "])
def test_a_text_has_only_characters_that_can_be_shown(escaped: str) -> None:
    text = json.dumps(written(fields("nps", "mark")), ensure_ascii=True)
    found = problems(text.replace('"ru": "mark"', f'"ru": "{escaped}"'))
    assert [place for _, _, place, _ in found] == ["questions.mark.text.ru"]


def test_an_alias_saves_writing_but_a_bomb_does_not_go_off() -> None:
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 20))
    assert "aliases" in problems("l0: &l0 [x]\n" + levels)[0][3]
    assert "aliases" in problems("key: &a [*a]\n")[0][3]
    assert parse_survey(source("service_quality")).questions[2].kind == "scale"


def test_a_file_too_deep_or_too_large_is_refused() -> None:
    assert len(problems("key: " + "[" * 5_000)) == 1
    assert "kB" in problems("# " + "x" * MAX_BYTES)[0][3]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert parse_survey("\ufeff" + GOOD.replace("\n", "\r\n")).version == parse_survey(GOOD).version


@pytest.mark.parametrize(
    "condition",
    [
        {"question": "none", "is": 1},
        {"question": "here", "answered": True},
        {"question": "later", "answered": True},
        {"question": "score", "is": 11},
        {"question": "score", "is": "a"},
        {"question": "score", "is": True},
        {"question": "score", "in": [1, 12]},
        {"question": "score", "at_least": 11},
        {"question": "score", "at_most": -1},
        {"question": "pick", "is": "z"},
        {"question": "pick", "at_least": 1},
        {"question": "yes", "is": 1},
        {"question": "amount", "is": 61},
        {"question": "score"},
        {"question": "score", "is": 1, "at_least": 1},
        {"is": 1},
        {},
        {"all": []},
        {"all": [{"question": "score", "is": 1}], "any": [{"question": "score", "is": 1}]},
        {"all": [{"question": "score", "is": 1}], "question": "score"},
        {"not": {"any": [{"question": "score", "is": 11}]}},
    ],
)
def test_a_branch_that_can_never_work_is_a_mistake(condition: dict[str, Any]) -> None:
    asked = [
        fields("nps", "score"),
        fields("choice", "pick"),
        fields("yes_no", "yes"),
        fields("number", "amount"),
    ]
    later = fields("text", "later")
    (shown,) = places(*asked, fields("text", "here", show_if=condition), later)
    assert shown.startswith("questions.here.show_if")
    variant = {"if": condition, "text": both("x")}
    (worded,) = places(*asked, fields("text", "here", variants=[variant]), later)
    assert worded.startswith("questions.here.variants[1].if")


@pytest.mark.parametrize(
    ("question", "place"),
    [
        (fields("nps", mirror="speed"), "questions.q.mirror"),
        (fields("scale", measures="nps"), "questions.q.measures"),
        (fields("text", measures="csat"), "questions.q.measures"),
        (fields("scale", measures=["a", "a"]), "questions.q.measures"),
        (fields("scale", low=3), "questions.q.low"),
        (fields("scale", high=True), "questions.q.high"),
        (fields("scale", high="5"), "questions.q.high"),
        (fields("nps", low=1), "questions.q.low"),
        (fields("number", min=60), "questions.q"),
        (fields("number", step=0), "questions.q.step"),
        (fields("number", max="1e999999999"), "questions.q.max"),
        (fields("number", max="NaN"), "questions.q.max"),
        (fields("choices", at_most=4), "questions.q"),
        (fields("choice", options=[]), "questions.q.options"),
        (
            fields("choice", options=[{"key": f"k{i}", "text": both(str(i))} for i in range(9)]),
            "questions.q.options",
        ),
        (
            fields("choice", options=[{"key": "k", "text": both(str(i))} for i in range(2)]),
            "questions.q.options",
        ),
        (
            fields("choice", options=[{"key": f"k{i}", "text": both("same")} for i in range(2)]),
            "questions.q.options",
        ),
        (fields("text", text=both("x" * 1001)), "questions.q.text"),
        (fields("nps", low_label=both("x" * 65)), "questions.q.low_label"),
        (fields("text", text=both("{company.__class__}")), "questions.q.text.ru"),
        (fields("text", text={"ru": "x"}), "questions.q.text.en"),
        (fields("text", "k" * 25), "questions[1].key"),
        (fields("text", "K"), "questions[1].key"),
    ],
)
def test_a_mistake_in_a_question_has_its_place(question: dict[str, Any], place: str) -> None:
    assert place in places(question)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"remind_after_days": 14}, "remind_after_days"),
        ({"closes_after_days": 3}, "closes_after_days"),
        ({"audience": "everyone"}, "audience"),
        ({"questions": []}, "questions"),
        ({"questions": {"a": 1}}, "questions"),
        ({"questions": None}, "questions"),
        ({"thanks": {"default": both("x"), "passive": both("y")}}, "thanks.passive"),
        ({"thanks": {}}, "thanks.default"),
        ({"minutes": 1.5}, "minutes"),
    ],
)
def test_a_mistake_of_the_survey_has_its_place(more: dict[str, Any], place: str) -> None:
    assert places(fields("text"), **more) == [place]


def test_an_index_or_mirror_belongs_to_one_question() -> None:
    asked = [fields("nps", key, measures="nps") for key in ("a", "b")]
    assert places(*asked) == ["questions.b.measures"]
    mirrored = [fields("scale", key, mirror="speed") for key in ("a", "b")]
    assert places(*mirrored) == ["questions.b.mirror"]


@pytest.mark.parametrize(
    ("audience", "measure", "whose"),
    [("managers", "service_quality", "customers'"), ("customers", "automation", "managers'")],
)
def test_a_figure_of_one_side_is_not_measured_by_the_other(
    audience: str, measure: str, whose: str
) -> None:
    """Else the figures of customers would hold what managers say of themselves."""
    asked = fields("scale", measures=measure)
    [(_, _, place, said)] = problems(json.dumps(written(asked, audience=audience)))
    assert place == "questions.q.measures"
    assert f"{whose} answers alone" in said
    survey(asked, audience="customers" if audience == "managers" else "managers")
    survey(fields("scale", measures="own"), audience=audience)


def test_a_strangers_word_reaches_no_terminal_as_it_is() -> None:
    found = problems(GOOD + '"\\e[31mred\\a": 1\n')
    assert "\x1b" not in str(found)
    assert "\x07" not in str(found)


def test_mistakes_of_one_place_stand_in_the_order_of_their_fields() -> None:
    places_of_lacks = [place for _, _, place, _ in problems("{key: x}\n")]
    assert len(places_of_lacks) > 5
    assert places_of_lacks == sorted(places_of_lacks)


def test_a_near_miss_is_asked_back() -> None:
    assert "did you mean period_days?" in problems(GOOD + "period_day: 1\n")[0][3]


def test_a_far_word_is_no_guess() -> None:
    for name in ("sound", "titlle_of_all", "x"):
        assert "did you mean" not in problems(GOOD + f"{name}: 1\n")[0][3]


def test_json_is_checked_like_a_file() -> None:
    for text in ("{", "[]", "null", "{}", json.dumps(written(fields("nps"), fields("nps")))):
        with pytest.raises(SurveyInvalid):
            survey_from_json(text)


def spots_of_mistakes(read: Callable[[str], Survey], text: str) -> list[tuple[int, int]] | None:
    try:
        read(text)
    except SurveyInvalid as error:
        return [(item.line, item.column) for item in error.problems]
    return None


@given(st.text(max_size=200) | st.text(st.sampled_from(" \n\t:-[]{}&*!?|>'\"%@`#,a1"), max_size=60))
def test_arbitrary_text_is_a_survey_or_a_list_of_mistakes(text: str) -> None:
    for whole in (text, f"key: {text}", GOOD + text):
        spots = spots_of_mistakes(parse_survey, whole)
        assert spots is None or (spots and min(min(spot) for spot in spots) >= 1)


@given(st.data())
def test_a_survey_with_any_part_replaced_is_a_survey_or_a_list_of_mistakes(
    data: st.DataObject,
) -> None:
    content = written(
        fields("nps", "a"),
        fields("choices", "b", show_if={"all": [{"question": "a", "in": [1]}]}, measures=[]),
        fields("number", "c", variants=[{"if": {"question": "a", "is": 1}, "text": both("x")}]),
    )
    target: Any = content
    while True:
        part = data.draw(
            st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target)))
        )
        if (
            not target[part]
            or not isinstance(target[part], dict | list)
            or data.draw(st.booleans())
        ):
            break
        target = target[part]
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    target[part] = data.draw(
        scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.text(max_size=5), scalars)
    )
    assert spots_of_mistakes(survey_from_json, json.dumps(content)) != []


ADDED_UP = {"default": both("In all: {total}")}


def test_a_total_stands_in_the_thanks_after_numbers_of_one_unit() -> None:
    pair = [fields("number", key) for key in ("a", "b")]
    assert survey_from_json(json.dumps(written(*pair, thanks=ADDED_UP))).thanks.default.en
    other = fields("number", "c", unit=both("days"))
    nowhere = ["thanks.default.ru", "thanks.default.en"]
    assert places(*pair, other, thanks=ADDED_UP) == nowhere
    assert places(pair[0], fields("text", "d"), thanks=ADDED_UP) == nowhere


def test_a_total_is_known_in_the_thanks_alone() -> None:
    pair = [fields("number", key) for key in ("a", "b")]
    asked = fields("text", "c", text={"ru": "Почему {total}?", "en": "Why?"})
    assert places(*pair, asked, thanks=ADDED_UP) == ["questions.c.text.ru"]
