import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.reports.words import QUOTES
from surveys.counts.figures import (
    Baseline,
    Comment,
    DigestFigures,
    Funnel,
    MeasureCounts,
    MirrorItem,
    MirrorProfile,
)
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest

BEFORE = {6.0: 25, 8.0: 30, 9.0: 45}
AFTER = {6.0: 15, 8.0: 25, 9.0: 60}


def _document(figures: DigestFigures) -> dict[str, Any]:
    return digest(figures, samples.NOW, "ru")


def _figures(
    *now: MeasureCounts, before: tuple[MeasureCounts, ...] = (), **changes: Any
) -> DigestFigures:
    quiet = samples.empty()
    return dataclasses.replace(
        quiet,
        current=dataclasses.replace(quiet.current, measures=now),
        previous=dataclasses.replace(quiet.previous, measures=before),
        **changes,
    )


def _whole(measure: str, counts: dict[float, int], partial: int = 0) -> MeasureCounts:
    return MeasureCounts(measure, "all", "", "", counts, partial)


def _managers(**answers: dict[float, int]) -> DigestFigures:
    return _figures(
        *(
            MeasureCounts("nps", "manager", str(number), name, counts)
            for number, (name, counts) in enumerate(answers.items(), 1)
        )
    )


def _mirror(customers: dict[float, int], own: float | None = 4.0) -> dict[str, Any]:
    company = {4.0: 20}
    item = MirrorItem(1, "Anna", "speed", "Speed", 1, 5, own, customers, company)
    means = {25 * (score - 1): count for score, count in customers.items()}
    profiles = () if own is None else (MirrorProfile(1, 25 * (own - 1), means, 5),)
    [manager] = _document(_figures(mirrors=(item,), profiles=profiles))["mirror"]["managers"]
    found: dict[str, Any] = manager["items"][0]
    return found


def _comments(*rows: tuple[str, int | None, int]) -> dict[str, Any]:
    comments = tuple(Comment(text, score, date(2026, 9, day), "why") for text, score, day in rows)
    found: dict[str, Any] = _document(_figures(comments=comments))["words"]
    return found


def test_the_score_and_its_change_are_the_methods_golden_numbers() -> None:
    document = _document(_figures(_whole("nps", AFTER), before=(_whole("nps", BEFORE),)))
    nps = document["nps"]
    assert nps["counts"] == {"detractors": 15, "passives": 25, "promoters": 60}
    assert nps["score"]["value"] == pytest.approx(45)
    assert nps["score"]["low"] == pytest.approx(29.3431, abs=1e-4)
    assert nps["score"]["high"] == pytest.approx(58.0355, abs=1e-4)
    assert nps["change"]["value"] == pytest.approx(25)
    assert nps["change"]["low"] == pytest.approx(3.2488, abs=1e-4)
    assert nps["change"]["high"] == pytest.approx(46.0122, abs=1e-4)
    assert document["headline"]["measure"] == "nps"
    assert document["headline"]["verdict"] == "better"
    assert nps["level"] == pytest.approx(0.95)


def test_fewer_answers_in_one_period_leave_no_verdict() -> None:
    document = _document(_figures(_whole("nps", AFTER), before=(_whole("nps", {9.0: 9}),)))
    assert document["headline"]["verdict"] == "too_few"
    assert document["scorecard"]["compared"] == 0


def test_each_interval_is_of_the_level_that_decided_its_word() -> None:
    index = {60.0: 20, 80.0: 20}
    alone = _document(_figures(_whole("nps", AFTER), before=(_whole("nps", BEFORE),)))
    together = _document(
        _figures(
            _whole("nps", AFTER),
            _whole("service_quality", index),
            before=(_whole("nps", BEFORE), _whole("service_quality", index)),
        )
    )
    assert together["scorecard"]["compared"] == 2
    assert together["nps"]["level"] == pytest.approx(0.975)
    assert together["nps"]["change"]["low"] < alone["nps"]["change"]["low"]
    assert together["nps"]["change"]["high"] > alone["nps"]["change"]["high"]
    assert together["nps"]["verdict"] == "better"
    assert together["scorecard"]["criteria"][1]["level"] == pytest.approx(0.95)


