import pytest

from surveys.survey.placeholders import Placeholders, fill, unknown

VALUES = Placeholders(company="«{name}» {0} %s", name="Ann", manager="Bob")


def test_placeholders_are_replaced_once() -> None:
    assert fill("{company}: {name}, {manager}", VALUES) == "«{name}» {0} %s: Ann, Bob"


def test_other_braces_stay() -> None:
    assert fill("{} {x} {company.real} {{name}}", VALUES) == "{} {x} {company.real} {Ann}"


def test_unknown_placeholders_are_found() -> None:
    assert unknown("{company} {nmae} {} {name!r} { name }") == (
        "{nmae}",
        "{}",
        "{name!r}",
        "{ name }",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Здравствуйте, {name}!", "Здравствуйте!"),
        ("{name}, спасибо! {name}, до встречи.", "Спасибо! До встречи."),
        ("Спасибо, {name}, за ответ", "Спасибо, за ответ"),
    ],
)
def test_a_name_that_is_not_known_goes_with_its_comma(text: str, said: str) -> None:
    assert fill(text, Placeholders("Ромашка")) == said


@pytest.mark.parametrize(
    ("company", "said"),
    [
        ("Северный двор", "компания «Северный двор»"),
        ("«Северный двор»", "компания «Северный двор»"),
        ("ООО «Северный двор»", "компания «ООО „Северный двор“»"),
        ("«Сад» и «Двор»", "компания «„Сад“ и „Двор“»"),
    ],
)
def test_a_name_within_quotation_marks_has_inner_ones(company: str, said: str) -> None:
    assert fill("компания «{company}»", Placeholders(company=company)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thanks from {company}.", "Thanks from Smith, Inc."),
        ("{company}. Thanks.", "Smith, Inc. Thanks."),
        ("{company}, thanks.", "Smith, Inc., thanks."),
        ("{company}... {company}.ru", "Smith, Inc.... Smith, Inc..ru"),
    ],
)
def test_a_name_that_ends_in_a_full_stop_ends_the_sentence_by_it(text: str, said: str) -> None:
    assert fill(text, Placeholders(company="Smith, Inc.")) == said
