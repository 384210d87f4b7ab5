"""How many random examples a property takes: some with the tests, all of them in `make prove`."""

from math import ceil
from typing import Final

from hypothesis import settings

ALL: Final = 200
SOME: Final = 40
THOROUGH: Final = "thorough"
"""The profile of hypothesis in which a property takes all examples."""


def register() -> None:
    """Make both profiles, and load that of the tests."""
    settings.register_profile("otklik", deadline=None, max_examples=SOME)  # a busy machine is
    settings.register_profile(THOROUGH, deadline=None, max_examples=ALL)  # no failure
    settings.load_profile("otklik")


def is_thorough() -> bool:
    """Tell whether all examples are taken, and all steps."""
    return settings().max_examples == ALL


def per_hundred(number: int) -> int:
    """Return how many a property takes whose examples are slow: so many of each hundred."""
    return ceil(number * settings().max_examples / 100)
