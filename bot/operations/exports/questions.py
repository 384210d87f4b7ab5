"""The columns of a response's answers: a code, and a label where the code does not speak.

A column is called `survey.question`. Versions of a survey share it where they ask in the same form;
where a later one asks for another kind of answer, its column gets a number.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from bot.operations.exports.columns import Column
from storage.asking.definitions import StoredDefinition
from surveys.messages import Language
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    LocalText,
    NumberQuestion,
    Points,
    Question,
    ScaleQuestion,
    TextQuestion,
    YesNoQuestion,
    localized,
)
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts

LABEL: Final = ".label"
SCORE: Final = ".score"
ASKED: Final = ".asked"
_JOIN: Final = ";"


@dataclass(frozen=True, slots=True)
class Asked:
    """The columns of all questions, and where each question's begin."""

    columns: tuple[Column, ...]
    places: Mapping[tuple[int, str], tuple[int, Question]]
    texts: Texts
    names: Placeholders

    def cells(
        self, definition_id: int, answers: Mapping[str, str], asked: Mapping[str, str]
    ) -> list[Any]:
        """Return a response's cells, given its answers and known wordings, JSON by question key."""
        row: list[Any] = [None] * len(self.columns)
        for key, stored in answers.items():
            place = self.places.get((definition_id, key))
            value = json.loads(stored, parse_float=Decimal)
            if place is not None and value is not None:
                start, question = place
                cells = _cells(self, question, value, asked.get(key))
                row[start : start + len(cells)] = cells
        return row


def asked(texts: Texts, names: Placeholders, definitions: Iterable[StoredDefinition]) -> Asked:
    """Return the columns of these versions, those of earlier ones first.

    `names` stand in the questions for what depends on no row.
    """
    columns: list[Column] = []
    places: dict[tuple[int, str], tuple[int, Question]] = {}
    forms: dict[str, list[tuple[object, ...]]] = {}
    starts: dict[str, int] = {}
    for definition in definitions:
        for question in definition.survey.questions:
            known = forms.setdefault(f"{definition.key}.{question.key}", [])
            form = _form(question)
            if form not in known:
                known.append(form)
            number = known.index(form) + 1
            name = f"{definition.key}.{question.key}" + (f".{number}" if number > 1 else "")
            if name not in starts:
                starts[name] = len(columns)
                made = _columns(texts, name, question)
                columns += [replace(one, says=fill(one.says, names)) for one in made]
            places[definition.id, question.key] = (starts[name], question)
    return Asked(tuple(columns), places, texts, names)


def _form(question: Question) -> tuple[object, ...]:
    """Return what two versions must have in common to stand in one column."""
    match question:
        case ScaleQuestion():
            return (question.kind, question.low, question.high, question.reverse)
        case NumberQuestion():
            return (question.kind, question.unit.en)
        case _:
            return (question.kind,)


def _columns(texts: Texts, name: str, question: Question) -> Sequence[Column]:
    language = texts.language
    says = localized(question.text, language)
    if isinstance(question, Points):
        return _points(texts, name, question)
    match question:
        case NumberQuestion():
            return (Column(name, "number", f"{says} ({localized(question.unit, language)})"),)
        case YesNoQuestion():
            return (Column(name, "integer", says, {1: texts("yes"), 0: texts("no")}),)
        case ChoiceQuestion() | ChoicesQuestion():
            return _choice(texts, name, question)
        case TextQuestion():
            wording = Column(name + ASKED, "text", texts("the wording it was written under"))
            return (Column(name, "text", says), wording)


def _points(texts: Texts, name: str, question: Points) -> Sequence[Column]:
    language = texts.language
    ends = {question.low: question.low_label, question.high: question.high_label}
    labels: dict[int | str, str] = {at: localized(said, language) for at, said in ends.items()}
    point = Column(name, "integer", localized(question.text, language), labels)
    if isinstance(question, ScaleQuestion) and question.reverse:
        turned = texts("the same, turned: a high number is the good one")
        return (point, Column(name + SCORE, "integer", turned))
    return (point,)


def _choice(
    texts: Texts, name: str, question: ChoiceQuestion | ChoicesQuestion
) -> Sequence[Column]:
    says, options = localized(question.text, texts.language), _options(question, texts.language)
    if isinstance(question, ChoiceQuestion):
        label = texts("the chosen option's text")
        return (Column(name, "text", says, options), Column(name + LABEL, "text", label))
    label = texts("the chosen options' texts")
    said = "; ".join(f"{key}: {option}" for key, option in options.items())
    return (Column(name, "text", f"{says} ({said})"), Column(name + LABEL, "text", label))


def _options(
    question: ChoiceQuestion | ChoicesQuestion, language: Language
) -> dict[int | str, str]:
    return {option.key: localized(option.text, language) for option in question.options}


def _cells(
    columns: Asked,
    question: Question,
    value: Any,  # noqa: ANN401 - any answer
    asked: str | None,
) -> Sequence[Any]:
    match question:
        case TextQuestion():
            return (value, _wording(columns, question, asked))
        case ScaleQuestion(reverse=True):
            return (value, question.low + question.high - value)
        case YesNoQuestion():
            return (int(value),)
        case ChoiceQuestion():
            return (value, _options(question, columns.texts.language).get(value, value))
        case ChoicesQuestion():
            picked = [value] if isinstance(value, str) else value
            known = _options(question, columns.texts.language)
            labels = (known.get(key, key) for key in picked)
            return (_JOIN.join(picked), f"{_JOIN} ".join(labels))
        case _:
            return (value,)


def _wording(columns: Asked, question: TextQuestion, asked: str | None) -> str | None:
    """Return what words answered; None where a question has several wordings and it is unknown."""
    if asked is None and question.variants:
        return None
    wording = question.text if asked is None else LocalText.model_validate_json(asked)
    return fill(localized(wording, columns.texts.language), columns.names)
