"""What keeps a replica from working beside the others."""

from dataclasses import dataclass

from storage.errors import StorageError
from surveys.messages import mark


@dataclass(eq=False)
class KeysApart(StorageError):
    """A replica without the keys that the one that leads seals anonymous answers by."""

    template = mark(
        "{path} is not the file of keys that the other replicas use, and anonymous answers would "
        "be lost. All replicas must run in one folder, or in one that they share."
    )

    path: str
