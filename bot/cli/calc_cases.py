"""From a document's keys to what `scoring` computes: hierarchies and CRM payback."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.cli.calc_files import (
    amount,
    known,
    mapping,
    number,
    read_document,
    read_table,
    whole_number,
    written,
)
from scoring import ahp, choice, payback
from scoring.errors import BadInput
from scoring.payback import SCENARIOS, Case, Minutes
from surveys.messages import mark

AMOUNTS = {"wage", "investment", "running_cost"}
HOURS = {"clients_a_day", "hours_a_day", "hours_saved"}
DAYS = {"managers", "workdays_a_year", "workdays_a_month"}
NEEDED = {"operations", "managers", *AMOUNTS}
JUDGEMENTS = ("comparisons", "experts", "ratings")


def hierarchy(path: Path) -> tuple[dict[str, object], list[str]]:
    """Return the priorities of a file's judgements, the choice among alternatives, its notes.

    A CSV file holds one comparison matrix: a heading of names, then a name and numbers a row.
    """
    document = _matrix(path) if path.suffix.lower() == ".csv" else read_document(path)
    known(document, {"criteria", "alternatives", "notes", *JUDGEMENTS}, path.name)
    names = [str(name) for name in sequence(document.get("criteria"), "criteria")]
    experts = _experts(document, len(names))
    found = ahp.priorities(names, ahp.aggregate(experts))
    result: dict[str, object] = {
        "experts": len(experts),
        "lambda_max": found.lambda_max,
        "consistency_index": found.consistency_index,
        "consistency_ratio": found.consistency_ratio,
        "consistent": found.consistent,
        "weights": found.weights,
        "eigenvector": found.eigenvector,
        "most_inconsistent": found.worst,
    }
    if "alternatives" in document:
        result |= _choice(found.weights, mapping(document["alternatives"], "alternatives"))
    return result, notes(document)


def payback_case(path: Path) -> tuple[Case, list[str]]:
    """Return a file's case of a CRM's adoption, and its notes."""
    document = read_document(path)
    known(document, {*NEEDED, *HOURS, *DAYS, "scenarios", "notes"}, path.name)
    if missing := sorted(NEEDED - set(document)):
        raise BadInput(field=path.name, problem=mark("lacks {missing}"), missing=missing)
    given: dict[str, Any] = {
        **{key: amount(document[key], key) for key in AMOUNTS | HOURS if key in document},
        **{key: whole_number(document[key], key) for key in DAYS if key in document},
    }
    parts = document.get("scenarios", dict(SCENARIOS))
    case = Case(
        operations=_operations(mapping(document["operations"], "operations")),
        scenarios=_amounts(mapping(parts, "scenarios"), "scenarios"),
        **given,
    )
    return case, notes(document)


def payback_result(case: Case) -> dict[str, object]:
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
        "comparisons": [
            [_fraction(row[name], f"{row[corner]}, {name}") for name in names] for row in rows
        ],
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


def _experts(document: Mapping[str, object], size: int) -> list[list[list[float]]]:
    given = [key for key in JUDGEMENTS if key in document]
    if len(given) != 1:
        raise BadInput(
            field="file", problem=mark("needs one of {known}, one only"), known=JUDGEMENTS
        )
    value = sequence(document[given[0]], given[0])
    if given[0] == "ratings":
        return [ahp.from_ratings(_row(value, "ratings", size))]
    matrices = [value] if given[0] == "comparisons" else value
    return [
        [_row(row, given[0], size) for row in sequence(matrix, given[0])] for matrix in matrices
    ]


def _row(value: object, field: str, size: int) -> list[float]:
    row = sequence(value, field)
    if len(row) != size:
        raise BadInput(
            field=field, problem=mark("needs {size} numbers a row, not {n}"), size=size, n=len(row)
        )
    return [
        _fraction(cell, field) if isinstance(cell, str) else number(cell, field) for cell in row
    ]


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
