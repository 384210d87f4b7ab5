"""What a survey looks like: pure functions from its progress to text and buttons.

Everything that comes from people or files is escaped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Literal

from bot.says.channels import ways
from bot.says.greeting import asks_opinion, hello
from bot.says.markup import literal
from bot.says.screens import Button, Field, Rows, Screen
from bot.says.taps import MenuTap, SurveyAction, SurveyTap
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    LocalText,
    NumberQuestion,
    Points,
    Question,
    Survey,
    TextQuestion,
    YesNoQuestion,
    localized,
)
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts

_ROW = 6
"""How many numbers a phone shows side by side."""
_SHOWN_ANSWER = 500
_LONGEST_NUMBER = 40


ConsentReader = Literal["customer", "staff", "expert"]
NOBODY = 0
"""The invitation of a survey that is only tried."""


@dataclass(frozen=True, slots=True)
class SurveyView:
    """Who looks at a survey, and through which invitation."""

    survey: Survey
    invitation_id: int
    texts: Texts
    placeholders: Placeholders
    handle: str = ""
    concealed: frozenset[str] = frozenset()
    """Questions whose answers are not shown again, since the reader may be somebody else."""
    channel: str = ""
    """Where it is read; "" for a message, which is worded alike for every messenger."""

    def words(self, text: LocalText) -> str:
        """Return a survey's text in the reader's language, filled and escaped."""
        return literal(fill(localized(text, self.texts.language), self.placeholders))

    def tap(self, action: SurveyAction, question: Question | None = None, option: str = "") -> str:
        """Return the callback data of a button."""
        place = 0 if question is None else flow.place(self.survey, question.key)
        return SurveyTap(action, self.invitation_id, place, option, self.handle).pack()


def invitation(view: SurveyView, question: Question) -> Screen:
    """Return the first message: who asks, how long it takes, and the first question already."""
    asked = question_screen(view, question, {})
    return replace(asked, text=f"{_greeting(view)}\n\n{asked.text}")


def invitation_again(view: SurveyView, question: Question) -> Screen:
    """Return the one reminder to somebody whose invitation may never have come.

    It says all that the invitation says: who asks, and who will see the answers.
    """
    asked = question_screen(view, question, {})
    once = view.texts("If you have had this invitation already, this is our one reminder.")
    return replace(asked, text=f"{_greeting(view)}\n{once}\n\n{asked.text}")


def reminder(
    view: SurveyView,
    question: Question,
    answers: Mapping[str, Answer],
    asked: LocalText | None = None,
) -> Screen:
    """Return the one reminder: the same question again, kindly; `asked` as in `question_screen`.

    Whoever has begun reads that their answers are still there.
    """
    shown = question_screen(view, question, answers, asked)
    kind = view.texts("We would still like to hear from you. One tap is enough to begin.")
    if answers:
        kind = view.texts(
            "We would still like to hear from you. Your answers so far are kept; you left off here."
        )
    return replace(shown, text=f"{kind}\n\n{shown.text}")


def _greeting(view: SurveyView) -> str:
    survey, texts = view.survey, view.texts
    name = "" if survey.anonymous else literal(view.placeholders.name)
    if survey.audience == "managers":
        lines = [f"<b>{view.words(survey.title)}</b>"]
    else:
        asks = literal(asks_opinion(texts, view.placeholders.company))
        lines = [f"{hello(texts, name)} {asks}"]
    lines.append(
        texts.plural("It takes about {n} minute.", "It takes about {n} minutes.", survey.minutes)
    )
    if survey.sees is not None:
        lines.append(view.words(survey.sees))
    if survey.anonymous:
        lines.append(
            texts(
                "Your answers are anonymous: they are opened without names, those of five people "
                "or more at once. Until then they are sealed, and only somebody with access to "
                "the running server could find out whose they are."
            )
        )
    return "\n".join(lines)


def question_screen(
    view: SurveyView,
    question: Question,
    answers: Mapping[str, Answer],
    asked: LocalText | None = None,
) -> Screen:
    """Return a question with its place, its buttons, the present answer, Back and Skip.

    `asked` is the wording that the present answer was given to, where that is known.
    """
    position, total = flow.progress(view.survey, answers, question.key)
    place = view.texts("{position} of {total}", position=position, total=total)
    wording = flow.wording(question, answers)
    lines = [f"<i>{place}</i>", f"<b>{view.words(wording)}</b>"]
    lines += [line for line in (_ends(view, question), _hint(view, question)) if line]
    answer = answers.get(question.key)
    shows = question.key not in view.concealed and not isinstance(question, ChoicesQuestion)
    if answer is not None and shows:
        shown = literal(shortened(answer_text(view, question, answer)))
        lines.append(_present(view, shown, None if asked == wording else asked))
        if isinstance(question, TextQuestion):
            lines.append(f"<i>{_later_words(view)}</i>")
    rows = (*_options(view, question, answer), *_moves(view, question, answers))
    return Screen("\n\n".join(lines), rows, _field(view, question))


def _present(view: SurveyView, shown: str, asked: LocalText | None) -> str:
    if asked is None:
        return view.texts("Your answer: {answer}", answer=shown)
    question = view.texts.quoted(view.words(asked))
    return view.texts("Your answer to {question}: {answer}", question=question, answer=shown)


def _later_words(view: SurveyView) -> str:
    """Say what becomes of the words that are there: of named surveys none is ever lost."""
    if view.survey.anonymous:
        return view.texts("What you write now takes the place of it: nothing else is kept.")
    return view.texts("What you write now is kept as well.")


def _field(view: SurveyView, question: Question) -> Field | None:
    data = view.tap("answer", question)
    match question:
        case TextQuestion():
            return Field("words", data, question.max_length)
        case NumberQuestion():
            return Field("number", data, _LONGEST_NUMBER)
        case _:
            return None


def _ends(view: SurveyView, question: Question) -> str:
    if not isinstance(question, Points):
        return ""
    low, high = view.words(question.low_label), view.words(question.high_label)
    return f"{question.low} — {low}\n{question.high} — {high}"


def _hint(view: SurveyView, question: Question) -> str:
    match question:
        case TextQuestion():
            said = ways(view.channel).words_are_typed
            return view.texts(said) if said else ""
        case NumberQuestion():
            return view.texts(
                "Type a number from {low} to {high} ({unit}).",
                low=view.texts.number(question.min, None),
                high=view.texts.number(question.max, None),
                unit=view.words(question.unit),
            )
        case ChoicesQuestion(at_most=None):
            return view.texts("Choose all that apply, then tap Done.")
        case ChoicesQuestion():
            return view.texts("Choose at most {limit}, then tap Done.", limit=question.at_most)
        case _:
            return ""


def _options(view: SurveyView, question: Question, answer: Answer) -> Rows:
    if isinstance(question, Points):
        return _numbers(view, question, range(question.low, question.high + 1))
    match question:
        case YesNoQuestion():
            yes = Button(view.texts("Yes"), view.tap("answer", question, "1"))
            return ((yes, Button(view.texts("No"), view.tap("answer", question, "0"))),)
        case ChoiceQuestion() | ChoicesQuestion():
            several = isinstance(question, ChoicesQuestion)
            chosen = answer if isinstance(answer, tuple) else ()
            buttons = tuple(
                Button(
                    ("✓ " if option.key in chosen else "")
                    + localized(option.text, view.texts.language),
                    view.tap("answer", question, str(index)),
                    chosen=option.key in chosen if several else None,
                )
                for index, option in enumerate(question.options)
            )
            return tuple((button,) for button in buttons)
        case _:
            return ()


def _numbers(view: SurveyView, question: Question, points: Iterable[int]) -> Rows:
    buttons = [Button(str(point), view.tap("answer", question, str(point))) for point in points]
    rows = ceil(len(buttons) / _ROW)
    in_row = ceil(len(buttons) / rows)  # seven buttons are four and three, not six and one
    return tuple(tuple(buttons[start : start + in_row]) for start in range(0, len(buttons), in_row))


def _moves(view: SurveyView, question: Question, answers: Mapping[str, Answer]) -> Rows:
    row = []
    if flow.before(view.survey, answers, question.key) is not None:
        row.append(Button(view.texts("‹ Back"), view.tap("back", question)))
    if isinstance(question, ChoicesQuestion) and answers.get(question.key):
        row.append(Button(view.texts("Done"), view.tap("done", question)))
    elif question.optional:
        row.append(Button(view.texts("Skip"), view.tap("skip", question)))
    return (tuple(row),) if row else ()


def answer_text(view: SurveyView, question: Question, answer: Answer) -> str:
    """Return an answer as its giver would read it."""
    match answer:
        case None:
            return view.texts("no answer")
        case bool():
            return view.texts("Yes") if answer else view.texts("No")
        case tuple():
            return ", ".join(answer_text(view, question, key) for key in answer)
        case str() if isinstance(question, ChoiceQuestion | ChoicesQuestion):
            labels = {option.key: option.text for option in question.options}
            return localized(labels[answer], view.texts.language) if answer in labels else answer
        case str():
            return answer
        case _:
            return view.texts.number(answer, None)


def shortened(text: str) -> str:
    """Return the beginning of a long text, since a message with all of it would be refused."""
    return text if len(text) <= _SHOWN_ANSWER else f"{text[:_SHOWN_ANSWER].rstrip()}…"


def thanks(
    view: SurveyView,
    answers: Mapping[str, Answer],
    review_url: str | None,
    *,
    may_change: bool = True,
) -> Screen:
    """Return the last screen: thanks by segment, the review link for everybody, a way back."""
    rows: list[tuple[Button, ...]] = []
    if review_url and view.survey.audience == "customers":
        rows.append((Button(view.texts("Leave a public review"), url=review_url),))
    if may_change:
        rows.append((Button(view.texts("Change my answers"), view.tap("change")),))
    total = view.texts.number(flow.total(view.survey, answers), None)
    told = replace(view, placeholders=replace(view.placeholders, total=total))
    return Screen(told.words(flow.thanks(view.survey, answers)), tuple(rows))


def closed(texts: Texts, day: date) -> Screen:
    """Return what stands in place of a survey that has ended."""
    return Screen(
        texts("This survey closed on {day}. Thank you for your attention.", day=texts.date(day))
    )


def consent(texts: Texts, company: str, channel: str, reader: ConsentReader) -> Screen:
    """Return the first contact: who asks, why, how long it takes, what is kept."""
    name = literal(company)
    said = ways(channel)
    if reader == "expert":
        lines = [
            texts("<b>{company}</b> asks you here for your judgement as an expert.", company=name),
            texts(
                "It takes about ten minutes and can be left at any moment. The admins see your "
                "judgements with your name."
            ),
        ]
    elif reader == "staff":
        lines = [
            texts(said.asks_staff, company=name),
            texts(
                "Questionnaires come about once a month and take under five minutes. Each one "
                "says first who will see the answers."
            ),
        ]
    else:
        lines = [
            texts(said.asks_customers, company=name),
            texts(
                "A few short questions, at most once a month, about a minute each time. "
                "Your answers help the company to mend what is wrong."
            ),
        ]
    if not company:
        lines[:1] = [asks_opinion(texts, "")] if reader == "customer" else []
    lines.append(texts(said.kept))
    lines.append(texts(said.agreeing))
    yes = Button(texts("I agree"), MenuTap("consent", ("yes",)).pack())
    read = Button(texts("Read the consent"), MenuTap("consent_read").pack())
    no = Button(texts("No, thank you"), MenuTap("consent", ("no",)).pack())
    rows = ((yes,), (no,)) if said.shows_documents else ((yes,), (read,), (no,))
    return Screen("\n\n".join(lines), rows)
