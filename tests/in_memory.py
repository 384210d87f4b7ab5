"""Where tests keep their files: in memory, where the machine has room for them there.

Files are made and removed all the time, a database is hundreds of them: on a disk its file system
took half of all that a test with a database did. Whoever wants another place names it by TMPDIR.
"""

import os
import tempfile
from pathlib import Path
from shutil import disk_usage

MEMORY = Path("/dev/shm")  # noqa: S108 (pytest makes a folder of its owner's own there)
ROOM = 2 * 1024**3
"""Bytes; a container has 64 MB of it unless more was asked for."""


def keep_files(memory: Path = MEMORY, room: int = ROOM) -> None:
    """Let temporary files of this process and of those that it starts lie there."""
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK) or disk_usage(memory).free < room:
        return
    os.environ["TMPDIR"] = str(memory)
    tempfile.tempdir = None  # it is asked for anew
