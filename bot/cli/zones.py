"""The time zone that --zone names."""

from surveys.errors import ZoneUnknown
from surveys.periods import zone_info
from templates.zones import zone_named


def zone_of(said: str) -> str:
    """Return the IANA name of a zone by any of its names; raises ZoneUnknown."""
    try:
        return zone_info(said).key
    except ZoneUnknown:
        found = zone_named(said)
        if found is None:
            raise
        return found
