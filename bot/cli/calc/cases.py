"""From a document's keys to what `scoring` computes: hierarchies and CRM payback."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.cli.calc.files import (
    amount,
    known,
    mapping,
    number,
    read_document,
    read_table,
    whole_number,
    written,
)
from bot.cli.calc.words import NOT_COMBINED
from scoring.criteria import payback
from scoring.criteria.payback import CrmCase, Minutes
from scoring.errors import BadInput
from scoring.weights import ahp, choice, panel
from scoring.weights.ahp import Judgements, Priorities
from scoring.weights.panel import Combining, Expert, Panel
from surveys.messages import mark

AMOUNTS = {"wage", "investment", "running_cost"}
HOURS = {"clients_a_day", "hours_a_day", "hours_saved"}
DAYS = {"managers", "workdays_a_year", "workdays_a_month"}
NEEDED = {"operations", "managers", *AMOUNTS}
JUDGEMENTS = ("comparisons", "experts", "ratings")
NOT_COMPARED = {"", "?", "-", "–", "—"}


def hierarchy(
    path: Path,
    combining: Combining = Combining.JUDGEMENTS,
    *,
    keep: bool = False,
    is_asked: bool = False,
) -> tuple[dict[str, object], list[str]]:
    """Return the priorities of a file's judgements, the choice among alternatives, its notes.

    A CSV file holds one comparison matrix: a heading of names, then rows of a name and numbers.
    `is_asked`: how to combine was stated, which a single set of judgements makes no use of.
    """
    document = _matrix(path) if path.suffix.lower() == ".csv" else read_document(path)
    known(document, {"criteria", "alternatives", "notes", *JUDGEMENTS}, path.name)
    names = [str(name) for name in sequence(document.get("criteria"), "criteria")]
    if "ratings" in document and not {"comparisons", "experts"} & set(document):
        ratings = _row(document["ratings"], "ratings", len(names))
        rated = ahp.priorities(names, ahp.from_ratings(ratings))
        result, weights = _of_priorities(rated), rated.weights
    else:
        found = panel.panel(names, _experts(document, names), combining=combining, keep=keep)
        result, weights = _of_panel(found), found.weights
    if "alternatives" in document:
        result |= _choice(weights, mapping(document["alternatives"], "alternatives"))
    alone = [NOT_COMBINED] if is_asked and "experts" not in result else []
    return result, [*alone, *notes(document)]


def _of_panel(found: Panel) -> dict[str, object]:
    result: dict[str, object] = {"combining": found.combining} if len(found.experts) > 1 else {}
    if found.left_out:
        result["left_out"] = [expert.name for expert in found.left_out]
    alone = found.experts[0].priorities if len(found.experts) == 1 else None
    joint = alone or found.joint
    result |= _of_priorities(joint) if joint else {"weights": found.weights}
    if len(found.experts) > 1:
        result["experts"] = {expert.name: _of_expert(expert) for expert in found.experts}
    return result


def _of_expert(expert: Expert) -> dict[str, object]:
    worst = expert.priorities.worst
    return {
        "consistency_ratio": expert.priorities.consistency_ratio,
        "consistent": expert.priorities.consistent,
        "used": expert.used,
        "reconsider": None if worst is None else f"{worst.first} : {worst.second}",
        "missing_pairs": len(expert.priorities.missing),
    }


def _of_priorities(found: Priorities) -> dict[str, object]:
    result: dict[str, object] = {
        "lambda_max": found.lambda_max,
        "consistency_index": found.consistency_index,
        "consistency_ratio": found.consistency_ratio,
        "consistent": found.consistent,
        "weights": found.weights,
        "eigenvector": found.eigenvector,
        "most_inconsistent": found.worst,
    }
    if found.missing:
        result["missing_pairs"] = [f"{first} : {second}" for first, second in found.missing]
    return result


def payback_case(path: Path) -> tuple[CrmCase, list[str]]:
    """Return a file's case of a CRM's adoption, and its notes."""
    document = read_document(path)
    known(document, {*NEEDED, *HOURS, *DAYS, "scenarios", "notes"}, path.name)
    if missing := sorted(NEEDED - set(document)):
        raise BadInput(field=path.name, problem=mark("lacks {missing}"), missing=missing)
    given: dict[str, Any] = {
        **{key: amount(document[key], key) for key in AMOUNTS | HOURS if key in document},
        **{key: whole_number(document[key], key) for key in DAYS if key in document},
    }
    if "scenarios" in document:
        given["scenarios"] = _amounts(mapping(document["scenarios"], "scenarios"), "scenarios")
    case = CrmCase(operations=_operations(mapping(document["operations"], "operations")), **given)
    return case, notes(document)


def payback_result(case: CrmCase) -> dict[str, object]:
    """Return the study's figures, the expected scenario's beside the others."""
    found = payback.study(case)
    expected = found.scenarios["expected"]
    return {
        "payback_years": expected.payback_years,
        "payback_years_exact": found.exact.payback_years,
        "hours_saved": expected.hours_saved,
        "hours_saved_exact": found.exact.hours_saved,
        "minutes_before": found.minutes_before,
        "minutes_after": found.minutes_after,
        "minutes_saved": found.minutes_saved,
        "hour_cost": found.hour_cost,
        "saving_per_manager": expected.saving_per_manager,
        "saving_a_year": expected.saving_a_year,
        "running_cost_a_year": expected.running_cost_a_year,
        "balance_after_year": dict(enumerate(expected.cumulative, start=1)),
        "scenarios": {
            name: {
                "hours_saved": scenario.hours_saved,
                "saving_a_year": scenario.saving_a_year,
                "payback_years": scenario.payback_years,
            }
            for name, scenario in found.scenarios.items()
        },
    }


def notes(document: Mapping[str, object]) -> list[str]:
    """Return what a file says about itself."""
    found = document.get("notes") or []
    return [str(note).strip() for note in (found if isinstance(found, list) else [found])]


def sequence(value: object, field: str) -> Sequence[object]:
    """Return a list of a document, or say where one is missing."""
    if not isinstance(value, list) or not value:
        raise BadInput(field=field, problem=mark("must be a list"))
    return value


def _matrix(path: Path) -> dict[str, object]:
    rows = read_table(path)
    if not rows:
        raise BadInput(field=path.name, problem=mark("has headings but no rows"))
    corner, *names = rows[0]
    if [row[corner].strip() for row in rows] != names:
        raise BadInput(
            field=path.name, problem=mark("must name its rows as its columns, in their order")
        )
    return {
        "criteria": names,
        "comparisons": [[row[name] for name in names] for row in rows],
    }


def _fraction(text: str, place: str) -> float:
    """Read 3, 0.5, 0,5 or 1/3."""
    top, _, bottom = text.partition("/")
    parts = written(top, place), written(bottom or "1", place)
    if parts[1] == 0:
        raise BadInput(
            field=place, problem=mark("must not be divided by zero: {given}"), given=repr(text)
        )
    return parts[0] / parts[1]


def _experts(document: Mapping[str, object], names: Sequence[str]) -> dict[str, Judgements]:
    """Return {expert: matrix} from `experts`, a list of matrices or a mapping of names to them."""
    given = [key for key in JUDGEMENTS if key in document]
    if len(given) != 1:
        raise BadInput(
            field="file", problem=mark("needs one of {known}, one only"), known=JUDGEMENTS
        )
    if given[0] == "comparisons":
        return {"1": _judgements(document["comparisons"], "comparisons", names)}
    value = document["experts"]
    if not isinstance(value, dict):
        value = dict(enumerate(sequence(value, "experts"), start=1))
    return {
        name: _judgements(matrix, f"experts.{name}", names)
        for name, matrix in mapping(value, "experts").items()
    }


def _judgements(value: object, field: str, names: Sequence[str]) -> Judgements:
    rows = sequence(value, field)
    if len(rows) != len(names):
        raise BadInput(field=field, problem=mark("must be {n} rows of {n} numbers"), n=len(names))
    return [_judged(row, f"{field}[{name}]", names) for row, name in zip(rows, names, strict=True)]


def _judged(value: object, field: str, names: Sequence[str]) -> list[float | None]:
    """Return a row; an empty cell or a question mark means that the pair was not compared."""
    row = _sized(value, field, len(names))
    return [
        None
        if cell is None or (isinstance(cell, str) and cell.strip() in NOT_COMPARED)
        else _cell(cell, f"{field.removesuffix(']')}, {name}]")
        for cell, name in zip(row, names, strict=True)
    ]


def _row(value: object, field: str, size: int) -> list[float]:
    return [_cell(cell, field) for cell in _sized(value, field, size)]


def _sized(value: object, field: str, size: int) -> Sequence[object]:
    row = sequence(value, field)
    if len(row) != size:
        raise BadInput(
            field=field, problem=mark("needs {size} numbers a row, not {n}"), size=size, n=len(row)
        )
    return row


def _cell(cell: object, field: str) -> float:
    return _fraction(cell, field) if isinstance(cell, str) else number(cell, field)


def _choice(weights: Mapping[str, float], alternatives: Mapping[str, object]) -> dict[str, object]:
    ratings = {
        name: dict(zip(weights, _row(row, f"alternatives.{name}", len(weights)), strict=True))
        for name, row in alternatives.items()
    }
    found = choice.choose(weights, ratings)
    return {
        "alternatives": {
            item.name: {"rank": item.rank, "priority": item.priority, "score": item.score}
            for item in found.alternatives
        },
        "first_to_alter_the_order": found.any_rank,
        "first_to_alter_the_best": found.first_rank,
    }


def _operations(given: Mapping[str, object]) -> dict[str, Minutes]:
    found = {}
    for name, pair in given.items():
        minutes = sequence(pair, f"operations.{name}")
        if len(minutes) != len(Minutes._fields):
            raise BadInput(
                field=f"operations.{name}",
                problem=mark("needs two numbers of minutes, [before, after]"),
            )
        found[name] = Minutes(*(amount(spent, f"operations.{name}") for spent in minutes))
    return found


def _amounts(given: Mapping[str, object], field: str) -> dict[str, Decimal]:
    return {key: amount(value, f"{field}.{key}") for key, value in given.items()}
