"""Names the scores that the surveys here ask for, where a file has scores of another scale."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.errors import Refused
from storage.asking import definitions
from storage.database import Reader
from surveys.messages import Message
from surveys.survey.definition import Points, Survey

_ENOUGH = 10
"""Fewer scores may well be low by chance."""
_MOST = 12

ScaleEnds = tuple[int, int]


class Score(NamedTuple):
    """A scored question of customers who are named, with the options that choose it."""

    survey: str
    question: str
    scale: ScaleEnds

    @property
    def options(self) -> str:
        """Return what chooses it on the command line."""
        low, high = self.scale
        return f"--scale {low}-{high} --survey {self.survey} --question {self.question}"


class ScaleUnclear(Refused):
    """The file's scores do not fit the scale they are read as; `said` names scales that do."""

    def __init__(self, *said: Message) -> None:
        super().__init__()
        self.said = said

    def messages(self) -> tuple[Message, ...]:
        """Return what is to be said, a line each."""
        return self.said


async def scores_here(reader: Reader) -> list[Score]:
    """Return every score that past answers may be answers to."""
    found = await definitions.all_latest(reader)
    return [
        one
        for stored in sorted(found, key=lambda stored: stored.key)
        if not stored.survey.anonymous and stored.survey.audience == "customers"
        for one in _of_survey(stored.survey)
    ]


def _of_survey(survey: Survey) -> Iterator[Score]:
    for question in survey.questions:
        if isinstance(question, Points):
            yield Score(survey.key, question.key, (question.low, question.high))


def refuse_low(scores: Sequence[int], scale: ScaleEnds, here: Sequence[Score]) -> None:
    """Raise ScaleUnclear where no score is above the middle of a scale that nobody stated."""
    highest = max(scores, default=scale[1])
    if len(scores) < _ENOUGH or 2 * highest > scale[1]:
        return
    low, high = scale
    values = {"highest": highest, "low": low, "high": high}
    others = [
        one
        for one in here
        if one.scale != scale and one.scale[0] <= min(scores) and highest <= one.scale[1]
    ]
    raise ScaleUnclear(
        Message(
            "Nothing was imported: no score is above {highest}, which is unlikely where they are "
            "{low}-{high}.",
            values,
        ),
        Message("If they are {low}-{high} all the same: --scale {low}-{high}", values),
        *_choices(others),
    )


def other_scale(asked: Score, scale: ScaleEnds, here: Sequence[Score]) -> ScaleUnclear:
    """Return what to say where a question was asked on another scale than the file's."""
    values = {
        "first": scale[0],
        "last": scale[1],
        "survey": asked.survey,
        "question": asked.question,
        "low": asked.scale[0],
        "high": asked.scale[1],
    }
    return ScaleUnclear(
        Message(
            "Nothing was imported: the scores are said to be {first}-{last}, but the question "
            "«{question}» of «{survey}» is answered on {low}-{high}.",
            values,
        ),
        *_choices([one for one in here if one.scale == scale]),
    )


def _choices(scores: Sequence[Score]) -> Iterator[Message]:
    if not scores:
        yield Message(
            "No survey here asks on such a scale. Write one with that question, publish it "
            "(docs/surveys.md: otklik survey publish FILE), and name it: --survey KEY."
        )
        return
    yield Message("If they answer one of these questions, name it:")
    for one in scores[:_MOST]:
        yield Message("  {options}", {"options": one.options})
    if len(scores) > _MOST:
        yield Message("  … and {n} more: otklik survey list", {"n": len(scores) - _MOST})
