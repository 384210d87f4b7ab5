"""Names of a part of the company that can be told apart."""

from datetime import UTC, datetime

from templates.digest.part import told_apart
from templates.texts import Texts


def test_campaigns_of_one_name_are_told_apart_by_day_and_those_of_one_day_by_time() -> None:
    made = [
        (1, "Осень", datetime(2026, 9, 1, 9, tzinfo=UTC)),
        (2, "Осень", datetime(2026, 9, 4, 12, tzinfo=UTC)),
        (3, "Осень", datetime(2026, 9, 4, 14, 30, tzinfo=UTC)),
        (4, "Зима", datetime(2026, 9, 4, 14, 30, tzinfo=UTC)),
    ]
    assert [name.replace("\u00a0", " ") for _, name in told_apart(Texts("ru"), made)] == [
        "Осень, 1 сентября 2026",
        "Осень, 4 сентября 2026, 12:00",
        "Осень, 4 сентября 2026, 14:30",
        "Зима",
    ]
