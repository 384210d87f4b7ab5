"""Moments and zones with every kind of clock change."""

from datetime import UTC, datetime

from hypothesis import strategies as st

ZONES = (
    "UTC",
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Asia/Kamchatka",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
)


def moments() -> st.SearchStrategy[datetime]:
    seconds = st.integers(1_325_376_000, 2_208_988_800)  # 2012 to 2040
    return seconds.map(lambda second: datetime.fromtimestamp(second, UTC))
