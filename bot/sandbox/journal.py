"""The never-lost journal: every call, every act of a person, every confirmation, in order.

It is the oracle of crash tests: who was told what, and which updates were confirmed when.
"""

import json
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from bot.sandbox.signal import Signal

Entry = dict[str, Any]
KEPT_IN_MEMORY = 200_000


class Journal:
    """Numbers entries, keeps the newest in memory, appends all to a file and flushes each."""

    def __init__(self, now: Callable[[], datetime], file: TextIO | None = None) -> None:
        self._now = now
        self._file = file
        self._entries: deque[Entry] = deque(maxlen=KEPT_IN_MEMORY)
        self.seq = 0
        self.signal = Signal()

    def record(self, kind: str, **fields: Any) -> Entry:
        """Append an entry; it is in the file when this returns."""
        self.seq += 1
        entry = {
            "seq": self.seq,
            "kind": kind,
            "at": self._now().isoformat(),
            "mono": round(time.monotonic(), 6),
            **fields,
        }
        self._entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
        self.signal.bump()
        return entry

    def entries(self) -> list[Entry]:
        """Return what is in memory, oldest first."""
        return list(self._entries)

    def since(self, seq: int, limit: int = 1000) -> list[Entry]:
        """Return the entries after a sequence number."""
        first = self.seq - len(self._entries)
        skip = max(0, seq - first)
        if skip >= len(self._entries):
            return []
        return [self._entries[i] for i in range(skip, min(len(self._entries), skip + limit))]


def read_journal(path: Path) -> list[Entry]:
    """Return the entries of a journal file; a line that was cut off at its end is dropped."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1] if line]
