"""Two waves or periods compared, as one document.

Each measure is compared twice: over all answers of both sides, which are two partly overlapping
samples (`scoring.changes.difference`), and over the same people asked twice (paired). One of the
two gets the word, and only the numbers of answers choose it: the same people where there are enough
and at least half of the smaller side, since a change in who answers cannot move them; else all
answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scoring.changes import waves
from scoring.changes.difference import EstimatedChange
from scoring.changes.multiple import FAMILY_ERROR, step_down
from scoring.changes.verdict import Direction, verdict
from scoring.estimates.counts import after_of, before_of, total
from scoring.reports.measures import CONFIDENCE, Computation, change, computation, estimate
from surveys.counts.comparing import ComparisonFigures, MeasurePair
from surveys.counts.figures import Counts, Joint
from surveys.counts.minima import MIN_ANONYMOUS, MIN_CHANGE, MIN_PAIRS
from surveys.reports.comparison import (
    FORMAT,
    BothSides,
    ChangeWord,
    ComparedMeasure,
    Comparison,
    PairedT,
    Partial,
    View,
    Why,
)
from surveys.reports.estimates import DifferenceAtLevel, Estimate, Verdict

MOST_PAIRS: Final = 10_000
"""Beyond this number of pairs the textbook test is left out, since it takes them one by one."""
VALUED: Final[dict[Verdict, ChangeWord]] = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.NO_EVIDENCE: "no_evidence",
    Verdict.TOO_FEW: "too_few",
}
UNVALUED: Final[dict[Verdict, ChangeWord]] = {
    **VALUED,
    Verdict.BETTER: "higher",
    Verdict.WORSE: "lower",
}
HeadlineView = tuple[View | None, Why]
"""Which view gets the word, None where neither does, and why."""


@dataclass(frozen=True, slots=True)
class _View:
    """One way of counting: both sides and their change."""

    before: Estimate | None
    after: Estimate | None
    change: EstimatedChange | None


def compare(figures: ComparisonFigures) -> Comparison:
    """Return the document; all words together err in at most `FAMILY_ERROR` of unchanged waves."""
    headlines = [_headline(pair) for pair in figures.measures]
    levels = _levels(figures, headlines)
    rows = [
        _row(pair, headline, levels.get(number, CONFIDENCE))
        for number, (pair, headline) in enumerate(zip(figures.measures, headlines, strict=True))
    ]
    return Comparison(
        format=FORMAT,
        company=figures.company,
        zone=figures.zone,
        title=figures.title,
        before=figures.before,
        after=figures.after,
        refusal=figures.refusal,
        notes=figures.notes,
        confidence=CONFIDENCE,
        compared=len(levels),
        error=FAMILY_ERROR,
        minimum=MIN_CHANGE,
        measures=tuple(rows),
    )


def _headline(pair: MeasurePair) -> HeadlineView:
    sizes = total(pair.before), total(pair.after)
    both = total(pair.both)
    if not pair.same_wording:
        return None, "wording"
    if not min(sizes):
        return None, "not_asked"
    if both >= _fewest_pairs(pair) and 2 * both >= min(sizes):
        return "paired", "most_answered_both"
    if min(sizes) < MIN_CHANGE:
        return None, "few_answers"
    if pair.anonymous and not both:
        return "all", "anonymous"
    return "all", "few_pairs" if both else "strangers"


def _levels(figures: ComparisonFigures, headlines: Sequence[HeadlineView]) -> dict[int, float]:
    """Return the level that decides each measure's word, all of them stepped down together."""
    p_values = {}
    for number, (pair, (kind, _)) in enumerate(zip(figures.measures, headlines, strict=True)):
        found = kind and _view(_measure(pair), pair, CONFIDENCE, paired=kind == "paired").change
        if found:
            p_values[number] = found.p_of_sign
    return {number: step.level for number, step in step_down(p_values).items()}


def _measure(pair: MeasurePair) -> Computation:
    return computation(pair.measure, pair.points, pair.step)


def _fewest_pairs(pair: MeasurePair) -> int:
    return MIN_CHANGE if _measure(pair).form in {"nps", "share"} else MIN_PAIRS


def _row(pair: MeasurePair, headline: HeadlineView, level: float) -> ComparedMeasure:
    measure = _measure(pair)
    kind, why = headline
    everybody = _view(measure, pair, level, paired=False)
    enough = total(pair.both) >= MIN_PAIRS
    paired = _view(measure, pair, level, paired=True) if enough else None
    chosen = paired if kind == "paired" else everybody if kind == "all" else None
    return ComparedMeasure(
        key=pair.measure,
        label=pair.label,
        unit=pair.unit,
        form=measure.form,
        valued=pair.better is not None,
        verdict=_word(pair, chosen.change if chosen else None),
        headline=kind,
        why=why,
        pairs=total(pair.both),
        partial=Partial(before=pair.partial_before, after=pair.partial_after),
        all=_both_sides(everybody),
        paired=None if paired is None else _both_sides(paired),
        test=_test(measure, pair.both),
    )


def _view(measure: Computation, pair: MeasurePair, level: float, *, paired: bool) -> _View:
    """Estimate both sides and their change; a few anonymous answers get neither."""
    both = pair.both if total(pair.both) else {}
    before, after, firms = pair.before, pair.after, pair.firms
    if paired:
        before, after, firms = before_of(both), after_of(both), pair.firms_of_both
    few = [_few(pair, counts) for counts in (before, after)]
    told = pair.same_wording and not any(few)
    return _View(
        before=None if few[0] else estimate(measure, before),
        after=None if few[1] else estimate(measure, after),
        change=change(measure, before, after, both, level, firms) if told else None,
    )


def _few(pair: MeasurePair, counts: Counts) -> bool:
    return pair.anonymous and 0 < total(counts) < MIN_ANONYMOUS


def _both_sides(view: _View) -> BothSides:
    found = view.change
    return BothSides(
        before=view.before,
        after=view.after,
        change=None if found is None else _difference(found),
    )


def _difference(found: EstimatedChange) -> DifferenceAtLevel:
    return DifferenceAtLevel(
        value=found.difference,
        low=found.low,
        high=found.high,
        shared=found.n_both,
        level=found.level,
    )


def _word(pair: MeasurePair, found: EstimatedChange | None) -> ChangeWord:
    if found is None:
        return "too_few"
    direction = Direction.DOWN if pair.better == "down" else Direction.UP
    word = verdict(found, direction=direction, minimum=_fewest_pairs(pair))
    return (UNVALUED if pair.better is None else VALUED)[word]


def _test(measure: Computation, both: Joint) -> PairedT | None:
    """Return the plain paired t test with d_z and Wilcoxon's p, of a mean only."""
    if measure.form in {"nps", "share"} or not MIN_PAIRS <= total(both) <= MOST_PAIRS:
        return None
    pairs = [pair for pair, count in both.items() for _ in range(count)]
    found = waves.paired([a for a, _ in pairs], [b for _, b in pairs])
    return PairedT(
        t=found.t,
        df=found.df,
        p_value=found.p_value,
        d_z=found.d_z,
        wilcoxon_p=found.wilcoxon_p,
    )
