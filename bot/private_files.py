"""Files that hold people's data or open doors, readable by their owner only, whatever the umask."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import FileUnwritable

_FOLDER = 0o700


def write_privately(path: Path, content: str | bytes) -> None:
    """Write a file (text as UTF-8) that only its owner may read, all or nothing.

    Nothing of an earlier file stays, not even its rights. What is no file, such as a pipe or
    /dev/stdout, is written to. Raises FileUnwritable.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise FileUnwritable(path, error) from error


def _replace(path: Path, data: bytes) -> None:
    with _beside(path) as file:
        file.write_bytes(data)


@contextmanager
def written_privately(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Yield as many empty files of their owner's, which take these paths when the block ends.

    Where it raises, nothing of them stays. Raises FileUnwritable for errors of the disk.
    """
    try:
        with ExitStack() as stack:
            yield tuple(stack.enter_context(_beside(path.resolve())) for path in paths)
    except OSError as error:
        raise FileUnwritable(paths[0], error) from error


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Make a folder and the missing ones above it, for their owner only; raises OSError."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=_FOLDER, exist_ok=True)


def close_folder(path: Path) -> None:
    """Close a folder of ours to others, where an earlier version left it open; raises OSError."""
    if path.is_dir() and path.stat().st_mode & 0o077:
        path.chmod(_FOLDER)


def append_privately(path: Path) -> TextIO:
    """Open a file to append to, made for its owner only; raises OSError."""
    return open(path, "a", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
