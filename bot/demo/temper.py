"""What an invented person does when the bot writes: plans and choices, all from their seed."""

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Intention:
    """What a person does with an invitation; `delay` runs from the message that moves them."""

    answers: bool
    waits_for_reminder: bool
    delay: timedelta
    changes_mind: bool
    abandons: bool
    blocks: bool
    stops: bool


class Temper:
    """One person's dice; the same seed makes the same choices in the same order."""

    def __init__(self, seed: int, mood: float) -> None:
        self._dice = random.Random(seed)
        self._mood = mood

    def plan(self) -> Intention:
        """Decide what to do with the next invitation."""
        dice = self._dice.random()
        late = self._dice.random()
        hours = min(self._dice.expovariate(1 / 9), 70)
        return Intention(
            answers=dice < 0.72,
            waits_for_reminder=late < 0.25,
            delay=timedelta(hours=hours, minutes=self._dice.randint(0, 59)),
            changes_mind=self._dice.random() < 0.1,
            abandons=self._dice.random() < 0.06,
            blocks=dice > 0.97,
            stops=0.95 < dice <= 0.97,
        )

    def point(self, low: int, high: int) -> int:
        """Choose on a scale by mood."""
        leaning = (self._mood + self._dice.gauss(0, 0.8)) / 10
        return round(min(max(low + leaning * (high - low), low), high))

    def index(self, options: int) -> int:
        """Choose one of several."""
        return self._dice.randrange(options)

    def agrees(self, share: float) -> bool:
        """Say yes in a share of cases."""
        return self._dice.random() < share
