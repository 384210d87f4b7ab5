"""What a killed run leaves is removed by the next one; what a living run has is not."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.run_folder import run_folder

ROOT = Path(__file__).parent.parent
_RUN = """
from tests.run_folder import run_folder
with run_folder("mine-") as folder:
    (folder / "data").mkdir()
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def _of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_what_a_killed_run_left_is_removed_and_what_others_have_stays(tmp_path: Path) -> None:
    begun, foreign = tmp_path / "mine-begun", tmp_path / "other"
    for folder in (begun, foreign):
        folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", _RUN],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        left = Path(run.stdout.readline().strip())
        with run_folder("mine-") as mine:
            assert {*tmp_path.iterdir()} == {begun, foreign, left, mine}, "its run lives"
        run.kill()
        run.wait()
    assert (left / "data").exists()
    with run_folder("mine-") as mine:
        assert {*tmp_path.iterdir()} == {begun, foreign, mine}
    assert {*tmp_path.iterdir()} == {begun, foreign}
