"""Power cuts and interrupted migrations, as `make prove` tries them, at a point of each call."""

import asyncio
from pathlib import Path

import pytest

from tests.prove import tracing
from tests.prove.guards import FSYNC
from tests.prove.proofs import points
from tests.prove.proofs.powerloss import cut_power
from tests.prove.tracing import Traced

pytestmark = pytest.mark.skipif(not tracing.is_there(), reason=tracing.WITHOUT)


async def test_a_power_cut_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    loss = await cut_power(tmp_path)
    assert loss.moments
    assert loss.lost == 0


async def test_without_a_flush_at_each_commit_it_would(tmp_path: Path) -> None:
    assert (await cut_power(tmp_path, FSYNC)).lost


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    return asyncio.run(points.count_transactions(tmp_path_factory.mktemp("counted")))


@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=ENOSPC", "error=EIO"])
async def test_every_transaction_survives_a_crash_and_a_failing_disk(
    tmp_path: Path, fault: str, counted: Traced
) -> None:
    found = await points.sweep_transactions(tmp_path, 1, fault, counted)
    assert found.tried >= 2
    assert not found.wrong


async def test_a_migration_killed_halfway_is_finished_by_the_next_start(tmp_path: Path) -> None:
    found = await points.sweep_migrations(tmp_path, 1)
    assert found.tried >= 2
    assert not found.wrong
