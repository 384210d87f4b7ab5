"""Taking SQLite's promise away: commits that do not wait for the disk."""

from storage.engine.sqlite import source


def no_fsync() -> None:
    """Commit without waiting for the disk, in this process, for good."""
    full, normal = "synchronous = FULL", "synchronous = NORMAL"
    assert full in source._WRITER_PRAGMAS, "the guard was not found"
    changed = tuple(normal if pragma == full else pragma for pragma in source._WRITER_PRAGMAS)
    setattr(source, "_WRITER_PRAGMAS", changed)  # noqa: B010 (its length is part of its type)
