"""--zone takes a zone by any of its names."""

import pytest

from bot.cli.zones import zone_of
from surveys.errors import ZoneUnknown


def test_a_zone_is_taken_by_any_of_its_names_or_refused() -> None:
    for said in ("America/New_York", "New York", "нью-йорк"):
        assert zone_of(said) == "America/New_York"
    with pytest.raises(ZoneUnknown, match="Марс"):
        zone_of("Марс")
