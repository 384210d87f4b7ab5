"""What was asked in other words is another series: it has figures, and no change."""

import dataclasses

from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.test_digest import AFTER, BEFORE, _document, _figures, _whole


def test_what_was_asked_in_other_words_before_has_no_change_and_no_word() -> None:
    document = _document(
        _figures(
            _whole("nps", AFTER),
            _whole("service_quality", {50.0: 40}),
            before=(_whole("nps", BEFORE), _whole("service_quality", {100.0: 40})),
            other_words=frozenset({"nps", "service_quality"}),
        )
    )
    [row] = [one for one in document["scorecard"]["criteria"] if one["key"] == "service_quality"]
    for found in (document["nps"], document["headline"], row):
        assert (found["verdict"], found["change"], found["level"]) == ("other_words", None, None)
        assert found["previous"]["n"], "the figure itself stays"
    assert document["scorecard"]["compared"] == 0
    assert document["effectiveness"]["change"] is None
    assert document["effectiveness"]["index"] is not None


def test_what_rests_on_another_nps_is_no_part_of_the_indexs_change() -> None:
    figures = samples.rich()
    cost, asked = "cost_per_loyal_customer", frozenset({"nps"})
    assert cost in _document(figures)["effectiveness"]["common"]
    found = _document(dataclasses.replace(figures, other_words=asked))["effectiveness"]
    assert cost not in found["common"]
    assert found["change"] is not None
    by_deals = dataclasses.replace(
        figures,
        other_words=asked,
        loyal_repeats=1,
        purchases={1.0: 40},
        purchases_before={1.0: 40},
    )
    assert cost in _document(by_deals)["effectiveness"]["common"]


def test_months_asked_in_other_words_are_no_part_of_the_trend() -> None:
    """Four months of another question, much lower, would be a rise."""
    figures = samples.rich()
    months = tuple(
        dataclasses.replace(
            month, measures=(_whole("nps", {3.0: 90, 10.0: 10} if t < 4 else {3.0: 30, 10.0: 70}),)
        )
        for t, month in enumerate(figures.months)
    )
    pooled = dataclasses.replace(figures, months=months)
    assert _document(pooled)["nps"]["slope"]["verdict"] == "better"
    keys = frozenset(month.period.key for month in months[:4])
    document = _document(dataclasses.replace(pooled, other_months=keys))
    slope, drawn = document["nps"]["slope"], document["nps"]["trend"]
    assert (slope["verdict"], slope["months"]) == ("no_evidence", 8)
    assert [row["other_words"] for row in drawn] == [True] * 4 + [False] * 8
    assert all(row["score"] for row in drawn)
    assert [row["limits"] is None for row in drawn] == [True] * 4 + [False] * 8
    more = frozenset(month.period.key for month in months[:5])
    assert _document(dataclasses.replace(pooled, other_months=more))["nps"]["slope"] is None
