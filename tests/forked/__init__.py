"""Programs of the project that tests start, forked from a process that has imported them.

Started anew, each would spend one to three seconds on imports, which is most of what such a test
takes. `python` stands in for `sys.executable`: it hands a program of ours to the server, with its
arguments, environment, folder and standard streams, passes signals on, and ends as the program
does; the program is killed with it. Anything else it starts as usual: other modules, other options
of the interpreter, another source tree. `STARTED` is the interpreter itself, for tests that want
the whole process: what it imports, what it takes, what kills it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

STARTED = sys.executable
ROOT = Path(__file__).parents[2]
CAN_FORK = hasattr(os, "pidfd_open")
"""Linux; elsewhere every program is started."""
_FOLDER = Path(__file__).parent


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run the server; give what stands in for the interpreter."""
    address, stand_in = folder / "socket", folder / "python"
    launching = " ".join(map(quote, (STARTED, "-IS", str(_FOLDER / "launching.py"), str(address))))
    stand_in.write_text(f'#!/bin/sh\nexec {launching} "$@"\n', encoding="utf-8")
    stand_in.chmod(0o700)
    server = subprocess.Popen(
        [STARTED, "-m", "tests.forked.server", str(address)],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # what forks has one thread
        stdin=subprocess.PIPE,  # it ends with us, however we end
        start_new_session=True,
    )
    try:
        yield str(stand_in)
    finally:
        server.kill()
        server.communicate()
