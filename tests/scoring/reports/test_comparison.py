"""Two waves held against each other: which change is told, with which word, and when none is."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counts.comparing import ComparisonFigures, MeasurePair, Side
from surveys.counts.figures import Counts, Joint
from tests.scoring.reports.documents import compare

BEFORE = {6.0: 25, 8.0: 30, 9.0: 45}
AFTER = {6.0: 15, 8.0: 25, 9.0: 60}
THEN = (2.0, 3.0, 3.0, 4.0, 2.0, 3.0, 5.0, 3.0)
NOW = (4.0, 4.0, 3.0, 5.0, 3.0, 4.0, 5.0, 4.0)


def _side(month: int) -> Side:
    start = datetime(2026, month, 1, tzinfo=UTC)
    return Side(start=start, end=start, survey="nps", versions=("v",))


def _document(*pairs: MeasurePair) -> dict[str, Any]:
    return compare(
        ComparisonFigures(
            company="Ромашка",
            zone="Europe/Moscow",
            title="NPS",
            before=_side(3),
            after=_side(9),
            measures=pairs,
        )
    )


def _row(measure: str, before: Counts, after: Counts, both: Joint, **more: Any) -> dict[str, Any]:
    pair = MeasurePair(measure=measure, before=before, after=after, both=both, **more)
    [row] = _document(pair)["measures"]
    found: dict[str, Any] = row
    return found


def _same_people(measure: str, pairs: list[tuple[float, float]], **more: Any) -> dict[str, Any]:
    both = Counter(pairs)
    then, now = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return _row(measure, then, now, both, **more)


def test_strangers_are_compared_by_the_methods_golden_numbers() -> None:
    row = _row("nps", BEFORE, AFTER, {})
    assert (row["headline"], row["why"], row["pairs"], row["paired"]) == (
        "all",
        "strangers",
        0,
        None,
    )
    assert row["all"]["before"]["value"] == pytest.approx(20)
    assert row["all"]["after"]["low"] == pytest.approx(29.3431, abs=1e-4)
    change = row["all"]["change"]
    assert change["value"] == pytest.approx(25)
    assert change["low"] == pytest.approx(3.2488, abs=1e-4)
    assert change["high"] == pytest.approx(46.0122, abs=1e-4)
    assert row["verdict"] == "better"


def test_the_same_people_twice_are_the_methods_paired_t() -> None:
    row = _same_people("minutes", list(zip(THEN, NOW, strict=True)), step=1.0, better=None)
    assert (row["headline"], row["why"], row["pairs"]) == ("paired", "most_answered_both", 8)
    assert row["test"]["t"] == pytest.approx(3.861741, abs=1e-6)
    assert row["test"]["df"] == 7
    assert row["test"]["p_value"] == pytest.approx(0.006198, abs=1e-6)
    assert row["test"]["d_z"] == pytest.approx(1.365332, abs=1e-6)
    change = row["paired"]["change"]
    assert change["value"] == pytest.approx(0.875)
    assert change["low"] == pytest.approx(0.875 - 2.364624 * 0.226582, abs=1e-5)
    assert row["verdict"] == "higher"


@pytest.mark.parametrize(
    ("minutes", "saved"), [((5, 1), 4), ((2, 1), 1), ((8, 4), 4), ((7, 1), 6), ((30, 3), 27)]
)
def test_minutes_saved_are_a_change_for_the_better(minutes: tuple[int, int], saved: int) -> None:
    then, now = minutes
    pairs = [(then + wobble, now + wobble / 2) for wobble in (-0.2, -0.1, 0, 0.1, 0.2)]
    row = _same_people("minutes", pairs, step=0.1, better="down")
    assert row["paired"]["change"]["value"] == pytest.approx(-saved)
    assert row["verdict"] == "better"


def test_where_few_answered_both_times_all_answers_are_told() -> None:
    row = _row("nps", BEFORE, AFTER, {(9.0, 9.0): 30, (6.0, 6.0): 10})
    assert (row["headline"], row["why"], row["pairs"]) == ("all", "few_pairs", 40)
    assert row["paired"]["change"]["value"] == 0
    strangers = _row("nps", BEFORE, AFTER, {})["all"]["change"]
    width = row["all"]["change"]["high"] - row["all"]["change"]["low"]
    assert width < strangers["high"] - strangers["low"], "people in both narrow the change"


def test_where_half_answered_both_times_the_same_people_are_told() -> None:
    both = {(9.0, 9.0): 30, (6.0, 6.0): 10, (8.0, 10.0): 10}
    row = _row("nps", BEFORE, AFTER, both)
    assert (row["headline"], row["pairs"]) == ("paired", 50)
    assert row["paired"]["change"]["value"] == pytest.approx(20)


@pytest.mark.parametrize(("people", "word"), [(4, "too_few"), (5, "better")])
def test_five_people_asked_twice_are_the_fewest(people: int, word: str) -> None:
    row = _same_people("minutes", [(60.0 + n, 10.0) for n in range(people)], step=1, better="down")
    assert row["verdict"] == word
    assert (row["paired"] is None) == (row["test"] is None) == (people < 5)


def test_nps_of_nine_people_has_no_word() -> None:
    row = _same_people("nps", [(0.0, 10.0)] * 9)
    assert (row["verdict"], row["why"], row["headline"]) == ("too_few", "few_answers", None)


def test_other_words_are_another_series() -> None:
    row = _row("nps", BEFORE, AFTER, {}, same_wording=False)
    assert (row["headline"], row["why"], row["verdict"]) == (None, "wording", "too_few")
    assert row["all"]["change"] is None
    assert row["all"]["after"]["value"] == pytest.approx(45)


def test_nothing_is_told_of_four_anonymous_people() -> None:
    four, many = {50.0: 4}, {50.0: 40}
    row = _row("automation", four, many, {}, anonymous=True)
    assert row["all"]["before"] is None
    assert row["all"]["change"] is None
    assert _row("automation", {50.0: 5}, many, {}, anonymous=True)["all"]["before"]["n"] == 5


def test_effort_is_told_on_its_own_scale() -> None:
    row = _row("ces", {50.0: 20}, {100.0: 20}, {}, points=7)
    assert (row["form"], row["all"]["before"]["value"], row["all"]["after"]["value"]) == (
        "effort", 4, 7,
    )  # fmt: skip
    assert row["all"]["change"]["value"] == pytest.approx(3)
    assert row["all"]["after"]["high"] == 7


def test_each_change_is_of_the_level_that_decided_its_word() -> None:
    pair = MeasurePair(measure="nps", before=BEFORE, after=AFTER, both={})
    other = MeasurePair(measure="csat", before={100.0: 50}, after={100.0: 50}, both={})
    few = MeasurePair(measure="automation", before={50.0: 3}, after={50.0: 50}, both={})
    alone, together = _document(pair), _document(pair, other, few)
    levels = [row["all"]["change"]["level"] for row in together["measures"][:2]]
    assert levels == [pytest.approx(0.975), pytest.approx(0.95)]
    assert alone["measures"][0]["all"]["change"]["level"] == pytest.approx(0.95)
    assert together["compared"] == 2
    assert (
        together["measures"][0]["all"]["change"]["low"]
        < alone["measures"][0]["all"]["change"]["low"]
    )


answers = st.lists(st.integers(0, 10).map(float), max_size=40)
twice = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=40).map(
    lambda pairs: [(float(a), float(b)) for a, b in pairs]
)
kinds = st.sampled_from([("nps", None), ("loyalty_index", None), ("csat", None), ("m", 1.0)])


def _scored(measure: str, value: float) -> float:
    """Bring a drawn number to the scale of the measure."""
    if measure == "csat":
        return 25.0 * (value // 2.5)
    return 10 * value if measure == "loyalty_index" else value


@given(kinds, answers, answers, twice)
def test_swapped_waves_change_the_sign_and_nothing_else(
    kind: tuple[str, float | None],
    before: list[float],
    after: list[float],
    both: list[tuple[float, float]],
) -> None:
    measure, step = kind
    pairs = [(_scored(measure, a), _scored(measure, b)) for a, b in both]
    then = Counter(_scored(measure, a) for a in before) + Counter(a for a, _ in pairs)
    now = Counter(_scored(measure, a) for a in after) + Counter(b for _, b in pairs)
    found = _row(measure, then, now, Counter(pairs), step=step)
    back = _row(measure, now, then, Counter((b, a) for a, b in pairs), step=step)
    turned = {"better": "worse", "worse": "better"}
    assert back["verdict"] == turned.get(found["verdict"], found["verdict"])
    assert (back["headline"], back["why"]) == (found["headline"], found["why"])
    for view in ("all", "paired"):
        one, other = found[view], back[view]
        if one and one["change"]:
            expected = [-one["change"][end] for end in ("value", "high", "low")]
            seen = [other["change"][end] for end in ("value", "low", "high")]
            assert seen == pytest.approx(expected, abs=1e-6)
    json.dumps(found, allow_nan=False)


@given(kinds, st.lists(st.integers(0, 10).map(float), min_size=1, max_size=60))
def test_identical_waves_are_no_change(kind: tuple[str, float | None], given: list[float]) -> None:
    measure, step = kind
    values = [_scored(measure, value) for value in given]
    strangers = _row(measure, Counter(values), Counter(values), {}, step=step)
    same = _same_people(measure, [(value, value) for value in values], step=step)
    for row in (strangers, same):
        assert row["verdict"] in {"no_evidence", "too_few"}
        if row["all"]["change"]:
            assert row["all"]["change"]["value"] == 0
            assert row["all"]["change"]["low"] < 0 < row["all"]["change"]["high"]
    assert (same["verdict"] == "no_evidence") >= (len(values) >= 10)


def test_minutes_are_no_more_exact_than_people_give_them() -> None:
    pairs = [(60.0 + n, 10.0 + n) for n in range(6)]
    change = _same_people("minutes", pairs, step=5, better="down")["paired"]["change"]
    error = (25 / 12 * 2 / 6) ** 0.5
    assert change["value"] == pytest.approx(-50)
    assert change["high"] == pytest.approx(-50 + 2.570582 * error, abs=1e-5)
