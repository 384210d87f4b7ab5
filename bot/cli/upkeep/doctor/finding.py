"""One thing that `otklik doctor` has looked at."""

from dataclasses import dataclass
from typing import Literal

from surveys.messages import Message

Level = Literal["fine", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: its state, in a sentence that says what to do."""

    level: Level
    subject: str | Message
    message: Message

    @property
    def sentence(self) -> str:
        """Return the English sentence."""
        return str(self.message)
