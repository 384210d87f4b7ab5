"""What one question looks like while it is edited: pure functions to screens."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from bot.chat.menus import LANGUAGE_NAMES
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from surveys.counts.measures import KNOWN
from surveys.messages import LANGUAGES, mark
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    Condition,
    LocalText,
    NpsQuestion,
    NumberQuestion,
    Question,
    ScaleQuestion,
    Survey,
    localized,
)
from surveys.survey.editing_questions import FEWEST_OPTIONS, MOST_OPTIONS, Kind
from templates.texts import Texts
from templates.wording import measure_name

KINDS: Final[Mapping[Kind, str]] = {
    "nps": mark("Recommend, 0–10"),
    "scale": mark("A scale"),
    "choice": mark("One of several"),
    "choices": mark("Some of several"),
    "number": mark("A number"),
    "text": mark("Words"),
    "yes_no": mark("Yes or no"),
}
SCALES: Final = ((1, 5), (1, 7), (0, 10), (1, 10))
_SHORT: Final = 28


def kinds(texts: Texts) -> Screen:
    """Return the kinds of question to choose from."""
    rows = tuple(
        (Button(texts(name), MenuTap("q_add", (kind,)).pack()),) for kind, name in KINDS.items()
    )
    return Screen(texts("What kind of question?"), (*rows, to_survey(texts)))


def to_survey(texts: Texts) -> tuple[Button, ...]:
    """Return the row that leads back to the whole survey."""
    return (Button(texts("‹ Back to the survey"), MenuTap("editor").pack()),)


def question(texts: Texts, survey: Survey, place: int, hint: str = "") -> Screen:
    """Return a question with everything about it, and a button for each thing."""
    asked = survey.questions[place]
    lines = [f"<b>{place + 1}. {escape(texts(KINDS[asked.kind]), quote=False)}</b>", ""]
    lines += [f"{LANGUAGE_NAMES[one]}: {_safe(localized(asked.text, one))}" for one in LANGUAGES]
    lines += ["", *(_safe(line) for line in _facts(texts, survey, asked))]
    said = texts("Words in braces are filled in: {names}.", names="{company}, {name}, {manager}")
    lines += ["", f"<i>{said}</i>"]
    if hint:
        lines += ["", hint]
    rows = (*_texts_of(texts, survey, place, asked), *_values(texts, place, asked))
    return Screen("\n".join(lines), (*rows, *_place(texts, place), to_survey(texts)))


def _safe(text: str) -> str:
    return escape(text, quote=False)


def _both(text: LocalText) -> str:
    return f"{text.ru} / {text.en}"


def _facts(texts: Texts, survey: Survey, asked: Question) -> list[str]:
    lines = []
    match asked:
        case NpsQuestion() | ScaleQuestion():
            lines.append(texts("From {low} to {high}", low=asked.low, high=asked.high))
            lines += [f"{asked.low} — {_both(asked.low_label)}"]
            lines += [f"{asked.high} — {_both(asked.high_label)}"]
        case ChoiceQuestion() | ChoicesQuestion():
            lines += [f"• {_both(option.text)}" for option in asked.options]
        case NumberQuestion():
            low, high = texts.number(asked.min, None), texts.number(asked.max, None)
            lines.append(texts("From {low} to {high}", low=low, high=high))
            lines.append(texts("Unit: {unit}", unit=_both(asked.unit)))
        case _:
            pass
    lines += [
        texts("{condition}: {text}", condition=when(texts, survey, one.if_), text=_both(one.text))
        for one in asked.variants
    ]
    shown = texts("always") if asked.show_if is None else when(texts, survey, asked.show_if)
    lines.append(texts("Asked: {when}", when=shown))
    if asked.measures:
        names = ", ".join(measure_name(texts, key) for key in asked.measures)
        lines.append(texts("Measures: {names}", names=names))
    return lines


def _texts_of(texts: Texts, survey: Survey, place: int, asked: Question) -> Rows:
    """Return the buttons of everything that is worded: one row a text, a button a language."""
    parts: list[tuple[str, str]] = []
    if isinstance(asked, NpsQuestion | ScaleQuestion):
        parts += [("low_label", str(asked.low)), ("high_label", str(asked.high))]
    if isinstance(asked, NumberQuestion):
        parts.append(("unit", texts("Unit")))
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion):
        parts += [
            (f"option.{number}", localized(option.text, texts.language)[:_SHORT])
            for number, option in enumerate(asked.options)
        ]
    parts += [
        (f"variant.{number}", when(texts, survey, one.if_)[:_SHORT])
        for number, one in enumerate(asked.variants)
    ]
    wording = tuple(
        Button(LANGUAGE_NAMES[one], MenuTap("q_part", (str(place), "text", one)).pack())
        for one in LANGUAGES
    )
    rows = [
        tuple(
            Button(
                f"✎ {name} · {LANGUAGE_NAMES[one]}",
                MenuTap("q_part", (str(place), part, one)).pack(),
            )
            for one in LANGUAGES
        )
        for part, name in parts
    ]
    return (wording, *rows)


def _values(texts: Texts, place: int, asked: Question) -> Rows:
    rows: list[tuple[Button, ...]] = []
    here = str(place)
    if isinstance(asked, ScaleQuestion):
        rows.append(
            tuple(
                Button(
                    f"{'✓ ' if (asked.low, asked.high) == (low, high) else ''}{low}–{high}",
                    MenuTap("q_set", (here, "scale", f"{low}-{high}")).pack(),
                )
                for low, high in SCALES
            )
        )
    if isinstance(asked, NumberQuestion):
        bounds = MenuTap("q_part", (here, "bounds", "ru")).pack()
        rows.append((Button(texts("Least and greatest"), bounds),))
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion):
        row = []
        if len(asked.options) < MOST_OPTIONS:
            more = MenuTap("q_set", (here, "options", "more")).pack()
            row.append(Button(texts("One option more"), more))
        if len(asked.options) > FEWEST_OPTIONS:
            fewer = MenuTap("q_set", (here, "options", "fewer")).pack()
            row.append(Button(texts("Without the last"), fewer))
        rows.append(tuple(row))
    if asked.scored:
        measure = MenuTap("q_set", (here, "measure")).pack()
        rows.append((Button(texts("What it measures"), measure),))
    optional = texts("✓ May be skipped") if asked.optional else texts("✗ Must be answered")
    rows.append((Button(optional, MenuTap("q_set", (here, "optional")).pack()),))
    if place:
        rows.append((Button(texts("When it is asked"), MenuTap("q_when", (here,)).pack()),))
    return tuple(rows)


def _place(texts: Texts, place: int) -> Rows:
    here = str(place)
    return (
        (
            Button(texts("↑ Earlier"), MenuTap("q_move", (here, "up")).pack()),
            Button(texts("↓ Later"), MenuTap("q_move", (here, "down")).pack()),
        ),
        (Button(texts("Remove the question"), MenuTap("q_remove", (here,)).pack()),),
    )


def measures(texts: Texts, place: int, asked: Question) -> Screen:
    """Return what the question may measure; one thing at a time."""
    offered = [key for key in KNOWN if key != "nps" or isinstance(asked, NpsQuestion)]
    rows = [
        (
            Button(
                ("✓ " if key in asked.measures else "") + measure_name(texts, key),
                MenuTap("q_set", (str(place), "measure", key)).pack(),
            ),
        )
        for key in offered
    ]
    nothing = ("✓ " if not asked.measures else "") + texts("nothing")
    rows.append((Button(nothing, MenuTap("q_set", (str(place), "measure", "none")).pack()),))
    return Screen(texts("What does its answer measure?"), (*rows, to_question(texts, place)))


def to_question(texts: Texts, place: int) -> tuple[Button, ...]:
    """Return the row that leads back to the question."""
    return (Button(texts("‹ Back to the question"), MenuTap("q_words", (str(place),)).pack()),)


def conditions(texts: Texts, survey: Survey, place: int, offered: Sequence[Condition]) -> Screen:
    """Return what a question may depend on, the condition that holds now marked."""
    present = survey.questions[place].show_if
    always = ("✓ " if present is None else "") + texts("always")
    rows = [(Button(always, MenuTap("q_when", (str(place), "always")).pack()),)]
    rows += [
        (
            Button(
                ("✓ " if one == present else "") + when(texts, survey, one),
                MenuTap("q_when", (str(place), str(number))).pack(),
            ),
        )
        for number, one in enumerate(offered)
    ]
    return Screen(texts("When is it asked?"), (*rows, to_question(texts, place)))


def when(texts: Texts, survey: Survey, condition: Condition) -> str:
    """Return a condition in words: «answer 1 is at most 6»; a joined one is only named."""
    numbers = {one.key: place for place, one in enumerate(survey.questions, start=1)}
    if condition.question is None:
        return texts("by several answers")
    n = numbers[condition.question]
    if condition.at_most is not None:
        value = texts.number(condition.at_most, None)
        return texts("answer {n} is at most {value}", n=n, value=value)
    if condition.at_least is not None:
        value = texts.number(condition.at_least, None)
        return texts("answer {n} is at least {value}", n=n, value=value)
    if condition.answered is not None:
        return texts("{n} was answered", n=n) if condition.answered else texts("{n} was not", n=n)
    wanted = condition.in_ or (condition.is_,)
    asked = survey.question(condition.question)
    values = ", ".join(_value(texts, asked, one) for one in wanted)
    return texts("answer {n} is {value}", n=n, value=values)


def _value(texts: Texts, asked: Question, value: object) -> str:
    if isinstance(value, bool):
        return texts("Yes") if value else texts("No")
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion):
        words = {option.key: localized(option.text, texts.language) for option in asked.options}
        return words.get(str(value), str(value))
    return str(value)
