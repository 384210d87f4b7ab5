"""How it was computed: the numbers that go into the definitions."""

from dataclasses import dataclass

from surveys.reports.digest import Digest
from templates.texts import Texts
from templates.wording import measure_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsShown:
    """The changes that the company calls small."""

    nps: str
    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodShown:
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
        baseline=_has_baseline(document),
    )


def _has_baseline(document: Digest) -> bool:
    return any(row.baseline for row in document.scorecard.criteria) or bool(
        document.nps and document.nps.baseline
    )
