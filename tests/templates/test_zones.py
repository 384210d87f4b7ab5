"""A zone is found by the name that somebody types."""

import pytest

from templates.zones import zone_named


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Москва", "Europe/Moscow"),
        ("москва ", "Europe/Moscow"),
        ("Moscow", "Europe/Moscow"),
        ("europe/moscow", "Europe/Moscow"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("Екатеринбург", "Asia/Yekaterinburg"),
        ("Уфа", "Asia/Yekaterinburg"),
        ("Калининград", "Europe/Kaliningrad"),
        ("Алматы", "Asia/Almaty"),
        ("Минск", "Europe/Minsk"),
        ("Нью-Йорк", "America/New_York"),
        ("UTC", "UTC"),
        ("Марс", None),
        ("", None),
    ],
)
def test_a_zone_is_known_by_its_city(said: str, zone: str | None) -> None:
    assert zone_named(said) == zone
