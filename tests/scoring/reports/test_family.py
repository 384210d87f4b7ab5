"""All verdicts of a digest together: how often they say what is not so, and what they find."""

from dataclasses import replace

import pytest

from scoring.reports.family import ComparisonKey, family
from surveys.counts.figures import DigestFigures, Margins, MeasureCounts
from surveys.reports.estimates import Verdict
from tests.scoring.changes.simulated import SETTINGS, told
from tests.scoring.changes.simulated_margins import MARGIN, said
from tests.scoring.reports import digest_samples as samples

SHORT = (
    "unchanged, n = 10",
    "quality fell, n = 30",
    "ceiling, n = 30",
    "four in five return, n = 30",
)


@pytest.mark.parametrize("setting", SHORT)
def test_the_verdicts_together_err_in_at_most_one_digest_of_twenty(setting: str) -> None:
    """Four hundred digests, seed fixed: a standard error of .011; all settings: `make prove`."""
    assert told(SETTINGS[setting], 400, seed=1).false_share <= 0.05 + 2 * 0.011


@pytest.mark.parametrize("setting", ["15 firms, others each time, n = 90"])
def test_that_colleagues_answer_alike_is_no_verdict(setting: str) -> None:
    """Without their firms a quarter of the digests would say what is not so."""
    assert told(SETTINGS[setting], 100, seed=3).false_share <= 0.05 + 2 * 0.022
    assert told(SETTINGS[setting], 60, seed=3, blind=True).false_share > 0.1


def test_where_one_firm_alone_answers_there_is_no_word() -> None:
    figures = _figures({3.0: 10, 10.0: 20}, {3.0: 20, 10.0: 10}, Margins())
    alone = replace(figures, firms={"nps": {((30, 1000.0), (30, -1000.0)): 1}})
    assert family(figures).of("nps", "previous") is not None
    assert family(alone).of("nps", "previous") is None


def test_stepping_down_finds_more_than_a_fixed_level() -> None:
    found = told(SETTINGS["quality fell a little, n = 100"], 300, seed=2)
    assert found.true > found.fixed


def _figures(before: dict[float, int], after: dict[float, int], margins: Margins) -> DigestFigures:
    quiet = samples.empty()
    now, then = (MeasureCounts("nps", "all", "", "", counts, 0, 11) for counts in (after, before))
    return replace(
        quiet,
        current=replace(quiet.current, measures=(now,)),
        previous=replace(quiet.previous, measures=(then,)),
        margins=margins,
    )


@pytest.mark.parametrize(("n", "margin", "said"), [(30, 10, None), (3000, 10, 10), (3000, 1, None)])
def test_no_change_larger_than_the_margin_is_said_only_inside_it(
    n: int, margin: float, said: float | None
) -> None:
    counts = {3.0: n, 8.0: n, 10.0: 2 * n}
    found = family(_figures(counts, counts, Margins(nps=margin))).of("nps", "previous")
    assert found is not None
    assert (found.verdict, found.within) == (Verdict.NO_EVIDENCE, said)
    assert (-margin < found.change.low and found.change.high < margin) == (said is not None)


def test_a_change_may_hold_and_be_small() -> None:
    before, after = {3.0: 300_000, 10.0: 700_000}, {3.0: 297_000, 10.0: 703_000}
    found = family(_figures(before, after, Margins())).of("nps", "previous")
    assert found is not None
    assert (found.verdict, found.within) == (Verdict.BETTER, 10.0)


def test_a_change_as_large_as_the_margin_is_rarely_said_to_be_smaller() -> None:
    """Of three hundred digests 2.5 % are expected, an error of .009; more: `make prove`."""
    assert said(1000, MARGIN, 300, seed=1) / 300 <= 0.025 + 2 * 0.009
    assert said(1000, 0, 100, seed=1) > 40


def test_too_few_answers_are_no_member() -> None:
    found = family(_figures({9.0: 9}, {9.0: 30}, Margins()))
    assert ComparisonKey("nps", "previous") not in found.judged
