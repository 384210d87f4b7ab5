"""Several experts' comparisons as one set of weights, and which experts contradict themselves.

There are two ways of combining [Forman & Peniwati 1998, European Journal of Operational Research
108, 165–169]: the experts' judgements, cell by cell, for a group that decides as one; or their
finished priorities, for experts who speak for themselves. Both are geometric means. Contradictions
may cancel in the joint matrix, so each expert's own ratio is shown, and an expert above .10 is left
out unless kept on purpose.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoring.errors import BadInput, NotEnoughData
from scoring.weights import ahp
from scoring.weights.ahp import Judgements, Priorities
from surveys.messages import mark


class Combining(StrEnum):
    """What of the experts is combined."""

    JUDGEMENTS = "judgements"
    PRIORITIES = "priorities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """One expert's own priorities; `used`: whether they count in the joint weights."""

    name: str
    priorities: Priorities
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The experts and their joint weights (sum 1).

    `joint` are the joint judgements' priorities; None where priorities were combined, which leave
    no joint matrix to contradict itself.
    """

    combining: Combining
    experts: tuple[Expert, ...]
    weights: dict[str, float]
    joint: Priorities | None

    @property
    def left_out(self) -> tuple[Expert, ...]:
        """Those whose judgements contradict each other too much to count."""
        return tuple(expert for expert in self.experts if not expert.used)


def panel(
    names: Sequence[str],
    experts: Mapping[str, Judgements],
    *,
    combining: Combining = Combining.JUDGEMENTS,
    keep: bool = False,
) -> Panel:
    """Return the joint weights of {expert: comparison matrix}.

    A single expert always counts. Raises BadInput naming the expert and the cell that is wrong,
    and NotEnoughData where everybody would be left out.
    """
    if not experts:
        raise NotEnoughData(what=mark("experts"), needed=1, have=0)
    alone = len(experts) == 1
    own = {
        name: _priorities("" if alone else name, names, given) for name, given in experts.items()
    }
    all_count = keep or alone
    found = tuple(
        Expert(name=name, priorities=known, used=all_count or known.consistent is not False)
        for name, known in own.items()
    )
    used = [expert for expert in found if expert.used]
    if not used:
        raise NotEnoughData(
            what=mark("experts who do not contradict themselves (--keep takes all)"),
            needed=1,
            have=0,
        )
    if combining is Combining.PRIORITIES:
        return Panel(combining=combining, experts=found, weights=_mean(names, used), joint=None)
    matrices = [ahp.checked(names, experts[expert.name]) for expert in used]
    joint = ahp.priorities(names, ahp.aggregate(matrices))
    return Panel(combining=combining, experts=found, weights=joint.weights, joint=joint)


def _priorities(expert: str, names: Sequence[str], given: Judgements) -> Priorities:
    try:
        return ahp.priorities(names, ahp.on_saatys_scale(names, given))
    except BadInput as error:
        raise _named(expert, error) from error


def _mean(names: Sequence[str], experts: Sequence[Expert]) -> dict[str, float]:
    logs = {
        name: math.fsum(math.log(one.priorities.weights[name]) for one in experts) / len(experts)
        for name in names
    }
    total = math.fsum(map(math.exp, logs.values()))
    return {name: math.exp(log) / total for name, log in logs.items()}


def _named(expert: str, error: BadInput) -> BadInput:
    field = f"{expert}, {error.field}" if expert else error.field
    return BadInput(field=field, problem=error.problem.template, **error.problem.values)