def test_people_who_answered_in_both_periods_narrow_the_change() -> None:
    both = {(6.0, 6.0): 15, (8.0, 8.0): 25, (9.0, 9.0): 45}
    measures = _figures(_whole("nps", AFTER), before=(_whole("nps", BEFORE),))
    strangers = _document(measures)["nps"]["change"]
    same = _document(dataclasses.replace(measures, overlap={"nps": both}))["nps"]["change"]
    assert same["shared"] == 85
    assert same["high"] - same["low"] < strangers["high"] - strangers["low"]


def test_an_index_is_shown_with_the_figure_beside_it_and_what_was_left_out() -> None:
    document = _document(
        _figures(
            _whole("loyalty_index", {50.0: 10, 70.0: 10}, partial=3),
            _whole("nps", AFTER),
            _whole("csat", {100.0: 6, 75.0: 3, 50.0: 3}),
        )
    )
    loyalty, quality = document["scorecard"]["criteria"]
    assert loyalty["current"]["value"] == pytest.approx(60)
    assert loyalty["current"]["low"] < 60 < loyalty["current"]["high"]
    assert loyalty["partial"] == 3
    assert loyalty["beside"]["current"] == document["nps"]["score"]
    assert quality["current"] is None
    assert quality["beside"]["current"]["value"] == pytest.approx(75)
    assert document["method"]["partial"] == {"loyalty_index": 3}


def test_a_falling_index_is_worse_and_an_unchanged_one_is_no_evidence() -> None:
    document = _document(
        _figures(
            _whole("service_quality", {40.0: 30, 50.0: 30}),
            _whole("automation", {40.0: 30, 60.0: 30}),
            before=(
                _whole("service_quality", {80.0: 30, 90.0: 30}),
                _whole("automation", {40.0: 30, 60.0: 30}),
            ),
        )
    )
    assert [row["verdict"] for row in document["scorecard"]["criteria"]] == ["worse", "no_evidence"]


def test_the_distribution_has_all_eleven_scores() -> None:
    assert _document(_figures(_whole("nps", AFTER)))["nps"]["distribution"] == [
        *[0] * 6,
        15,
        0,
        25,
        60,
        0,
    ]


def test_a_month_with_too_few_answers_has_no_score() -> None:
    figures = samples.rich()
    trend = _document(figures)["nps"]["trend"]
    assert [row["key"] for row in trend][::11] == ["2025-10", "2026-09"]
    assert [row["score"] is None for row in trend] == [True, True, *[False] * 10]
    assert [row["missing"] for row in trend[:3]] == [10, 6, 0]


def test_groups_carry_their_share_of_the_answers() -> None:
    document = _document(samples.rich())
    for kind in ("segments", "touchpoints", "channels"):
        rows = document["nps"][kind]
        assert sum(row["share"] for row in rows) == pytest.approx(100)
        assert [row["n"] for row in rows] == sorted((row["n"] for row in rows), reverse=True)


def test_the_share_of_managers_own_invitations_stands_beside_their_figures() -> None:
    anna = MeasureCounts("nps", "manager", "1", "Anna", {10.0: 12, 3.0: 4}, by_manager=12)
    oleg = MeasureCounts("nps", "manager", "2", "Oleg", {8.0: 16})
    everybody = MeasureCounts("nps", "all", "", "", {10.0: 12, 8.0: 16, 3.0: 4}, by_manager=12)
    document = _document(_figures(everybody, anna, oleg))
    assert document["nps"]["by_manager"] == {"n": 12, "share": 37.5}
    assert {row["name"]: row["by_manager"] for row in document["managers"]} == {
        "Anna": {"n": 12, "share": 75.0},
        "Oleg": None,
    }


def test_a_manager_below_ten_answers_has_no_score() -> None:
    rows = _document(_managers(nine={9.0: 9}, ten={9.0: 10}))["managers"]
    assert [(row["name"], row["score"] is None, row["missing"]) for row in rows] == [
        ("ten", False, 0),
        ("nine", True, 1),
    ]


def test_only_a_manager_whose_interval_meets_no_other_has_a_rank() -> None:
    apart = _managers(
        worst={0.0: 40}, middle={8.0: 30}, likewise={8.0: 29, 9.0: 1}, best={10.0: 40}
    )
    assert [(row["name"], row["rank"]) for row in _document(apart)["managers"]] == [
        ("best", 1),
        ("likewise", None),
        ("middle", None),
        ("worst", 4),
    ]


