"""kill -9 of the real process: what Telegram was told we have is there, and nobody is asked twice.

Three kills; `make prove` has many more, at named points too.
"""

from pathlib import Path

from tests.engines import database_in, on_both, on_postgres
from tests.prove.proofs.killing import Plan, trial


@on_both
async def test_confirmed_answers_survive_kill_9_and_no_invitation_comes_twice(
    tmp_path: Path,
) -> None:
    # Of a killed program on a server the next one learns after its lease, seconds later.
    people, kills = (10, 1) if on_postgres() else (60, 3)
    verdict = await trial(tmp_path, Plan(people, kills, seed=5), database_in(tmp_path))
    assert verdict.is_clean, verdict
    assert verdict.confirmed >= 3 * (people - verdict.states.get("unknown", 0))
