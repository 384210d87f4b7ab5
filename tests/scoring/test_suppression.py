"""Anonymous breakdowns from which no small group follows."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.suppression import coarse_date, release

sizes = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 15), min_size=1)


def test_large_groups_are_shown() -> None:
    assert release({"a": 5, "b": 9}).groups == {"a", "b"}


def test_one_small_group_takes_another_with_it() -> None:
    found = release({"north": 3, "south": 6, "west": 20})
    assert found.groups == {"west"}
    assert found.total


def test_two_small_groups_that_are_few_together_take_a_third() -> None:
    assert release({"a": 2, "b": 2, "c": 7, "d": 8}).groups == {"d"}
    assert release({"a": 3, "b": 3, "c": 7, "d": 8}).groups == {"c", "d"}


def test_an_empty_group_hides_nobody() -> None:
    assert release({"a": 0, "b": 9, "c": 9}).groups == {"b", "c"}
    assert len(release({"a": 0, "b": 3, "c": 9, "d": 9}).groups) == 1


def test_below_five_there_is_no_total() -> None:
    found = release({"a": 2, "b": 2})
    assert not found.total
    assert not found.groups


def test_newcomers_do_not_follow_from_two_reports() -> None:
    before = {"a": 10, "b": 10, "c": 10}
    grown = release({"a": 12, "b": 10, "c": 10}, before, total_before=30)
    assert not grown.total
    assert "a" not in grown.groups
    enough = release({"a": 15, "b": 10, "c": 10}, before, total_before=30)
    assert enough.total
    assert enough.groups == {"a", "b", "c"}


def test_those_who_joined_one_group_do_not_follow_from_the_others() -> None:
    before = {"a": 10, "b": 10, "c": 10}
    found = release({"a": 12, "b": 10, "c": 15}, before, total_before=30)
    assert found.total
    assert found.groups == {"b"}


def test_a_group_that_shrank_below_five_takes_another_with_it() -> None:
    before = {"a": 10, "b": 10, "c": 10}
    found = release({"a": 3, "b": 10, "c": 10}, before, total_before=30)
    assert found.total
    assert len(found.groups) == 1


def test_an_erased_answer_does_not_follow_from_two_reports() -> None:
    found = release({"a": 9, "b": 10}, {"a": 10, "b": 10}, total_before=20)
    assert not found.total
    assert "a" not in found.groups


@given(sizes)
def test_no_hidden_group_follows_by_subtraction(groups: dict[str, int]) -> None:
    found = release(groups)
    hidden = [size for key, size in groups.items() if size and key not in found.groups]
    assert all(groups[key] >= 5 for key in found.groups)
    if hidden and found.groups:
        assert len(hidden) > 1
        assert sum(hidden) >= 5


@given(sizes, sizes)
def test_no_few_newcomers_follow_from_two_reports(
    first: dict[str, int], joined: dict[str, int]
) -> None:
    before = release(first)
    shown = {key: first[key] for key in before.groups}
    now = {key: first.get(key, 0) + joined.get(key, 0) for key in {*first, *joined}}
    found = release(now, shown, total_before=sum(first.values()))
    for key in found.groups & before.groups:
        assert joined.get(key, 0) == 0 or joined[key] >= 5


def test_dates_are_coarse() -> None:
    assert coarse_date(date(2026, 7, 23)) == date(2026, 7, 1)