def test_eight_managers_stand_by_their_drawn_scores() -> None:
    few_but_perfect = {10.0: 10}
    many = {10.0: 170, 3.0: 10}
    others = {f"m{n}": {10.0: 10 + 3 * n, 3.0: 30 - 3 * n} for n in range(6)}
    document = _document(_managers(few=few_but_perfect, many=many, **others))
    assert document["managers_by"] == "drawn"
    rows = {row["name"]: row for row in document["managers"]}
    assert [row["name"] for row in document["managers"]][:2] == ["many", "few"]
    assert rows["few"]["drawn"] < rows["few"]["score"]["value"] == 100


def test_managers_who_differ_by_chance_alone_stand_by_name() -> None:
    alike = {f"m{n}": {10.0: 10 + n % 2, 8.0: 6, 3.0: 4 - n % 2} for n in reversed(range(9))}
    document = _document(_managers(**alike))
    assert document["managers_by"] == "name"
    assert [row["name"] for row in document["managers"]] == sorted(alike)
    assert all(row["rank"] is None for row in document["managers"])


def test_seven_managers_stand_by_their_raw_scores() -> None:
    document = _document(_managers(**{f"m{n}": {10.0: 10 + n} for n in range(7)}))
    assert document["managers_by"] == "score"
    assert all(row["drawn"] is None for row in document["managers"])


def test_a_slow_slide_is_named_among_the_verdicts() -> None:
    figures = samples.rich()
    slide = [
        dataclasses.replace(
            month, measures=(_whole("nps", {3.0: 30 + 8 * t, 8.0: 50, 10.0: 170 - 8 * t}),)
        )
        for t, month in enumerate(figures.months)
    ]
    document = _document(dataclasses.replace(figures, months=tuple(slide)))
    slope = document["nps"]["slope"]
    assert (slope["verdict"], slope["months"]) == ("worse", 12)
    assert slope["change"]["high"] < 0
    assert all(row["limits"]["low"] < slope["center"] for row in document["nps"]["trend"])
    without = _document(dataclasses.replace(figures, months=()))
    assert document["scorecard"]["compared"] == without["scorecard"]["compared"] + 1
    assert without["nps"]["slope"] is None


def test_a_single_manager_has_no_rank() -> None:
    assert _document(_managers(alone={9.0: 20}))["managers"][0]["rank"] is None


def test_a_gap_needs_five_customers() -> None:
    few = _mirror({4.0: 4})
    assert (few["gap"], few["agreement"], few["customers"], few["missing"]) == (None, None, None, 1)
    enough = _mirror({4.0: 5})
    assert enough["missing"] == 0
    assert enough["gap"]["value"] == 0
    assert enough["agreement"] is None, "no word below ten customers"


@pytest.mark.parametrize(
    ("own", "word"), [(5.0, "over_rater"), (1.0, "under_rater"), (3.0, "in_agreement")]
)
def test_the_gap_is_self_minus_customers_and_its_word_follows_the_interval(
    own: float, word: str
) -> None:
    item = _mirror({2.0: 10, 3.0: 10, 4.0: 10}, own)
    assert item["gap"]["value"] == pytest.approx(own - 3)
    assert item["gap"]["low"] < own - 3 < item["gap"]["high"]
    assert item["agreement"] == (None if word == "in_agreement" else word)


def test_a_manager_who_has_not_answered_has_no_gap_but_the_customers_view() -> None:
    item = _mirror({4.0: 20}, own=None)
    assert item["gap"] is None
    assert item["customers"]["value"] == pytest.approx(4)


def test_the_response_rate_is_of_those_who_received_the_invitation() -> None:
    figures = _figures()
    funnel = Funnel(100, 80, 60, 40, 30, unreachable=12, unknown=8, not_invited={"left": 2})
    current = dataclasses.replace(figures.current, funnel=funnel)
    found = _document(dataclasses.replace(figures, current=current))["funnel"]
    assert found["response"]["value"] == pytest.approx(50)
    assert found["response"]["low"] == pytest.approx(39.3, abs=0.05)
    assert found["completion"]["value"] == pytest.approx(75)
    assert found["shares"]["delivered"] == pytest.approx(80)
    assert (found["unreachable"], found["unknown"], found["not_invited_total"]) == (12, 8, 2)


def test_quotes_are_the_most_recent_ones_with_enough_words() -> None:
    rows = [(f"words of day {day}", 10, day) for day in range(1, 10)]
    words = _comments(*rows, ("short", 10, 30), ("no score here", None, 1))
    promoters, silent = words["groups"]
    assert words["total"] == 11
    assert promoters["total"] == 10
    assert [quote["day"][-2:] for quote in promoters["quotes"]] == ["09", "08", "07", "06", "05"]
    assert len(promoters["quotes"]) == QUOTES
    assert silent["segment"] == "none"


