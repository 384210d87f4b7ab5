"""What a button carries survives the way to Telegram and back; everything else is refused."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.says.taps import MenuTap, SurveyAction, SurveyTap, unpack

SURVEY_TAPS = st.builds(
    SurveyTap,
    action=st.sampled_from(get_args(SurveyAction)),
    invitation_id=st.integers(0, 10**15),
    question=st.integers(0, 99),
    option=st.from_regex(r"[a-z0-9_]{0,8}", fullmatch=True),
    handle=st.sampled_from(["", "A" * 22]),
)


@given(SURVEY_TAPS)
def test_a_survey_tap_comes_back_as_it_went_and_fits(tap: SurveyTap) -> None:
    assert unpack(tap.pack()) == tap
    assert 1 <= len(tap.pack().encode()) <= 64


@given(
    st.from_regex(r"[a-z_]{1,16}", fullmatch=True),
    st.lists(st.from_regex(r"[a-z0-9_.-]{0,12}", fullmatch=True), max_size=3),
)
def test_a_menu_tap_comes_back_as_it_went(place: str, arguments: list[str]) -> None:
    tap = MenuTap(place, tuple(arguments))
    assert unpack(tap.pack()) == tap


@given(st.text(max_size=64))
def test_any_text_is_read_or_refused_without_an_error(data: str) -> None:
    tap = unpack(data)
    assert tap is None or tap.pack() == data or isinstance(tap, MenuTap | SurveyTap)


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "2:a:1:0:5",
        "1:z:1:0:5",
        "1:a:-1:0:5",
        "1:a:1:0:5:x",
        "1:a:\u0661:0:5",
        "1:a:1:\uff10:5",
    ],
)
def test_foreign_data_is_refused(data: str | None) -> None:
    assert unpack(data) is None
