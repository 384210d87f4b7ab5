"""`otklik calc`: every figure of the reports, computed from what you give it."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from bot.cli.calc import files as calc_files
from bot.cli.calc import formulas as calc_formulas
from bot.cli.calc.printing import show
from bot.cli.calc.words import CENSUS, POPULATION
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.helping import App
from bot.cli.terminal.together import needs, was_typed
from bot.rights import Action
from scoring.changes import difference as changes
from scoring.changes.verdict import verdict
from scoring.errors import BadInput
from scoring.estimates import nps as scores
from scoring.estimates import sample_size as sizes
from scoring.estimates.nps import Segments
from scoring.weights.panel import Combining
from surveys.messages import mark

calc_app = App()
P = ParamSpec("P")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, unrounded.")]
Explain = Annotated[bool, typer.Option("--explain", help="Name the formula and its source.")]
Confidence = Annotated[float, typer.Option(help="Level of the interval, 0.9 to 0.999.")]
Example = Annotated[bool, typer.Option("--example", help="Use the example that ships.")]
Population = Annotated[int | None, typer.Option(help="How many people could have answered.")]
CountsArgument = Annotated[
    list[int] | None,
    typer.Argument(metavar="D S P D S P", help="Detractors, passives, promoters: before, after."),
]


def kindly(command: Callable[P, None]) -> Callable[P, None]:
    """Say on stderr what is wrong with the input and exit with 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with failing_kindly():
            command(*args, **kwargs)

    return run