@pytest.mark.parametrize(
    ("score", "segment"),
    [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter")],
)
def test_words_stand_with_the_segment_of_their_score(score: int, segment: str) -> None:
    assert _comments(("two words", score, 1))["groups"][0]["segment"] == segment


def test_a_period_without_anything_is_empty_and_says_no_number() -> None:
    document = _document(samples.empty())
    assert document["empty"] is True
    assert document["headline"]["measure"] is None
    assert document["nps"] is None
    assert document["scorecard"]["criteria"] == []
    assert document["funnel"]["response"] is None


def test_an_invitation_alone_makes_a_period_worth_telling() -> None:
    figures = _figures()
    current = dataclasses.replace(figures.current, funnel=Funnel(1, 1, 0, 0, 0))
    assert _document(dataclasses.replace(figures, current=current))["empty"] is False


@given(
    st.dictionaries(st.integers(0, 10).map(float), st.integers(0, 40)),
    st.dictionaries(st.integers(0, 10).map(float), st.integers(0, 40)),
    st.dictionaries(st.integers(0, 20).map(lambda step: step * 5.0), st.integers(0, 9)),
)
def test_any_counts_make_a_document_of_plain_numbers_in_order(
    now: dict[float, int], before: dict[float, int], index: dict[float, int]
) -> None:
    document = _document(
        _figures(
            _whole("nps", now),
            _whole("service_quality", index),
            MeasureCounts("nps", "manager", "1", "Anna", now),
            before=(_whole("nps", before), _whole("service_quality", index)),
        )
    )
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    for row in (document["nps"] or {}, *document["scorecard"]["criteria"]):
        for name in ("score", "current", "change"):
            found = row.get(name)
            assert not found or found["low"] <= found["value"] <= found["high"]
    assert document["answers"] == max(sum(now.values()), sum(index.values()))


def test_the_samples_make_documents_that_survive_json() -> None:
    for figures in (samples.rich(), samples.sparse(), samples.empty()):
        document = _document(figures)
        assert json.loads(json.dumps(document, allow_nan=False)) == document


def _baseline(measure: str, counts: dict[float, int], **more: Any) -> dict[str, Baseline]:
    row = _whole(measure, counts)
    return {measure: Baseline(7, "Campaign", "before", samples.NOW, row, {}, **more)}


def test_the_change_since_the_baseline_wave_is_the_methods_golden_number() -> None:
    figures = _figures(_whole("nps", AFTER), baselines=_baseline("nps", BEFORE))
    document = _document(figures)
    found = document["nps"]["baseline"]
    assert (found["wave"], found["label"], found["verdict"]) == (7, "before", "better")
    assert found["value"]["value"] == pytest.approx(20)
    assert found["change"]["value"] == pytest.approx(25)
    assert found["change"]["low"] == pytest.approx(3.2488, abs=1e-4)
    assert document["nps"]["verdict"] == "too_few", "there is no period before"
    assert document["scorecard"]["compared"] == 1


def test_the_baseline_waves_day_is_that_of_the_companys_calendar() -> None:
    (row,) = _baseline("nps", BEFORE).values()
    night = dataclasses.replace(row, start=datetime(2026, 8, 31, 21, 30, tzinfo=UTC))
    document = _document(_figures(_whole("nps", AFTER), baselines={"nps": night}))
    assert document["nps"]["baseline"]["start"].startswith("2026-09-01")


def test_a_word_since_the_baseline_is_one_more_comparison() -> None:
    before = (_whole("nps", BEFORE),)
    figures = _figures(_whole("nps", AFTER), before=before, baselines=_baseline("nps", BEFORE))
    document = _document(figures)
    assert document["scorecard"]["compared"] == 2
    assert document["nps"]["level"] == pytest.approx(0.975)
    assert document["nps"]["baseline"]["level"] == pytest.approx(0.95)


def test_a_baseline_asked_in_other_words_has_a_value_and_no_change() -> None:
    baselines = _baseline("nps", BEFORE, same_wording=False)
    document = _document(_figures(_whole("nps", AFTER), baselines=baselines))
    found = document["nps"]["baseline"]
    assert (found["change"], found["verdict"]) == (None, "too_few")
    assert found["value"]["value"] == pytest.approx(20)
    assert document["scorecard"]["compared"] == 0
