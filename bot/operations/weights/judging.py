"""What experts' judgements come to: each one's consistency at once, and all of them together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.operations.weights.questionnaires import ComparedStep, ExpertQuestionnaire
from scoring.errors import BadInput
from scoring.weights import ahp, choice
from scoring.weights.ahp import Priorities
from scoring.weights.choice import RankedChoice
from scoring.weights.panel import Panel, panel
from storage.database import Reader
from storage.weights import experts
from storage.weights.experts import ExpertRow

GivenJudgements = Mapping[ComparedStep, int]
STRONGEST: Final = 9
MOST_RATING: Final = 10


@dataclass(frozen=True, slots=True)
class ExpertState:
    """An expert with their judgements; `own` is None until these connect all items."""

    row: ExpertRow
    given: GivenJudgements
    own: Priorities | None
    steps: int

    @property
    def is_whole(self) -> bool:
        """Whether everything was answered."""
        return len(self.given) >= self.steps

    @property
    def contradicts(self) -> bool:
        """Whether the judgements contradict each other beyond Saaty's limit."""
        return self.own is not None and self.own.consistent is False


def may_be(questionnaire: ExpertQuestionnaire, value: int) -> bool:
    """Tell whether a judgement is on the scale: 1–10 of a rating, 1–9 either way of a pair."""
    if questionnaire.alternatives:
        return 1 <= value <= MOST_RATING
    return value == 1 or 1 < abs(value) <= STRONGEST


def matrix(questionnaire: ExpertQuestionnaire, given: GivenJudgements) -> list[list[float | None]]:
    """Return the comparisons as a matrix; what was not compared is None."""
    keys = list(questionnaire.items)
    found: list[list[float | None]] = [[None] * len(keys) for _ in keys]
    for at in range(len(keys)):
        found[at][at] = 1.0
    for (first, second), value in given.items():
        if first in questionnaire.items and second in questionnaire.items:
            times = float(value) if value > 0 else 1 / -value
            row, column = keys.index(first), keys.index(second)
            found[row][column], found[column][row] = times, 1 / times
    return found


def priorities(questionnaire: ExpertQuestionnaire, given: GivenJudgements) -> Priorities | None:
    """Return one expert's weights and consistency; None until all items are connected."""
    names = list(questionnaire.items)
    try:
        if questionnaire.alternatives:
            rated = [given.get((key, ""), 0) for key in names]
            return ahp.priorities(names, ahp.from_ratings(rated))
        return ahp.priorities(names, matrix(questionnaire, given))
    except BadInput:
        return None


async def states(reader: Reader, questionnaire: ExpertQuestionnaire) -> list[ExpertState]:
    """Return every expert who is asked, with what they said so far."""
    steps = len(questionnaire.steps())
    found = []
    for row in await experts.of_questionnaire(reader, questionnaire.key):
        given = await experts.judged(reader, row.id)
        found.append(ExpertState(row, given, priorities(questionnaire, given), steps))
    return found


def together(questionnaire: ExpertQuestionnaire, known: Sequence[ExpertState]) -> Panel | None:
    """Return the joint weights; an inconsistent expert counts only if kept on purpose.

    None where nobody is left who counts. An expert who stopped halfway counts with what they
    judged.
    """
    matrices = {
        str(one.row.id): matrix(questionnaire, one.given)
        for one in known
        if one.own is not None and (one.row.is_kept or not one.contradicts)
    }
    return panel(list(questionnaire.items), matrices, keep=True) if matrices else None


def chosen(
    questionnaire: ExpertQuestionnaire, givens: Sequence[GivenJudgements]
) -> RankedChoice | None:
    """Return the alternatives in order, by the geometric means of whole sets of ratings."""
    steps = questionnaire.steps()
    whole = [given for given in givens if all(step in given for step in steps)]
    if not whole or not questionnaire.alternatives:
        return None
    joint = {
        step: math.exp(math.fsum(math.log(given[step]) for given in whole) / len(whole))
        for step in steps
    }
    ratings = {
        one: {key: joint[one, key] for key in questionnaire.items}
        for one in questionnaire.alternatives
    }
    return choice.choose({key: joint[key, ""] for key in questionnaire.items}, ratings)
