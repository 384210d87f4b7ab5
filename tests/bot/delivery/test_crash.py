"""kill -9 of the real process: what Telegram was told we have is there, and nobody is asked twice.

Three kills; `make prove` has many more, at named points too.
"""

from pathlib import Path

from tests.prove.proofs.killing import Plan, trial


async def test_confirmed_answers_survive_kill_9_and_no_invitation_comes_twice(
    tmp_path: Path,
) -> None:
    verdict = await trial(tmp_path, Plan(people=60, kills=3, seed=5))
    assert verdict.is_clean, verdict
    assert verdict.confirmed >= 3 * (60 - verdict.states.get("unknown", 0))
