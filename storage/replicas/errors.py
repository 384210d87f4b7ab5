"""What keeps a replica from working beside the others."""

from dataclasses import dataclass

from storage.errors import StorageError
from surveys.messages import mark


@dataclass(eq=False)
class KeysApart(StorageError):
    """This replica lacks the keys with which the leading one seals anonymous answers."""

    template = mark(
        "{path} is not the file of keys that the other replicas use, and anonymous answers would "
        "be lost. All replicas must run in one folder, or in one that they share."
    )

    path: str