@calc_app.command(does=Action.CALCULATE)
@kindly
def nps(
    detractors: Annotated[int, typer.Argument(metavar="D", help="Answers of 0–6.")],
    passives: Annotated[int, typer.Argument(metavar="S", help="Answers of 7–8.")],
    promoters: Annotated[int, typer.Argument(metavar="P", help="Answers of 9–10.")],
    confidence: Confidence = 0.95,
    population: Population = None,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Net Promoter Score with its interval, in points."""
    found = scores.score(detractors, passives, promoters, level=confidence, population=population)
    result = asdict(found)
    notes = []
    if population is None:
        tango = scores.tango_interval(detractors, passives, promoters, level=confidence)
        result["tango"] = tango._asdict()
    else:
        notes.append(POPULATION)
    if found.census:
        result["low"] = result["high"] = None
        notes.append(CENSUS)
    show(result, as_json=as_json, explain=calc_formulas.NPS if explain else None, notes=notes)


@calc_app.command(does=Action.CALCULATE)
@kindly
def difference(
    counts: CountsArgument = None,
    paired: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns before, after: the same people's 0–10 answers."),
    ] = None,
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Change of the NPS between two waves, after − before, in points.

    Six counts (detractors, passives, promoters before, then after), or --paired FILE instead.
    """
    missing = None
    if paired is None:
        given = counts or []
        if len(given) != len(Segments._fields) * 2:
            raise BadInput(
                field="counts",
                problem=mark("six are needed, D S P before and D S P after, or --paired FILE"),
            )
        found = changes.nps_change(Segments(*given[:3]), Segments(*given[3:]), level=confidence)
    else:
        if counts:
            raise BadInput(
                field="counts", problem=mark("are replaced by --paired; give one of the two")
            )
        pairs, missing = calc_files.read_pairs(paired)
        found = changes.nps_paired(pairs, level=confidence)
    result = {**asdict(found), "z": found.statistic, "verdict": verdict(found)}
    del result["statistic"], result["df"]
    if missing is not None:
        result["missing"] = missing
    show(result, as_json=as_json, explain=calc_formulas.DIFFERENCE if explain else None)


@calc_app.command("sample-size", does=Action.CALCULATE)
@kindly
def sample_size(
    margin: Annotated[float | None, typer.Option(help="Half-width in points.")] = None,
    detect: Annotated[float | None, typer.Option(help="Difference to detect, in points.")] = None,
    power: Annotated[float, typer.Option(help="Chance to detect it.")] = 0.8,
    nps: Annotated[float | None, typer.Option(help="Expected score, in points.")] = None,
    population: Population = None,
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Answers needed for a margin, or in each of two groups to detect a difference."""
    if (margin is None) == (detect is None):
        raise BadInput(field="margin", problem=mark("give --margin or --detect, one of the two"))
    needs("detect", "power")
    variance = 1.0 if nps is None else sizes.variance_for(nps)
    result: dict[str, object] = {"level": confidence, "variance": variance}
    if margin is not None:
        n = sizes.for_margin(margin, variance=variance, level=confidence, population=population)
        result |= {"n": n, "margin": margin, "population": population}
    elif detect is not None:
        if population is not None:
            raise BadInput(
                field="population", problem=mark("is for a single figure, never for a difference")
            )
        pair = (variance, variance)
        n = sizes.for_difference(detect, power=power, variances=pair, level=confidence)
        result |= {"n": n, "groups": 2, "detect": detect, "power": power}
    show(result, as_json=as_json, explain=calc_formulas.SAMPLE_SIZE if explain else None)


@calc_app.command(does=Action.CALCULATE)
@kindly
def reliability(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV: a column an item, a row a respondent, an empty cell missing."),
    ] = None,
    use_example: Example = False,
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Check whether items measure one thing: Cronbach's α with its interval, ω, item-rest."""
    from scoring.rows import reliability as scales
    from scoring.rows.frame import table

    columns = calc_files.read_columns(calc_files.chosen(file, "scale.csv", use_example=use_example))
    found = scales.reliability(table(columns), level=confidence)
    result = {key: value for key, value in asdict(found).items() if key != "names"}
    result["item_rest"] = dict(zip(columns, found.item_rest, strict=True))
    result["loadings"] = dict(zip(columns, found.loadings, strict=False))
    formula = calc_formulas.RELIABILITY if explain else None
    show(result, as_json=as_json, explain=formula, example=use_example)


@calc_app.command(does=Action.CALCULATE)
@kindly
def drivers(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV: the target and the predictors in columns, a row a respondent."),
    ] = None,
    target: Annotated[str, typer.Option(help="The column to be explained.")] = "recommend",
    use_example: Example = False,
    allow_few: Annotated[
        bool, typer.Option("--allow-few", help="Compute below ten rows a predictor too.")
    ] = False,
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Show what goes with the target: relative weights. Association, not cause."""
    from scoring.rows.drivers import relative_weights
    from scoring.rows.frame import table

    path = calc_files.chosen(file, "drivers.csv", use_example=use_example)
    columns = calc_files.read_columns(path)
    if target not in columns:
        raise BadInput(
            field=f"--target {target}",
            problem=mark("is no column of {file}; it has {known}"),
            file=path.name,
            known=list(columns),
        )
    found = relative_weights(table(columns), target, level=confidence, allow_few=allow_few)
    result = {"target": target, **asdict(found)}
    result["drivers"] = {driver.pop("name"): driver for driver in result["drivers"]}
    formula = calc_formulas.DRIVERS if explain else None
    show(result, as_json=as_json, explain=formula, example=use_example)


@calc_app.command(does=Action.CALCULATE)
@kindly
def ahp(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="YAML or JSON: criteria (names), one of comparisons (a matrix), experts (matrices)"
            " or ratings, and alternatives (name: ratings); or a CSV matrix with names."
            " Judgements are 1/9 to 9; a pair that was not compared is null or empty."
        ),
    ] = None,
    use_example: Example = False,
    combine: Annotated[
        Combining, typer.Option(help="Of several experts: their judgements or their priorities.")
    ] = Combining.JUDGEMENTS,
    keep: Annotated[
        bool, typer.Option("--keep", help="Count experts who contradict themselves too.")
    ] = False,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Weights from pairwise comparisons, their consistency, and the choice among alternatives."""
    from bot.cli.calc.cases import hierarchy

    path = calc_files.chosen(file, "ahp.yaml", use_example=use_example)
    result, notes = hierarchy(path, combine, keep=keep, is_asked=was_typed("combine", "keep"))
    formula = calc_formulas.AHP if explain else None
    show(result, as_json=as_json, explain=formula, notes=notes, example=use_example)


@calc_app.command(does=Action.CALCULATE)
@kindly
def payback(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="YAML or JSON: operations (name: [minutes before, after]), managers, wage and"
            " running_cost a month, investment; clients_a_day, workdays_a_year, workdays_a_month,"
            " hours_a_day, hours_saved, scenarios where they differ from 1, 247, 21, 8."
        ),
    ] = None,
    use_example: Example = False,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """When a CRM pays for itself, from a time study, as low, expected and high scenarios."""
    from bot.cli.calc.cases import payback_case, payback_result

    case, notes = payback_case(calc_files.chosen(file, "payback.yaml", use_example=use_example))
    formula = calc_formulas.PAYBACK if explain else None
    show(payback_result(case), as_json=as_json, explain=formula, notes=notes, example=use_example)


@calc_app.command(does=Action.CALCULATE)
@kindly
def scorecard(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV with the columns criterion, score, weight; or YAML or JSON: weights, and"
            " criteria with score | counts, scale, points | active_at_start, departed |"
            " amount, baseline, each with before where there is one."
        ),
    ] = None,
    use_example: Example = False,
    confidence: Confidence = 0.95,
    as_json: AsJson = False,
    explain: Explain = False,
) -> None:
    """Put criteria on 0–100, with verdicts and the CRM effectiveness index with its interval."""
    from bot.cli.calc.scorecard import scored

    path = calc_files.chosen(file, "scorecard.yaml", use_example=use_example)
    result, notes = scored(path, confidence)
    formula = calc_formulas.SCORECARD if explain else None
    show(result, as_json=as_json, explain=formula, notes=notes, example=use_example)
