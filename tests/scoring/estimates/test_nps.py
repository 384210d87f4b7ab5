"""NPS: the golden numbers, the interval's properties, the refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import nps
from scoring.estimates.nps import Segments

GOLDEN = [
    ((15, 25, 60), 0.45, 0.5475, 0.073993, (0.293431, 0.580355)),
    ((4, 6, 10), 0.30, 0.61, 0.174642, (-0.057235, 0.578974)),
    ((1, 2, 3), 0.333333, 0.555556, 0.304290, (-0.267433, 0.711877)),
    ((0, 2, 8), 0.80, 0.16, 0.126491, (0.292839, 0.937931)),
    ((0, 0, 10), 1, 0, 0, (0.475036, 1)),
    ((200, 300, 500), 0.30, 0.61, 0.024698, (0.250770, 0.347435)),
]
answers = st.integers(0, 300)
levels = st.floats(0.90, 0.999)
segments = st.tuples(answers, answers, answers).filter(any)


@pytest.mark.parametrize(("counts", "score", "variance", "error", "interval"), GOLDEN)
def test_golden_scores(
    counts: tuple[int, int, int],
    score: float,
    variance: float,
    error: float,
    interval: tuple[float, float],
) -> None:
    found = nps.score(*counts)
    assert found.nps / 100 == pytest.approx(score, abs=5e-7)
    assert found.variance / 100**2 == pytest.approx(variance, abs=5e-7)
    assert found.standard_error / 100 == pytest.approx(error, abs=5e-7)
    assert (found.low / 100, found.high / 100) == pytest.approx(interval, abs=5e-7)


@pytest.mark.parametrize(
    ("level", "interval"),
    [(0.90, (0.316496, 0.557290)), (0.99, (0.248352, 0.625434))],
)
def test_golden_levels(level: float, interval: tuple[float, float]) -> None:
    found = nps.score(15, 25, 60, level=level)
    assert (found.low / 100, found.high / 100) == pytest.approx(interval, abs=5e-7)


@pytest.mark.parametrize(
    ("counts", "variance"),
    [((1, 2, 3), 5 / 9), ((1, 0, 1), 1), ((0, 1, 1), 0.25), ((1, 1, 1), 2 / 3)],
)
def test_golden_variances(counts: tuple[int, int, int], variance: float) -> None:
    assert nps.moments(Segments(*counts)).variance == pytest.approx(variance)


@pytest.mark.parametrize(
    ("counts", "interval"),
    [((15, 25, 60), (0.292569, 0.581257)), ((0, 2, 8), (0.300441, 0.943318))],
)
def test_golden_tango(counts: tuple[int, int, int], interval: tuple[float, float]) -> None:
    low, high = nps.tango_interval(*counts)
    assert (low / 100, high / 100) == pytest.approx(interval, abs=5e-7)


@given(segments, levels)
def test_the_score_lies_in_its_interval_and_on_the_scale(
    counts: tuple[int, int, int], level: float
) -> None:
    found = nps.score(*counts, level=level)
    assert -100 <= found.low <= found.nps <= found.high <= 100
    assert found.low < found.high


@given(segments, levels)
def test_tango_holds_the_score(counts: tuple[int, int, int], level: float) -> None:
    low, high = nps.tango_interval(*counts, level=level)
    assert -100 <= low <= nps.score(*counts).nps + 1e-9
    assert nps.score(*counts).nps - 1e-9 <= high <= 100


@given(segments)
def test_swapping_detractors_and_promoters_mirrors_everything(
    counts: tuple[int, int, int],
) -> None:
    found, mirror = nps.score(*counts), nps.score(*reversed(counts))
    assert (mirror.nps, mirror.low, mirror.high) == pytest.approx(
        (-found.nps, -found.high, -found.low)
    )
    assert mirror.variance == pytest.approx(found.variance)


@given(st.tuples(answers, answers, answers))
def test_one_more_promoter_never_lowers_the_score(counts: tuple[int, int, int]) -> None:
    d, s, p = counts
    if sum(counts):
        assert nps.score(d, s, p + 1).nps >= nps.score(d, s, p).nps


@given(segments)
def test_a_hundred_times_the_answers_narrow_the_interval(counts: tuple[int, int, int]) -> None:
    few = nps.score(*counts)
    many = nps.score(*(100 * count for count in counts))
    assert many.nps == pytest.approx(few.nps)
    assert many.high - many.low < few.high - few.low


def test_a_score_approaches_the_plain_interval_as_n_grows() -> None:
    found = nps.score(150_000, 250_000, 600_000)
    assert found.low == pytest.approx(45 - 1.959964 * found.standard_error, abs=0.001)
    assert found.high == pytest.approx(45 + 1.959964 * found.standard_error, abs=0.001)


def test_merged_groups_lie_between_their_scores() -> None:
    first, second = nps.score(5, 5, 10), nps.score(1, 2, 30)
    assert first.nps < nps.score(6, 7, 40).nps < second.nps


def test_counts_become_segments() -> None:
    counts = dict.fromkeys(range(11), 1)
    assert nps.counts_to_segments(counts) == Segments(7, 2, 2)
    assert nps.from_counts(counts).nps == pytest.approx(-500 / 11)


@pytest.mark.parametrize("value", [-1, 11, 6.5, 8.999, float("nan"), True])
def test_no_answer_falls_between_two_segments(value: float) -> None:
    with pytest.raises(BadInput, match="whole number from 0 to 10"):
        nps.counts_to_segments({value: 1})


@pytest.mark.parametrize("count", [-1, 0.5, float("inf"), float("nan")])
def test_a_count_is_a_whole_number(count: float) -> None:
    with pytest.raises(BadInput, match="whole number"):
        nps.score(count, 1, 1)  # type: ignore[arg-type]  # the mistake


def test_no_answers_make_no_score() -> None:
    with pytest.raises(NotEnoughData) as refused:
        nps.score(0, 0, 0)
    assert (refused.value.needed, refused.value.have) == (1, 0)


@pytest.mark.parametrize("level", [0.5, 0.85, 0.9999, 1, 95, float("nan")])
def test_other_levels_are_refused(level: float) -> None:
    with pytest.raises(BadInput, match="level"):
        nps.score(1, 1, 1, level=level)


def test_a_population_narrows_the_interval() -> None:
    alone, within = nps.score(2, 4, 12), nps.score(2, 4, 12, population=20)
    assert within.nps == alone.nps
    assert within.high - within.low < (alone.high - alone.low) / 2
    assert within.standard_error == pytest.approx(alone.standard_error * (2 / 19) ** 0.5)


def test_a_census_has_no_sampling_error() -> None:
    found = nps.score(2, 4, 12, population=18)
    assert found.census
    assert found.low == found.nps == found.high
    assert nps.score(0, 0, 1, population=1).census


def test_a_population_smaller_than_its_answers_is_refused() -> None:
    with pytest.raises(BadInput, match="population"):
        nps.score(2, 4, 12, population=17)
