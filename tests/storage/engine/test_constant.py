"""A column in which all rows say the same behaves as the list that it stands for."""

from hypothesis import given
from hypothesis import strategies as st

from storage.engine.constant import Constant, mapped

values = st.none() | st.sampled_from(["", "customer", "опт"])


@given(values, st.integers(0, 5), values)
def test_it_is_the_list_it_stands_for(value: str | None, rows: int, other: str | None) -> None:
    constant, column = Constant(value, rows), [value] * rows
    assert list(constant) == column
    assert constant.count(other) == column.count(other)
    assert (other in constant) is (other in column)
    assert list(constant[1:3]) == column[1:3]
    assert list(mapped("customer".__eq__, constant)) == list(mapped("customer".__eq__, column))
