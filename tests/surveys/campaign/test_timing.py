from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.timing import Hours, after_waiting, is_quiet, send_at, timetable
from tests.surveys.zones import ZONES, moments

zones = st.sampled_from(ZONES)
windows = st.none() | st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(
    lambda pair: pair[0] < pair[1]
)
hours_of_day = st.builds(Hours, st.integers(0, 23), st.integers(0, 23), windows)


def local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%d %H:%M")


@given(moments(), zones, hours_of_day)
def test_an_allowed_moment_is_not_earlier_and_stays_allowed(
    moment: datetime, zone: str, hours: Hours
) -> None:
    allowed = send_at(moment, zone, hours)
    assert moment <= allowed <= moment + timedelta(hours=50)
    assert send_at(allowed, zone, hours) == allowed
    assert is_quiet(moment, zone, hours) is (allowed != moment)


def test_a_window_narrows_what_is_not_quiet() -> None:
    noon = datetime(2026, 9, 15, 9, tzinfo=UTC)
    hours = Hours(21, 9, (14, 16))
    assert local(send_at(noon, "Europe/Moscow", hours), "Europe/Moscow") == "15 14:00"
    evening = noon + timedelta(hours=5)
    assert local(send_at(evening, "Europe/Moscow", hours), "Europe/Moscow") == "16 14:00"


def test_everybody_s_night_is_their_own() -> None:
    moment = datetime(2026, 9, 15, 16, tzinfo=UTC)
    assert local(send_at(moment, "Europe/Kaliningrad", Hours()), "Europe/Kaliningrad") == "15 18:00"
    assert local(send_at(moment, "Asia/Kamchatka", Hours()), "Asia/Kamchatka") == "16 09:00"


def test_a_window_in_the_quiet_hours_gives_way_to_them() -> None:
    night = datetime(2026, 9, 15, 20, tzinfo=UTC)
    allowed = send_at(night, "Europe/Moscow", Hours(21, 9, (22, 24)))
    assert local(allowed, "Europe/Moscow") == "16 09:00"


@given(moments(), zones, hours_of_day, st.integers(0, 60), st.integers(0, 72))
def test_a_timetable_is_in_order_and_allowed_throughout(
    moment: datetime, zone: str, hours: Hours, count: int, over: int
) -> None:
    found = list(timetable(count, moment, timedelta(hours=over), zone, hours))
    assert len(found) == count
    assert found == sorted(found)
    assert all(not is_quiet(at, zone, hours) and at >= moment for at in found)


def test_a_spread_counts_allowed_hours_only() -> None:
    evening = datetime(2026, 9, 15, 16, tzinfo=UTC)
    found = timetable(4, evening, timedelta(hours=8), "Europe/Moscow", Hours())
    assert [local(at, "Europe/Moscow") for at in found] == [
        "15 19:00",
        "16 09:00",
        "16 11:00",
        "16 13:00",
    ]


def test_waiting_over_the_night_takes_the_rest_in_the_morning() -> None:
    evening = datetime(2026, 9, 15, 17, 30, tzinfo=UTC)
    found = after_waiting(evening, timedelta(hours=2), "Europe/Moscow", Hours())
    assert local(found, "Europe/Moscow") in {"16 09:00", "16 10:30"}
