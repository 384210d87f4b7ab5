"""How it was computed: the numbers that go into the definitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.drivers import ScaleReliability, WithoutOmega
from templates.texts import Texts
from templates.wording import answers, measure_name, missing

OMEGA: Final[Mapping[WithoutOmega, str]] = {
    "constant_item": mark("no ω: a question got one answer from all"),
    "two_items": mark("no ω of two questions"),
    "no_common_factor": mark("no ω: the questions have nothing in common"),
    "loading_above_one": mark("no ω: one factor does not fit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsShown:
    """The changes that the company calls small."""

    nps: str
    index: str


class MethodShown(NamedTuple):
    """Levels, minima and margins, written out; `baseline`: some measure has a baseline wave."""

    confidence: str
    error: str
    compared: str
    score: str
    change: str
    gap: str
    word: str
    margins: MarginsShown
    partial: str
    scales: list[str]
    baseline: bool


def method(texts: Texts, document: Digest) -> MethodShown:
    """Return what goes into the definitions, written out."""
    found = document.method
    minimum = found.minimum
    return MethodShown(
        confidence=texts.percent(found.confidence),
        error=texts.percent(found.error),
        compared=texts.plural("{n} change", "{n} changes", found.compared)
        if found.compared
        else "",
        score=texts.number(minimum.score),
        change=texts.number(minimum.change),
        gap=texts.number(minimum.gap),
        word=texts.number(minimum.word),
        margins=MarginsShown(
            nps=texts.number(found.margins.nps, None),
            index=texts.number(found.margins.index, None),
        ),
        partial="; ".join(
            f"{measure_name(texts, key, document.own)}: {texts.number(n)}"
            for key, n in found.partial.items()
        ),
        scales=[_scale(texts, document, one) for one in document.scales],
        baseline=_has_baseline(document),
    )


def _scale(texts: Texts, document: Digest, one: ScaleReliability) -> str:
    """Say how well the items of a measure go together, or what is missing to say it."""
    name = measure_name(texts, one.key, document.own)
    if one.alpha is None or one.low is None or one.high is None:
        return f"{name}: {unsaid_of(texts, one)}"
    alpha, low, high = (texts.number(x, digits=2) for x in (one.alpha, one.low, one.high))
    omega = (
        texts(OMEGA[one.without_omega])
        if one.without_omega
        else f"ω {texts.number(one.omega or 0.0, digits=2)}"
    )
    return texts(
        "{measure}: α {alpha} ({low} to {high}), {omega}; {questions}, {answers}",
        measure=name,
        alpha=alpha,
        low=low,
        high=high,
        omega=omega,
        questions=texts.plural("{n} question", "{n} questions", one.items),
        answers=answers(texts, one.n),
    )


def unsaid_of(texts: Texts, one: ScaleReliability) -> str:
    """Say why nothing is said of a measure's questions, empty where something is."""
    if one.alpha is not None:
        return ""
    if one.n < one.needed:
        return missing(texts, one.needed - one.n)
    if one.without == "firms":
        return texts("colleagues of fewer than ten firms answered")
    return texts("all respondents answered alike")


def _has_baseline(document: Digest) -> bool:
    return any(row.baseline for row in document.scorecard.criteria) or bool(
        document.nps and document.nps.baseline
    )
