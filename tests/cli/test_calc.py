"""`otklik calc`: golden numbers through the command line, and what it says of bad input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.calc.commands import calc_app
from bot.cli.calc.files import example, written

COMMANDS = [
    "nps",
    "difference",
    "sample-size",
    "reliability",
    "drivers",
    "ahp",
    "payback",
    "scorecard",
]
WITH_EXAMPLE = ["reliability", "drivers", "ahp", "payback", "scorecard"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(calc_app, [str(argument) for argument in arguments])


def figures(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refusal(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 2
    assert not result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr


def test_nps_in_points() -> None:
    found = figures("nps", 15, 25, 60)
    assert (found["n"], found["nps"]) == (100, 45)
    assert (found["low"], found["high"]) == pytest.approx((29.3431, 58.0355), abs=5e-5)
    assert found["standard_error"] == pytest.approx(7.3993, abs=5e-5)
    assert found["tango"]["low"] == pytest.approx(29.2569, abs=5e-5)


def test_nps_at_another_level() -> None:
    found = figures("nps", 15, 25, 60, "--confidence", 0.99)
    assert (found["low"], found["high"]) == pytest.approx((24.8352, 62.5434), abs=5e-5)


def test_a_census_has_no_interval_and_says_what_it_does_not_cure() -> None:
    found = figures("nps", 2, 4, 12, "--population", 18)
    assert found["low"] is found["high"] is None
    assert any("non-response" in note for note in found["notes"])


def test_difference_is_raw_and_its_interval_adjusted() -> None:
    found = figures("difference", 25, 30, 45, 15, 25, 60)
    assert found["difference"] == pytest.approx(25)
    assert found["z"] == pytest.approx(2.257771, abs=5e-7)
    assert found["p_value"] == pytest.approx(0.023960, abs=5e-7)
    assert (found["low"], found["high"]) == pytest.approx((3.2488, 46.0122), abs=5e-5)


def test_the_same_people_twice(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("before;after\n" + "9;10\n6;9\n7;8\n3;3\n" * 5 + "9;\n")
    found = figures("difference", "--paired", file)
    assert (found["n_before"], found["n_both"], found["missing"]) == (20, 20, 1)
    assert found["difference"] == 50


@pytest.mark.parametrize(
    ("arguments", "n"),
    [
        (("--margin", 10), 382),
        (("--margin", 5), 1534),
        (("--detect", 20), 391),
        (("--margin", 10, "--population", 400), 196),
    ],
)
def test_sample_sizes(arguments: tuple[object, ...], n: int) -> None:
    assert figures("sample-size", *arguments)["n"] == n


def test_the_examples_scale_is_the_golden_one() -> None:
    found = figures("reliability", "--example")
    assert found["alpha"] == pytest.approx(0.9535175879, abs=5e-11)
    assert found["item_rest"].keys() == {"recommend", "buy again", "try other"}


def test_drivers_need_ten_rows_a_predictor(tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    y = [10, 9, 7, 3, 8, 6, 2, 9, 10, 5]
    columns = [5, 5, 4, 2, 4, 3, 1, 4, 5, 3], [4, 5, 3, 3, 4, 4, 2, 5, 4, 2]
    third = [3, 4, 4, 2, 5, 3, 3, 4, 5, 1]
    rows = zip(y, *columns, third, strict=True)
    file.write_text("y,x1,x2,x3\n" + "\n".join(",".join(map(str, row)) for row in rows))
    assert "at least 30 needed, 10 given" in refusal("drivers", file, "--target", "y")
    found = figures("drivers", file, "--target", "y", "--allow-few")
    assert found["r_squared"] == pytest.approx(0.963105, abs=5e-7)
    assert found["drivers"]["x1"]["weight"] == pytest.approx(0.565132, abs=5e-7)


def test_the_papers_products() -> None:
    found = figures("ahp", "--example")
    assert found["consistency_ratio"] == pytest.approx(0)
    assert found["alternatives"]["Bitrix24"]["score"] == pytest.approx(591.18, rel=1e-3)
    assert found["alternatives"]["Bitrix24"]["rank"] == 1


def test_a_matrix_from_csv(tmp_path: Path) -> None:
    file = tmp_path / "matrix.csv"
    file.write_text(",price,speed,care\nprice,1,2,1/4\nspeed,0.5,1,2\ncare,4,0.5,1\n")
    found = figures("ahp", file)
    assert not found["consistent"]
    assert found["consistency_ratio"] > 0.1
    assert found["most_inconsistent"]["ratio_then"] == pytest.approx(0, abs=1e-9)


def test_several_experts_and_a_changed_judgement(tmp_path: Path) -> None:
    file = tmp_path / "experts.json"
    experts = [[[1, 4], ["1/4", 1]], [[1, 1], [1, 1]]]
    file.write_text(json.dumps({"criteria": ["a", "b"], "experts": experts}))
    found = figures("ahp", file)
    assert list(found["experts"]) == ["1", "2"]
    assert found["weights"]["a"] == pytest.approx(2 / 3)


def test_payback_both_ways_and_with_the_corrected_second_year() -> None:
    found = figures("payback", "--example")
    assert found["payback_years"] == pytest.approx(3.3012, abs=5e-5)
    assert found["payback_years_exact"] == pytest.approx(3.3263, abs=5e-5)
    assert found["balance_after_year"]["2"] == -81_000
    assert any("−81 000" in note for note in found["notes"])


def test_payback_of_a_file_without_scenarios(tmp_path: Path) -> None:
    file = tmp_path / "plain.yaml"
    known = example("payback.yaml").read_text()
    file.write_text(known.split("scenarios:")[0] if "scenarios:" in known else known)
    assert figures("payback", file)["scenarios"].keys() == {"low", "expected", "high"}


@pytest.mark.parametrize("combining", ["judgements", "priorities"])
def test_a_contradictory_expert_is_named_and_left_out(tmp_path: Path, combining: str) -> None:
    file = tmp_path / "experts.yaml"
    file.write_text(
        "criteria: [a, b, c]\nexperts:\n  Anna: [[1, 2, 4], [1/2, 1, 2], [1/4, 1/2, 1]]\n"
        "  Vera: [[1, 3, 1/4], [1/3, 1, 4], [4, 1/4, 1]]\n"
    )
    found = figures("ahp", file, "--combine", combining)
    assert found["left_out"] == ["Vera"]
    assert found["experts"]["Vera"]["consistency_ratio"] > 1
    assert found["weights"]["a"] == pytest.approx(4 / 7)
    kept = figures("ahp", file, "--combine", combining, "--keep")
    assert "left_out" not in kept
    assert kept["weights"]["a"] != pytest.approx(4 / 7)


@pytest.mark.parametrize("options", [("--combine", "priorities"), ("--keep",)])
@pytest.mark.parametrize(
    "given",
    [
        "comparisons: [[1, 3, 1/4], [1/3, 1, 4], [4, 1/4, 1]]",
        "experts:\n  Vera: [[1, 3, 1/4], [1/3, 1, 4], [4, 1/4, 1]]",
        "ratings: [5, 3, 2]",
    ],
)
def test_one_set_of_judgements_is_weighed_as_ever_and_it_is_said(
    tmp_path: Path, given: str, options: tuple[str, ...]
) -> None:
    file = tmp_path / "alone.yaml"
    file.write_text(f"criteria: [a, b, c]\n{given}\n")
    plain, found = figures("ahp", file), figures("ahp", file, *options)
    [said] = found.pop("notes")
    assert "nothing is combined" in said
    assert found == plain, "whether the judgements contradict each other is shown, too"
    assert "consistency_ratio" in found


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("[1, 0, 2]", r"comparisons[a, b]: must be positive"),
        ("[1, -3, 2]", r"comparisons[a, b]: must be positive"),
        ("[1, 20, 2]", r"comparisons[a, b]: must lie between 1/9 and 9, not 20"),
        ("[1, x, 2]", r"comparisons[a, b]: must be a number, not 'x'"),
    ],
)
def test_a_wrong_judgement_is_refused_by_its_cell(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "ahp.yaml"
    file.write_text(f"criteria: [a, b, c]\ncomparisons: [{row}, [null, 1, 3], [1/2, 1/3, 1]]\n")
    assert said in refusal("ahp", file)


def test_pairs_that_nobody_compared_are_named(tmp_path: Path) -> None:
    file = tmp_path / "ahp.csv"
    file.write_text(";a;b;c;d\na;1;2;4;\nb;1/2;1;2;4\nc;1/4;1/2;1;2\nd;;1/4;1/2;1\n")
    found = figures("ahp", file)
    assert found["missing_pairs"] == ["a : d"]
    assert found["consistent"]
    assert found["weights"]["a"] == pytest.approx(8 / 15)


def test_ten_quadrillion_answers_are_a_whole_number() -> None:
    found = figures("nps", 10**16, 0, 10**16)
    assert (found["n"], found["nps"]) == (2 * 10**16, 0)
    assert "at most 1000000000000000000" in refusal("nps", 10**19, 1, 1)


def test_a_p_value_far_in_the_tail_is_not_zero() -> None:
    found = figures("difference", 900, 50, 50, 50, 50, 900)
    assert 0 < found["p_value"] < 1e-100
    beyond = figures("difference", 10**15, 0, 0, 0, 0, 10**15)
    assert 0 < beyond["p_value"] < 1e-300


def test_what_is_tiny_is_written_the_readers_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_LANGUAGE", "ru")
    monkeypatch.setenv("OTKLIK_LANGUAGE", "ru")
    assert "2,2251e−308" in run("difference", 900, 50, 50, 50, 50, 900).stdout


def test_a_changed_example_changes_the_result(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        example("payback.yaml").read_text().replace("investment: 205500", "investment: 411000")
    )
    assert figures("payback", file)["payback_years"] == pytest.approx(6.6024, abs=5e-5)


def test_a_scorecard_from_csv(tmp_path: Path) -> None:
    file = tmp_path / "card.csv"
    file.write_text("criterion;score;weight\na;72;0,4\nb;65;0,3\nc;88;0,2\nd;40;0,1\n")
    found = figures("scorecard", file)
    assert found["index"] == pytest.approx(69.9)
    assert found["equal_weights_index"] == pytest.approx(66.25)


def test_a_scorecards_verdicts() -> None:
    found = figures("scorecard", "--example")["criteria"]
    assert found["loyalty_index"]["verdict"] == "better"
    assert found["service_quality"]["verdict"] == "no_evidence"
    assert "verdict" not in found["automation"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout
    assert "--explain" in result.stdout


@pytest.mark.parametrize("command", WITH_EXAMPLE)
def test_examples_print_plainly_and_explain_themselves(command: str) -> None:
    result = run(command, "--example", "--explain")
    assert result.exit_code == 0
    assert "Formula: " in result.stdout
    assert "Source: " in result.stdout
    assert "{" not in result.stdout.split("Formula")[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nps", 10**400, 0, 0), "detractors: must be at most"),
        (("sample-size", "--margin", "1e-300"), "margin: must lie between 0.01"),
        (("nps", 0, 0, 0), "NPS: at least 1 needed, 0 given"),
        (("nps", 1, 2, 3, "--confidence", 95), "level: must lie between"),
        (("nps", 1, 2, 3, "--population", 5), "population: must be at least"),
        (("difference", 1, 2, 3), "six are needed"),
        (("difference",), "six are needed"),
        (("sample-size",), "--margin or --detect"),
        (("sample-size", "--margin", 5, "--detect", 5), "--margin or --detect"),
        (("sample-size", "--margin", 0), "margin: must lie between"),
        (("sample-size", "--detect", 5, "--population", 50), "never for a difference"),
        (("reliability",), "give a file, or --example"),
        (("reliability", "x.csv", "--example"), "and not both"),
        (("reliability", "/nowhere/x.csv"), "no such file"),
        (("reliability", "/"), "is a folder"),
        (("drivers", "--example", "--target", "nothing"), "it has recommend"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments: tuple[object, ...], message: str) -> None:
    assert message in refusal(*arguments)


@pytest.mark.parametrize(
    ("command", "name", "content", "message"),
    [
        ("reliability", "a.csv", b"", "is empty"),
        ("reliability", "a.csv", b"a,b\n", "no rows"),
        ("reliability", "a.csv", b"a,a\n1,2\n", "same name"),
        ("reliability", "a.csv", b"a,b\n1,2\n3\n", ":3: has 1 cells under 2"),
        ("reliability", "a.csv", b"a,b\n1,x\n", ":2, b: must be a number, not 'x'"),
        ("reliability", "a.csv", b"a;b\n1;12,500\n", ":2, b: may be another number"),
        ("reliability", "a.csv", b"a,b\n1,nan\n1,2\n2,2\n", ":2, b: must be a number"),
        ("reliability", "a.csv", b"a,b\n3,3\n3,3\n3,3\n", "respondents who differ"),
        ("reliability", "a.csv", b"\x98\xff\x00,b\n1,2\n", "neither UTF-8 nor cp1251"),
        ("difference", "a.csv", b"a,b\n1,2\n", "lacks the column before and after"),
        ("difference", "a.csv", b"before,after\n1,12\n", "whole number from 0 to 10"),
        ("difference", "a.csv", b"before,after\n,\n1,\n", "NPS: at least 1 needed"),
        ("ahp", "a.yaml", b"criteria: [a, b]\n", "needs one of"),
        ("ahp", "a.yaml", b"criteria: [a, b]\ncomparison: []\n", "unknown keys comparison"),
        ("ahp", "a.yaml", b"criteria: [a, b]\nratings: [1]\n", "needs 2 numbers"),
        ("ahp", "a.yaml", b"criteria: [a, b]\ncomparisons: [[1, 2], [2, 1]]\n", "[a, b]"),
        ("ahp", "a.yaml", b"[1, 2]\n", "must be a mapping"),
        ("ahp", "a.yaml", b"a: [1\n", "is not YAML"),
        ("payback", "a.yaml", b"wage: 1\n", "lacks investment, managers"),
        ("scorecard", "a.yaml", b"criteria: {a: {score: 120}}\n", "outside 0"),
        ("scorecard", "a.yaml", b"criteria: {a: {score: high}}\n", "must be a number"),
        ("scorecard", "a.yaml", b"criteria: {a: {score: 1, amount: 2}}\n", "mixes"),
        ("scorecard", "a.yaml", b"criteria: {a: {scores: 1}}\n", "unknown keys scores"),
        ("scorecard", "a.yaml", b"criteria: {a: {amount: 5}}\n", "criteria with a score"),
        ("scorecard", "a.yaml", b"criteria: {a: {counts: {1: 5}}}\n", "scale: must be a list"),
        ("scorecard", "a.csv", b"a,b\n1,2\n", "criterion, score"),
        ("scorecard", "a.csv", b"criterion,score\na,1e999\n", "a: must be a number"),
        ("scorecard", "a.yaml", b"criteria: {a: {score: .nan}}\n", "must be a number"),
        ("scorecard", "a.yaml", b"criteria: {a: {score: 2026-99-99}}\n", "is not YAML"),
        ("scorecard", "a.yaml", b"[" * 5000, "is not YAML"),
        ("scorecard", "a.yaml", b"criteria: {a: {counts: {1: 1.5}, scale: [1, 5]}}\n", "whole"),
        ("scorecard", "a.yaml", b"criteria: {a: {active_at_start: 5, departed: 9}}\n", "count"),
        ("scorecard", "a.yaml", b"criteria: {a: {score: 1}}\nweights: {b: 1}\n", "no criterion: b"),
        ("ahp", "a.csv", b",a,b\na,1,1/0\nb,1,1\n", "divided by zero"),
        ("ahp", "a.csv", b",a,b\nb,1,1\na,1,1\n", "rows as its columns"),
        ("ahp", "a.yaml", b"criteria: [a, b]\nratings: [1, 1.0e-11]\n", "too far apart"),
        ("reliability", "a.csv", b"a,b\n" + b"1" * 140_000 + b",2\n", "not CSV"),
        ("reliability", "a.csv", b"a,b\n1e300,2\n", ":2, a: must be a number"),
    ],
)
def test_bad_files_get_a_sentence(
    tmp_path: Path, command: str, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    option = ["--paired"] if command == "difference" else []
    assert message in refusal(command, *option, file)


def test_a_score_waits_for_no_heavy_library() -> None:
    program = (
        "import sys; from bot.cli.calc.commands import calc_app; calc_app(['nps', '1', '2', '3'], "
        "standalone_mode=False); print({'numpy', 'pandas', 'scipy', 'aiogram'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("set()\n")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4,5", 4.5),
        ("0,125", 0.125),
        ("-12,5", -12.5),
        ("1 000,5", 1000.5),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1,234,567", 1234567),
        ("12.500", 12.5),
        ("1e5", 1e5),
    ],
)
def test_thousands_and_decimals_of_a_cell_are_told_apart(text: str, number: float) -> None:
    """«12,500» was read as 12.5; now it is refused, see above."""
    assert written(text, "here") == number
