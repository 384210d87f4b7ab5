"""From a scorecard file to its criteria, their verdicts and the index."""

from collections.abc import Mapping
from pathlib import Path

from bot.cli.calc.cases import notes, sequence
from bot.cli.calc.files import (
    known,
    mapping,
    number,
    numbers,
    read_document,
    read_table,
    whole_number,
    written,
)
from scoring.changes import difference, multiple
from scoring.changes.difference import EstimatedChange
from scoring.changes.verdict import verdict
from scoring.criteria import scorecard
from scoring.criteria.churn import Churn, churn
from scoring.errors import BadInput
from scoring.estimates import counts, means
from scoring.estimates.combination import ScaleAnswers
from scoring.estimates.counts import Scale
from surveys.messages import mark

ScoresGiven = Mapping[str, object]
FigureGiven = ScaleAnswers | Churn | float | None
KINDS = (
    {"score"},
    {"counts", "scale", "points"},
    {"active_at_start", "departed"},
    {"amount", "baseline"},
)


def scored(path: Path, level: float) -> tuple[dict[str, object], list[str]]:
    """Return the index and its criteria from a YAML, JSON or CSV file, and the file's notes."""
    document = _table(path) if path.suffix.lower() == ".csv" else read_document(path)
    known(document, {"weights", "criteria", "notes"}, path.name)
    given = {
        key: mapping(value, f"criteria.{key}")
        for key, value in mapping(document.get("criteria"), "criteria").items()
    }
    weights = _weights(document, given)
    now = {key: _figure(key, value) for key, value in given.items()}
    before = {
        key: _figure(key, _earlier(key, value)) for key, value in given.items() if "before" in value
    }
    found = scorecard.effectiveness_index(_scores(now), weights, level=level)
    result: dict[str, object] = {
        "index": found.index,
        "low": found.low,
        "high": found.high,
        "level": level,
        "standard_error": found.standard_error,
        "equal_weights_index": found.equal_weights,
        "weights": found.weights,
        "criteria": _criteria(now, before, level),
    }
    if common := {key: score for key, score in _scores(before).items() if key in _scores(now)}:
        result["change"] = scorecard.index_change(common, _scores(now), weights, level=level)
    return result, notes(document)


def _table(path: Path) -> dict[str, object]:
    """Read the columns criterion, score and, where given, weight."""
    rows = read_table(path)
    if not rows or not {"criterion", "score"} <= set(rows[0]):
        raise BadInput(field=path.name, problem=mark("needs the columns criterion, score and rows"))
    cells = {row["criterion"].strip(): row for row in rows}
    if len(cells) < len(rows):
        raise BadInput(field=path.name, problem=mark("names a criterion twice"))
    document: dict[str, object] = {
        "criteria": {key: {"score": written(row["score"], key)} for key, row in cells.items()}
    }
    if "weight" in rows[0]:
        document["weights"] = {key: written(row["weight"], key) for key, row in cells.items()}
    return document


def _weights(document: ScoresGiven, given: ScoresGiven) -> dict[str, float] | None:
    if not document.get("weights"):
        return None
    weights = numbers(document["weights"], "weights")
    if unknown := sorted(set(weights) - set(given)):
        raise BadInput(
            field="weights", problem=mark("name no criterion: {unknown}"), unknown=unknown
        )
    return weights


def _earlier(key: str, given: ScoresGiven) -> ScoresGiven:
    """Return the figures before, on the scale and baseline of those now."""
    kept = {name: given[name] for name in ("scale", "points", "baseline") if name in given}
    return {**kept, **mapping(given["before"], f"criteria.{key}.before")}


def _figure(key: str, given: ScoresGiven) -> FigureGiven:
    own = {name: value for name, value in given.items() if name != "before"}
    place = f"criteria.{key}"
    if not any(set(own) <= kind for kind in KINDS):
        known(own, set().union(*KINDS), place)
        raise BadInput(field=place, problem=mark("mixes a score, counts, customers and an amount"))
    if "score" in own:
        return number(own["score"], f"{place}.score")
    if "counts" in own:
        return _answers(own, place)
    if "amount" in own:
        baseline = own.get("baseline")
        amount = number(own["amount"], f"{place}.amount")
        return scorecard.amount_score(
            amount, None if baseline is None else number(baseline, f"{place}.baseline")
        )
    return churn(
        whole_number(own.get("active_at_start"), f"{place}.active_at_start"),
        whole_number(own.get("departed"), f"{place}.departed"),
    )


def _answers(given: ScoresGiven, place: str) -> ScaleAnswers:
    low, high = (number(end, f"{place}.scale") for end in _ends(given, place))
    points = whole_number(given.get("points", int(high - low) + 1), f"{place}.points")
    if not (low < high and points > 1):
        raise BadInput(
            field=f"{place}.scale", problem=mark("needs a low end, a high end and 2 points")
        )
    table = {
        written(answer, f"{place}.counts"): whole_number(count, f"{place}.counts.{answer}")
        for answer, count in mapping(given["counts"], f"{place}.counts").items()
    }
    return ScaleAnswers(counts.rescaled(table, Scale(low, high, points)), Scale(0, 100, points))


def _ends(given: ScoresGiven, place: str) -> tuple[object, object]:
    match sequence(given.get("scale"), f"{place}.scale"):
        case [lowest, highest]:
            return lowest, highest
        case _:
            raise BadInput(field=f"{place}.scale", problem=mark("must be [lowest, highest]"))


def _scores(figures: Mapping[str, FigureGiven]) -> dict[str, ScaleAnswers | float]:
    plain = {key: f.score if isinstance(f, Churn) else f for key, f in figures.items()}
    return {key: score for key, score in plain.items() if score is not None}


def _criteria(
    now: Mapping[str, FigureGiven], before: Mapping[str, FigureGiven], level: float
) -> dict[str, object]:
    first = {key: _change(now[key], before[key], 0.95) for key in before}
    steps = multiple.step_down({key: found.p_of_sign for key, found in first.items() if found})
    return {
        key: {
            **_row(figure, level),
            "anchor": scorecard.anchor_of(key),
            **(
                _compared(figure, before[key], steps[key].level if key in steps else level)
                if key in before
                else {}
            ),
        }
        for key, figure in now.items()
    }


def _row(figure: FigureGiven, level: float) -> dict[str, object]:
    if isinstance(figure, ScaleAnswers):
        found = means.estimate(*figure, level=level)
        return {"score": found.mean, "n": found.n, "low": found.low, "high": found.high}
    if isinstance(figure, Churn):
        kept = churn(figure.active_at_start, figure.departed, level=level).retention
        return {"score": figure.score, "n": kept.n, "low": kept.low, "high": kept.high}
    return {"score": figure, "n": None, "low": None, "high": None}


def _compared(now: FigureGiven, before: FigureGiven, level: float) -> dict[str, object]:
    change = _change(now, before, level)
    if change is not None:
        return {
            "change": change.difference,
            "change_low": change.low,
            "change_high": change.high,
            "change_level": change.level,
            "verdict": verdict(change),
        }
    if isinstance(now, float) and isinstance(before, float):
        return {"change": now - before}
    return {}


def _change(now: FigureGiven, before: FigureGiven, level: float) -> EstimatedChange | None:
    if isinstance(now, ScaleAnswers) and isinstance(before, ScaleAnswers):
        return difference.mean_change(before.counts, now.counts, now.scale, level=level)
    if isinstance(now, Churn) and isinstance(before, Churn):
        return difference.share_change(before.retention, now.retention, level=level)
    return None
