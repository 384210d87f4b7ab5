"""What one question looks like while it is edited: pure functions to screens."""

from collections.abc import Mapping
from typing import Final

from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.surveys.condition_screens import in_rows, when
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from surveys.counts.measures import KNOWN, NPS, side_of
from surveys.messages import LANGUAGES, mark
from surveys.survey.answers import bounds
from surveys.survey.definition import (
    RATED,
    ChoiceQuestion,
    ChoicesQuestion,
    LocalText,
    NpsQuestion,
    NumberQuestion,
    Points,
    Question,
    ScaleQuestion,
    Survey,
    localized,
)
from surveys.survey.editing_questions import MOST_OPTIONS, EditableKind
from surveys.survey.low_answers import alert_score
from templates.texts import Texts
from templates.wording import measure_name

KINDS: Final[Mapping[EditableKind, str]] = {
    "nps": mark("Recommend, 0–10"),
    "scale": mark("A scale"),
    "choice": mark("One of several"),
    "choices": mark("Some of several"),
    "number": mark("A number"),
    "text": mark("Words"),
    "yes_no": mark("Yes or no"),
}
SCALES: Final = ((1, 5), (1, 7), (0, 10), (1, 10))


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
    lines = [f"<b>{place + 1}. {literal(texts(KINDS[asked.kind]))}</b>", ""]
    lines += [f"{LANGUAGE_NAMES[one]}: {literal(localized(asked.text, one))}" for one in LANGUAGES]
    lines += ["", *(literal(line) for line in _facts(texts, survey, asked))]
    said = texts("Words in braces are filled in: {names}.", names="{company}, {name}, {manager}")
    lines += ["", f"<i>{said}</i>"]
    if hint:
        lines += ["", hint]
    rows = (*_texts_of(texts, survey, place, asked), *_values(texts, survey, place, asked))
    return Screen("\n".join(lines), (*rows, *_place(texts, place), to_survey(texts)))


def _both(text: LocalText) -> str:
    return f"{text.ru} / {text.en}"


def _facts(texts: Texts, survey: Survey, asked: Question) -> list[str]:
    lines = []
    if isinstance(asked, Points):
        lines.append(texts("From {low} to {high}", low=asked.low, high=asked.high))
        lines.append(f"{asked.low} — {_both(asked.low_label)}")
        lines.append(f"{asked.high} — {_both(asked.high_label)}")
    match asked:
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
    if is_alerting(survey, asked):
        lines.append(alert_words(texts, asked))
    if asked.measures:
        names = ", ".join(measure_name(texts, key) for key in asked.measures)
        lines.append(texts("Measures: {names}", names=names))
    return lines


def is_alerting(survey: Survey, asked: Question) -> bool:
    """Whether low answers of a question may be reported at all."""
    named = survey.audience == "customers" and not survey.anonymous
    return named and isinstance(asked, RATED)


def alert_words(texts: Texts, asked: Question) -> str:
    """Return from which answer on the staff is told."""
    most, ends = alert_score(asked), bounds(asked)
    if most is None or ends is None:
        return texts("Low answers: nobody is told at once")
    if asked.kind == "yes_no":
        return texts("The staff is told at once of: {answer}", answer=texts("No"))
    turned = getattr(asked, "reverse", False)
    point = int(ends[0] + ends[1]) - int(most) if turned else int(most)
    return texts(
        "The staff is told at once of: {answer}", answer=f"{'≥' if turned else '≤'} {point}"
    )


def _texts_of(texts: Texts, survey: Survey, place: int, asked: Question) -> Rows:
    """Return the buttons of everything that is worded."""
    rows: list[tuple[Button, ...]] = [
        tuple(
            Button(
                f"✎ {LANGUAGE_NAMES[one]}",
                MenuTap("q_part", (str(place), "text", one)).pack(),
            )
            for one in LANGUAGES
        )
    ]
    if isinstance(asked, Points):
        ends = (
            ("low_label", asked.low, asked.low_label),
            ("high_label", asked.high, asked.high_label),
        )
        rows.append(
            tuple(
                _to_part(place, part, f"{point}: {localized(label, texts.language)}")
                for part, point, label in ends
            )
        )
    if isinstance(asked, NumberQuestion):
        rows.append((_to_part(place, "unit", texts("Unit")),))
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion):
        rows += [
            (_to_part(place, f"option.{number}", localized(option.text, texts.language)),)
            for number, option in enumerate(asked.options)
        ]
    rows += [
        (_to_part(place, f"variant.{number}", when(texts, survey, one.if_)),)
        for number, one in enumerate(asked.variants)
    ]
    if place:
        label = texts("Other words after some answers")
        rows.append((Button(label, MenuTap("q_when", (str(place), "new", "ask")).pack()),))
    return tuple(rows)


def _to_part(place: int, part: str, name: str) -> Button:
    return Button(f"✎ {name}", MenuTap("q_text", (str(place), part)).pack())


def _values(texts: Texts, survey: Survey, place: int, asked: Question) -> Rows:
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
    if isinstance(asked, ChoiceQuestion | ChoicesQuestion) and len(asked.options) < MOST_OPTIONS:
        more = MenuTap("q_set", (here, "options", "more")).pack()
        rows.append((Button(texts("One option more"), more),))
    if asked.scored:
        measure = MenuTap("q_set", (here, "measure")).pack()
        rows.append((Button(texts("What it measures"), measure),))
    if is_alerting(survey, asked):
        alert = MenuTap("q_set", (here, "alert")).pack()
        rows.append((Button(texts("When the staff is told"), alert),))
    optional = texts("✓ May be skipped") if asked.optional else texts("✗ Must be answered")
    rows.append((Button(optional, MenuTap("q_set", (here, "optional")).pack()),))
    if place:
        rows.append((Button(texts("When it is asked"), MenuTap("q_when", (here, "s", "")).pack()),))
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


def alerts(texts: Texts, place: int, asked: Question) -> Screen:
    """Return from which answer on the staff hears of it at once."""
    most, ends = alert_score(asked), bounds(asked)
    points = [] if ends is None else list(range(int(ends[0]), int(ends[1])))
    turned = getattr(asked, "reverse", False)
    labels = {}
    for point in points:
        answer = int(ends[0] + ends[1]) - point if turned and ends else point
        if asked.kind == "yes_no":
            labels[str(answer)] = (point, texts("No"))
        else:
            labels[str(answer)] = (point, f"{'≥' if turned else '≤'} {answer}")
    buttons = [
        Button(
            ("✓ " if point == most else "") + label,
            MenuTap("q_set", (str(place), "alert", answer)).pack(),
        )
        for answer, (point, label) in labels.items()
    ]
    nobody = ("✓ " if most is None else "") + texts("Nobody is told")
    never = (Button(nobody, MenuTap("q_set", (str(place), "alert", "never")).pack()),)
    said = texts("From which answer on are the manager and the admins told at once?")
    return Screen(said, (*in_rows(buttons), never, to_question(texts, place)))


def measures(texts: Texts, survey: Survey, asked: Question) -> Screen:
    """Return what the question may measure; one thing at a time."""
    place = survey.questions.index(asked)
    theirs = [key for key in KNOWN if side_of(key) == survey.audience]
    offered = [key for key in theirs if key != NPS or isinstance(asked, NpsQuestion)]
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
