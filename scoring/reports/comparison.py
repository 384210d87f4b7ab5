"""Two waves or periods held against each other, as one JSON-able document.

Each measure is compared twice: all answers of both sides, which are two partly overlapping samples
(`scoring.changes.difference`), and the same people, asked twice (paired). One of them is the
headline and gets the word, chosen by the numbers of answers alone: the same people, where they are
enough and at least half of the smaller side, because who happened to answer cannot move it; else
all answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from scoring.changes import waves
from scoring.changes.difference import Change
from scoring.changes.multiple import FAMILY_ERROR, step_down
from scoring.changes.verdict import Direction, Verdict, verdict
from scoring.estimates.counts import after_of, before_of, total
from scoring.reports.disclosure import MIN_ANONYMOUS, MIN_CHANGE
from scoring.reports.measures import CONFIDENCE, Measure, change, estimate, measure_of
from surveys.counts.comparing import ComparisonFigures, MeasurePair, Side
from surveys.counts.figures import Counts, Joint

FORMAT: Final = 1
MIN_PAIRS: Final = 5
"""The fewest people asked twice whose mean gets a word: there Student's t errs in less than 5 % of
unchanged waves (simulated: .00 of indices, .04 of skewed minutes). NPS and shares: `MIN_CHANGE`.
Of fewer nothing is told apart at all."""
MOST_PAIRS: Final = 10_000
"""Beyond so many the textbook test of pairs is left out: it takes them one by one."""
UNVALUED: Final = {Verdict.BETTER: "higher", Verdict.WORSE: "lower"}


def compare(figures: ComparisonFigures) -> dict[str, Any]:
    """Return the document; an estimate is {value, low, high, n}, a verdict one of the words."""
    headlines = [_headline(pair) for pair in figures.measures]
    levels = _levels(figures, headlines)
    rows = [
        _row(pair, kind, why, levels.get(number, CONFIDENCE))
        for number, (pair, (kind, why)) in enumerate(zip(figures.measures, headlines, strict=True))
    ]
    return {
        "format": FORMAT,
        "company": figures.company,
        "zone": figures.zone,
        "title": figures.title,
        "before": _side(figures.before),
        "after": _side(figures.after),
        "refusal": figures.refusal,
        "notes": list(figures.notes),
        "confidence": CONFIDENCE,
        "compared": len(levels),
        "error": FAMILY_ERROR,
        "minimum": MIN_CHANGE,
        "measures": rows,
    }


def _side(side: Side) -> dict[str, Any]:
    plain = {"versions": list(side.versions), "start": side.start.isoformat()}
    return {**asdict(side), **plain, "end": side.end.isoformat()}


def _headline(pair: MeasurePair) -> tuple[str | None, str]:
    """Return which view gets the word, and why; None where neither does."""
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


def _levels(
    figures: ComparisonFigures, headlines: Sequence[tuple[str | None, str]]
) -> dict[int, float]:
    """Return the level that decides each measure's word, all of them stepped down together."""
    p_values = {}
    for number, (pair, (kind, _)) in enumerate(zip(figures.measures, headlines, strict=True)):
        measure = measure_of(pair.measure, pair.points, pair.step)
        view = kind and _view(measure, pair, CONFIDENCE, paired=kind == "paired")["change"]
        if view:
            p_values[number] = view.p_of_sign
    return {number: step.level for number, step in step_down(p_values).items()}


def _fewest_pairs(pair: MeasurePair) -> int:
    form = measure_of(pair.measure, pair.points, pair.step).form
    return MIN_CHANGE if form in {"nps", "share"} else MIN_PAIRS


def _row(pair: MeasurePair, kind: str | None, why: str, level: float) -> dict[str, Any]:
    measure = measure_of(pair.measure, pair.points, pair.step)
    everybody = _view(measure, pair, level, paired=False)
    enough = total(pair.both) >= MIN_PAIRS
    paired = _view(measure, pair, level, paired=True) if enough else None
    views = {"all": everybody, "paired": paired}
    chosen = views[kind] if kind is not None else None
    return {
        "key": pair.measure,
        "label": pair.label,
        "unit": pair.unit,
        "form": measure.form,
        "valued": pair.better is not None,
        "verdict": _word(pair, chosen["change"] if chosen else None),
        "headline": kind,
        "why": why,
        "pairs": total(pair.both),
        "partial": {"before": pair.partial_before, "after": pair.partial_after},
        **{name: view and _shown(view) for name, view in views.items()},
        "test": _test(measure, pair.both),
    }


def _view(measure: Measure, pair: MeasurePair, level: float, *, paired: bool) -> dict[str, Any]:
    """Estimate both sides and their change; of anonymous answers nothing about a few people."""
    both = pair.both if total(pair.both) else {}
    before, after, firms = pair.before, pair.after, pair.firms
    if paired:
        before, after, firms = before_of(both), after_of(both), pair.firms_of_both
    sides = [
        None if _few(pair, counts) else estimate(measure, counts) for counts in (before, after)
    ]
    told = pair.same_wording and not any(_few(pair, counts) for counts in (before, after))
    return {
        "before": sides[0],
        "after": sides[1],
        "change": change(measure, before, after, both, level, firms) if told else None,
    }


def _few(pair: MeasurePair, counts: Counts) -> bool:
    return pair.anonymous and 0 < total(counts) < MIN_ANONYMOUS


def _shown(view: Mapping[str, Any]) -> dict[str, Any]:
    found: Change | None = view["change"]
    written = found and {
        "value": found.difference,
        "low": found.low,
        "high": found.high,
        "shared": found.n_both,
        "level": found.level,
    }
    return {**view, "change": written}


def _word(pair: MeasurePair, found: Change | None) -> str:
    if found is None:
        return Verdict.TOO_FEW.value
    direction = Direction.DOWN if pair.better == "down" else Direction.UP
    word = verdict(found, direction=direction, minimum=_fewest_pairs(pair))
    return UNVALUED.get(word, word.value) if pair.better is None else word.value


def _test(measure: Measure, both: Joint) -> dict[str, Any] | None:
    """Return the plain paired t test with d_z and Wilcoxon's p, of a mean only."""
    if measure.form in {"nps", "share"} or not MIN_PAIRS <= total(both) <= MOST_PAIRS:
        return None
    pairs = [pair for pair, count in both.items() for _ in range(count)]
    found = asdict(waves.paired([a for a, _ in pairs], [b for _, b in pairs]))
    return {key: found[key] for key in ("t", "df", "p_value", "d_z", "wilcoxon_p")}
