"""kill -9 while answers are posted: what a browser was told is there, and nobody is there twice.

Two kills; `make prove` has many more, and shows that it would notice.
"""

from pathlib import Path

from tests.prove.proofs.pages import trial


async def test_posted_answers_survive_kill_9(tmp_path: Path) -> None:
    verdict = await trial(tmp_path, kills=2, seed=3)
    assert (verdict.lost, verdict.doubled) == (0, 0), verdict
    assert verdict.confirmed
