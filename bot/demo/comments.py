"""The comments of the demo, dealt like cards: none twice, and each in keeping with its score."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.demo import comments_en, comments_ru
from surveys.messages import Language

Tone = Literal["low", "middle", "high", "manager"]
_WORDS = {"ru": comments_ru, "en": comments_en}
_HIGHEST, _MIDDLE = 0.85, 0.65
"""Bounds on a scale from 0 to 1: 9–10 of 10 and 5 of 5 are high; 7–8 and 4 of 5 the middle."""


def tone(share: float) -> Tone:
    """Return the tone of somebody whose answer is this high between the ends of its scale."""
    if share > _HIGHEST:
        return "high"
    return "middle" if share > _MIDDLE else "low"


def quarter(day: datetime) -> int:
    """Return a seed for the quarter of a moment, the longest period whose digest people read."""
    return day.year * 4 + (day.month - 1) // 3


@dataclass(frozen=True, slots=True)
class Comments:
    """A pack of comments for each tone."""

    packs: dict[Tone, list[str]]

    def deal(self, wanted: Tone) -> str | None:
        """Take a comment of this tone from the pack; None when none is left."""
        pack = self.packs[wanted]
        return pack.pop() if pack else None


def shuffled(language: Language, seed: int) -> tuple[Comments, Comments]:
    """Return two packs that share no comment: one for the past, one for the present."""
    words, dice = _WORDS[language], random.Random(seed)
    written: dict[Tone, str] = {
        "low": words.LOW,
        "middle": words.MIDDLE,
        "high": words.HIGH,
        "manager": words.MANAGER,
    }
    before, now = Comments({}), Comments({})
    for wanted, lines in written.items():
        cards = lines.strip().splitlines()
        dice.shuffle(cards)
        before.packs[wanted], now.packs[wanted] = cards[::2], cards[1::2]
    return before, now
