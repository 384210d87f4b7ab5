"""A folder of a run's own. A run that is killed leaves its folder; the next one removes it.

As long as a run lives it holds a lock in its folder, of which the system lets go whatever ends the
run. A server of PostgreSQL that outlives its run ends by itself when its folder is gone.
"""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

_LOCK = "of-a-run"


@contextmanager
def run_folder(prefix: str) -> Iterator[Path]:
    """Make a folder whose name begins so, and remove those that killed runs left."""
    _sweep(prefix)
    with tempfile.TemporaryDirectory(prefix=prefix) as name, _held(Path(name)):
        yield Path(name)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the lock. It gets its name when it is held: nobody finds a folder that is just begun."""
    unnamed = folder / f"{_LOCK}-soon"
    with unnamed.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unnamed.rename(folder / _LOCK)
        yield


def _sweep(prefix: str) -> None:
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*/{_LOCK}"):
        with suppress(OSError), path.open("r+") as lock:  # it is held, or somebody else's
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rmtree(path.parent, ignore_errors=True)
