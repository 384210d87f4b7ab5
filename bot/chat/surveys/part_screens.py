"""One text of a question in every language, and what can be done with it."""

from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.surveys.condition_screens import when
from bot.chat.surveys.question_screens import to_question
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from surveys.messages import LANGUAGES
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    LocalText,
    NumberQuestion,
    Points,
    Question,
    Survey,
    localized,
)
from surveys.survey.editing_questions import FEWEST_OPTIONS
from templates.texts import Texts


def part(texts: Texts, survey: Survey, place: int, name: str, hint: str = "") -> Screen:
    """Return one text of a question in every language, with what can be done with it.

    Raises LookupError where the question has no such text.
    """
    asked, here = survey.questions[place], str(place)
    title, text = _part(texts, survey, asked, name)
    lines = [f"<b>{literal(title)}</b>", ""]
    lines += [f"{LANGUAGE_NAMES[one]}: {literal(localized(text, one))}" for one in LANGUAGES]
    if hint:
        lines += ["", hint]
    rows: list[tuple[Button, ...]] = [
        tuple(
            Button(f"✎ {LANGUAGE_NAMES[one]}", MenuTap("q_part", (here, name, one)).pack())
            for one in LANGUAGES
        )
    ]
    kind, _, number = name.partition(".")
    if kind == "option":
        rows += _of_option(texts, asked, here, number)
    if kind == "variant":
        used = MenuTap("q_when", (here, f"v{number}", "")).pack()
        off = MenuTap("q_set", (here, "variant_off", number)).pack()
        rows += [
            (Button(texts("When it is used"), used),),
            (Button(texts("Remove this wording"), off),),
        ]
    return Screen("\n".join(lines), (*rows, to_question(texts, place)))


def _of_option(texts: Texts, asked: Question, here: str, number: str) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if int(number):
        earlier = MenuTap("q_set", (here, "option_up", number)).pack()
        rows.append((Button(texts("↑ Earlier"), earlier),))
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion) and len(asked.options) > FEWEST_OPTIONS:
        off = MenuTap("q_set", (here, "option_off", number)).pack()
        rows.append((Button(texts("Remove the option"), off),))
    return tuple(rows)


def _part(texts: Texts, survey: Survey, asked: Question, name: str) -> tuple[str, LocalText]:
    kind, _, number = name.partition(".")
    if isinstance(asked, Points) and kind == "low_label":
        return texts("What {point} means", point=asked.low), asked.low_label
    if isinstance(asked, Points) and kind == "high_label":
        return texts("What {point} means", point=asked.high), asked.high_label
    match kind, asked:
        case "unit", NumberQuestion():
            return texts("Unit"), asked.unit
        case "option", ChoiceQuestion() | ChoicesQuestion():
            return texts("Option {n}", n=int(number) + 1), asked.options[int(number)].text
        case "variant", _ if number.isdecimal():
            variant = asked.variants[int(number)]
            return texts("Asked so: {when}", when=when(texts, survey, variant.if_)), variant.text
        case _:
            raise LookupError(name)
