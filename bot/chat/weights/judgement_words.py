"""What an expert's judgements say in words: each one, their consistency, what they come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.operations.weights.judging import GivenJudgements
from bot.operations.weights.questionnaires import ComparedStep, ExpertQuestionnaire
from bot.says.markup import literal
from bot.says.taps import MenuTap
from scoring.weights.ahp import CONSISTENT_UP_TO, Priorities
from scoring.weights.choice import RankedChoice
from surveys.messages import mark
from templates.texts import Texts

STRENGTHS: Final[Mapping[int, str]] = {
    3: mark("slightly"),
    5: mark("clearly"),
    7: mark("much"),
    9: mark("absolutely"),
}
"""Saaty's odd steps; the even ones lie between."""
EQUALLY: Final = mark("equally")


@dataclass(frozen=True, slots=True)
class Comparing:
    """Where an expert stands in a questionnaire."""

    expert_id: int
    questionnaire: ExpertQuestionnaire
    given: GivenJudgements
    own: Priorities | None

    def tap(self, place: str, *arguments: object) -> str:
        """Return the data of a button that is about this expert's judgements."""
        return MenuTap(place, (str(self.expert_id), *map(str, arguments))).pack()


def name_of(texts: Texts, questionnaire: ExpertQuestionnaire, key: str) -> str:
    """Return what a criterion or an alternative is called, with a capital letter, escaped."""
    known = questionnaire.items.get(key)
    name = key if known is None else texts(known)
    return literal(name[:1].upper() + name[1:])


def to_reconsider(one: Comparing) -> int | None:
    """Return the place of the judgement to reconsider, where they contradict each other."""
    own = one.own
    if own is None or own.consistent is not False or own.worst is None:
        return None
    steps = one.questionnaire.steps()
    pairs = ((own.worst.first, own.worst.second), (own.worst.second, own.worst.first))
    return next((steps.index(pair) for pair in pairs if pair in steps), None)


def in_words(texts: Texts, one: Comparing, step: ComparedStep) -> str:
    """Say a judgement in words, whichever direction it has."""
    value = one.given[step]
    if one.questionnaire.alternatives:
        return str(value)
    first, second = (name_of(texts, one.questionnaire, key) for key in step)
    if value == 1:
        return texts("{a} and {b} matter equally", a=first, b=second)
    more, less = (first, second) if value > 0 else (second, first)
    steps = abs(value)
    if steps in STRENGTHS:
        return texts(
            "{a} matters {strength} more than {b} ({n})",
            a=more,
            b=less,
            strength=texts(STRENGTHS[steps]),
            n=steps,
        )
    lower = texts(STRENGTHS.get(steps - 1, EQUALLY))
    return texts(
        "{a} matters more than {b}, between «{lower}» and «{upper}» ({n})",
        a=more,
        b=less,
        lower=lower,
        upper=texts(STRENGTHS[steps + 1]),
        n=steps,
    )


def judged(texts: Texts, one: Comparing, place: int) -> str:
    """Say what was just noted."""
    step = one.questionnaire.steps()[place]
    if one.questionnaire.alternatives:
        return ""
    return texts("Noted: {judgement}.", judgement=in_words(texts, one, step))


def consistency(texts: Texts, one: Comparing) -> Iterator[str]:
    """Say how far the judgements contradict each other so far, and which is to be reconsidered."""
    own = one.own
    if one.questionnaire.alternatives or own is None or own.consistency_ratio is None:
        return
    ratio = texts.number(own.consistency_ratio, 2)
    limit = texts.number(CONSISTENT_UP_TO, 2)
    if own.consistent:
        yield texts(
            "Consistency ratio {ratio}: consistent (up to {limit}).", ratio=ratio, limit=limit
        )
        return
    yield texts(
        "Consistency ratio {ratio}: the judgements contradict each other (more than {limit}).",
        ratio=ratio,
        limit=limit,
    )
    worst = own.worst
    place = to_reconsider(one)
    if worst is not None and place is not None:
        step = one.questionnaire.steps()[place]
        implied = worst.implied if (worst.first, worst.second) == step else 1 / worst.implied
        yield texts(
            "Reconsider first: {judgement}. By your other answers: {implied}.",
            judgement=in_words(texts, one, step),
            implied=_implied(texts, one, step, implied),
        )


def _implied(texts: Texts, one: Comparing, step: ComparedStep, times: float) -> str:
    first, second = (name_of(texts, one.questionnaire, key) for key in step)
    more, less, by = (first, second, times) if times >= 1 else (second, first, 1 / times)
    return texts("{a} {times} times as much as {b}", a=more, b=less, times=texts.number(by, 1))


def weights(
    texts: Texts, questionnaire: ExpertQuestionnaire, found: Mapping[str, float]
) -> Iterator[str]:
    """Yield a line for each criterion, the heaviest first."""
    for key, weight in sorted(found.items(), key=lambda one: -one[1]):
        yield f"• {name_of(texts, questionnaire, key)}: {texts.percent(weight, digits=1)}"


def alternatives(
    texts: Texts, questionnaire: ExpertQuestionnaire, found: RankedChoice | None
) -> Iterator[str]:
    """Yield the alternatives in order, and how firm the first place is."""
    if found is None:
        return
    yield ""
    for one in found.alternatives:
        yield texts(
            "{rank}. {name}: {score} ({share})",
            rank=one.rank,
            name=literal(one.name),
            score=texts.number(one.score, 2),
            share=texts.percent(one.priority, digits=1),
        )
    firm = found.first_rank
    if firm is None:
        yield texts("No change of a single weight alters the first place.")
    else:
        yield texts(
            "The first place would change if «{criterion}» weighed {then} instead of {now}.",
            criterion=name_of(texts, questionnaire, firm.criterion),
            then=texts.percent(firm.weight_then, digits=1),
            now=texts.percent(firm.weight_now, digits=1),
        )
