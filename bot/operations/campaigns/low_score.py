"""A low score as it is told: who, how low, in which words, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.says.markup import literal
from bot.says.screens import Button
from bot.says.spoken import KINDS
from bot.says.survey_screens import shortened
from bot.says.taps import MenuTap
from storage.answering.remarks import RemarkKind
from storage.people.people import Person
from surveys.survey.answers import Answer
from surveys.survey.definition import (
    LocalText,
    Question,
    ScaleQuestion,
    Survey,
    YesNoQuestion,
    localized,
)
from surveys.survey.flow import wording
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class SaidThen:
    """What a customer said.

    `asked`: the question it answered, where that is worded otherwise by now; `score`: the answer to
    the question that was reported first as it was then, where that has changed since. A voice, a
    picture or a file is of another `kind` than words, and may have none. What was `forwarded` is
    somebody else's.
    """

    text: str
    asked: LocalText | None = None
    score: int | None = None
    kind: RemarkKind = "words"
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class LowScore:
    """A customer's low score as it is told, and the managers it may be about.

    `first`: the question that was reported first, or is now; its answer is `given`, and was
    `before` when it was first reported (None: it has not been). `low`: every question with an
    answer to report now, the worst first. `managers`: the customer's present one first, then the
    one of the invitation. `by_words`: no answer is low, but words of the survey's `alert_words`
    were written.
    """

    customer: Person
    survey: Survey
    answers: Mapping[str, Answer]
    first: Question
    before: int | None
    low: Sequence[Question]
    said: Sequence[SaidThen]
    managers: Sequence[Person]
    of_manager: bool
    names: Placeholders
    by_words: bool = False
    finished: bool = True
    """Whether the survey was answered to its end, so that its thanks were read."""

    @property
    def words(self) -> list[str]:
        """What was written, and nothing around it."""
        return [one.text for one in self.said if one.text]

    @property
    def given(self) -> int | None:
        """The answer to `first` now; None where it was taken back."""
        given = None if self.by_words else self.answers.get(self.first.key)
        return int(given) if isinstance(given, int) else None

    @property
    def promised(self) -> bool:
        """Whether the thanks told the customer that somebody will be in touch."""
        by_segment = self.survey.thanks.detractor is not None
        return self.finished and by_segment and any(one.kind == "nps" for one in self.low)


def card_button(texts: Texts, told: LowScore) -> Button:
    """Return the button that opens the customer's card."""
    return Button(texts("The customer's card"), MenuTap("card", (str(told.customer.id),)).pack())


def alert_text(texts: Texts, told: LowScore, reader: Person, *, over: bool = False) -> str:
    """Return who scored low, how low, in which words, and what to do now, in our markup.

    `over`: the case is resolved, so nothing is to be done.
    """
    customer = told.customer
    who = ", ".join(filter(None, (customer.name, customer.account)))
    lines = [_headline(texts, told, literal(who)), *_ratings(texts, told)]
    lines += [_quoted(texts, told, one) for one in told.said]
    lines.append("")
    if customer.phone:
        lines.append(texts("Phone: {phone}", phone=literal(customer.phone)))
    for manager in told.managers[:1]:
        if manager.id != reader.id:
            lines.append(texts("Manager: {name}", name=literal(manager.name)))
    if over:
        return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip()
    if told.low or told.by_words:
        if told.promised:
            lines.append(texts("They were told that somebody will be in touch."))
        lines.append(
            texts(
                "<b>What to do:</b> call today, ask what happened and what would put it right, "
                "and say by when it will be done."
            )
        )
    else:
        lines.append(texts("The answer was changed: thank them before anything else."))
    if told.of_manager and told.managers[0].id != reader.id:
        lines.append(
            texts("It is about the manager, who was not told: please decide who gets in touch.")
        )
    return "\n".join(lines).replace("\n\n\n", "\n\n")


def _quoted(texts: Texts, told: LowScore, said: SaidThen) -> str:
    """Return words beside the question and the answer that they were given with."""
    line = texts.quoted(literal(shortened(said.text))) if said.text else ""
    if said.kind != "words":
        line = " ".join(filter(None, (f"[{texts(KINDS[said.kind])}]", line)))
    if said.forwarded:
        line = texts("{said} (forwarded)", said=line)
    if said.asked is not None:
        asked = fill(localized(said.asked, texts.language), told.names)
        question = literal(shortened(asked))
        line = texts("{question} — {answer}", question=question, answer=line)
    if said.score is not None:
        then = point_of(texts, told.first, said.score)
        line = texts("{words} (the answer was {score} then)", words=line, score=then)
    return line


def _headline(texts: Texts, told: LowScore, who: str) -> str:
    if told.by_words:
        return texts("<b>Words that need somebody</b> from {who}", who=who)
    now = point_of(texts, told.first, told.given)
    if told.before is None or told.before == told.given:
        return texts("<b>Low score: {score}</b> from {who}", score=now, who=who)
    before = point_of(texts, told.first, told.before)
    return texts("<b>Was {before}, now {score}</b>: {who}", before=before, score=now, who=who)


def point_of(texts: Texts, question: Question, point: int | None) -> str:
    """Write an answer: of 0–10 the point alone, of other scales with their end."""
    if point is None:
        return texts("no answer")
    if isinstance(question, YesNoQuestion):
        return texts("Yes") if point else texts("No")
    if isinstance(question, ScaleQuestion) and question.reverse:
        return texts(
            "{point} of {high}, where {high} is the worst", point=point, high=question.high
        )
    if isinstance(question, ScaleQuestion):
        return texts("{point} of {high}", point=point, high=question.high)
    return str(point)


def _ratings(texts: Texts, told: LowScore) -> list[str]:
    """Return each question with a low answer and the one reported first; not 0–10 alone."""
    shown = list(dict.fromkeys([told.first, *told.low]))
    if told.by_words:
        shown = [one for one in told.survey.questions if one.kind == "nps"]
    elif [one.kind for one in shown] == ["nps"]:
        return []
    lines = []
    for question in shown:
        given = told.answers.get(question.key)
        point = point_of(texts, question, int(given) if isinstance(given, int) else None)
        asked = fill(localized(wording(question, told.answers), texts.language), told.names)
        words = literal(shortened(asked))
        lines.append(texts("{question} — {point}", question=words, point=point))
    return lines
