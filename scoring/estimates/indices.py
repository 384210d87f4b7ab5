"""An index 0–100 of several items: the mean of a respondent's answers, each rescaled.

Rescaling 100·(x − lo)/(hi − lo), reverse-coded items turned first. A missing item is left out,
never a zero; an abandoned questionnaire's answers count.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from scoring.errors import BadInput
from scoring.estimates.counts import Scale, Tally, tally
from surveys.messages import mark

FEWEST_POINTS: Final = 2


class Item(NamedTuple):
    """One question of an index."""

    scale: Scale
    reverse: bool = False

    def score(self, answer: float) -> float:
        """Return the answer on 0–100, higher being better."""
        value = self.scale.holding(answer, "answer")
        return self.scale.rescale(self.scale.reverse(value) if self.reverse else value)


def index_scale(items: Iterable[Item]) -> Scale:
    """Return 0–100 with the points that the mean of all the items can take."""
    steps = [item.scale.points - 1 for item in items]
    if not steps:
        raise BadInput(field="items", problem=mark("an index needs at least one"))
    return scale_of(sum(steps) + 1)


def scale_of(points: int) -> Scale:
    """Return 0–100 with so many points: how an index's pseudo-answer is spread."""
    if points < FEWEST_POINTS:
        raise BadInput(
            field="points",
            problem=mark("must be at least {low}, not {given}"),
            low=FEWEST_POINTS,
            given=points,
        )
    return Scale(0, 100, points)


def respondent_index(
    answers: Mapping[str, float | None], items: Mapping[str, Item], *, minimum: int = 1
) -> float | None:
    """Return a respondent's index, or None with fewer than `minimum` of the items answered."""
    given = ((item, answers.get(key)) for key, item in items.items())
    scores = [item.score(answer) for item, answer in given if answer is not None]
    return sum(scores) / len(scores) if len(scores) >= max(minimum, 1) else None


def index_counts(
    respondents: Iterable[Mapping[str, float | None]],
    items: Mapping[str, Item],
    *,
    minimum: int = 1,
) -> Tally:
    """Return the respondents' index values as counts, and how many had none."""
    return tally(respondent_index(answers, items, minimum=minimum) for answers in respondents)
