"""Who has the database, its log and all copies names nobody, until a guard is taken off.

`make prove` plays it two hundred times.
"""

from pathlib import Path

import pytest

from tests.prove.proofs.anonymous import GUARDS, at_most, named


async def test_the_attacker_names_nobody_better_than_chance(tmp_path: Path) -> None:
    found = await named(tmp_path, 6, seed=1)
    assert found.without_keys <= at_most(6)
    assert found.with_keys <= at_most(6)


@pytest.mark.parametrize("guard", GUARDS)
async def test_each_guard_is_needed(tmp_path: Path, guard: str) -> None:
    found = await named(tmp_path, 3, seed=1, guard=guard)
    assert max(found.without_keys, found.with_keys) > at_most(3)
