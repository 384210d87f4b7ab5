"""Which figures of a digest were asked in other words, or on another scale: another series."""

from collections.abc import Collection, Mapping, Sequence

from storage.asking import definitions
from storage.engine.reading import Reader
from surveys.counts.comparing import same_wording
from surveys.counts.figures import PeriodFigures
from surveys.counts.measures import NPS

Versions = Mapping[str, frozenset[int]]
"""Measure → the survey versions that asked it."""


async def other_words(reader: Reader, before: Versions, now: Versions) -> frozenset[str]:
    """Return the measures of both that not all versions ask alike."""
    both = [measure for measure in now if measure in before]
    return frozenset([one for one in both if not await _alike(reader, one, before[one] | now[one])])


async def other_months(reader: Reader, months: Sequence[PeriodFigures]) -> frozenset[str]:
    """Return the keys of the months whose NPS is of another series than that of the last asked."""
    asked = {month.period.key: month.versions.get(NPS, frozenset()) for month in months}
    latest = next((one for one in reversed(asked.values()) if one), frozenset())
    return frozenset(
        [
            key
            for key, versions in asked.items()
            if versions and not await _alike(reader, NPS, versions | latest)
        ]
    )


async def _alike(reader: Reader, measure: str, versions: Collection[int]) -> bool:
    """Look at the words only where there is more than one version."""
    if len(versions) == 1:
        return True
    surveys = [(await definitions.get(reader, one)).survey for one in sorted(versions)]
    return same_wording(measure, *surveys)
