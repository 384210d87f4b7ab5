"""What a restore holds until an admin releases it."""

from dataclasses import dataclass

from storage.copies import restores
from storage.copies.restores import Hold
from storage.engine.reading import Reader


@dataclass(frozen=True, slots=True)
class Standing:
    """A restore to be released: how many messages wait, and how many have an unknown fate."""

    hold: Hold
    waiting: int
    uncertain: int


async def standing(reader: Reader) -> Standing | None:
    """Return what is held, None where nothing is."""
    hold = await restores.held(reader)
    return None if hold is None else Standing(hold, *(await restores.counts(reader)))
