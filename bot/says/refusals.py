"""Kind sentences for what went wrong, one for each stable code."""

from decimal import Decimal

from surveys.errors import InvalidAnswer
from surveys.messages import mark
from surveys.survey.definition import LocalText, localized
from templates.texts import Texts

_ANSWERS = {
    "not_a_number": mark("Please send a number from {low} to {high}."),
    "not_an_amount": mark("Please send a number in digits ({unit}), for example {example}."),
    "two_numbers": mark("«{given}» may be two numbers: please send {whole} or {part}."),
    "out_of_range": mark("Please send a number from {low} to {high}."),
    "wrong_step": mark("Please send a number in steps of {step}."),
    "too_long": mark("That is a little too long: up to {limit} characters, please."),
    "too_many": mark("Please choose at most {limit}."),
    "empty": mark("I received nothing readable. Please send your answer in words."),
    "use_buttons": mark("Please tap one of the buttons below the question."),
    "unknown_option": mark("Please tap one of the buttons below the question."),
}


def invalid_answer(texts: Texts, error: InvalidAnswer) -> str:
    """Return what to tell a person whose answer does not fit the question."""
    shown = {name: _shown(texts, value) for name, value in error.params.items()}
    return texts(_ANSWERS.get(error.code, _ANSWERS["use_buttons"]), **shown)


def _shown(texts: Texts, value: object) -> object:
    match value:
        case int() | Decimal():
            return texts.number(value, None)
        case LocalText():
            return localized(value, texts.language)
        case _:
            return value
