"""What an invented person does when the bot writes: plans and choices, all from their seed."""

import random
from dataclasses import dataclass
from datetime import timedelta

from templates.texts import Language

_COMMENTS = {
    "ru": {
        "low": (
            "Ждали ответа три дня, никто не перезвонил.",
            "Документы опять с ошибками, переделывали дважды.",
            "Срок сорвали и не предупредили.",
            "Менеджер не понял, что нам нужно <и не спросил>.",
        ),
        "middle": (
            "В целом хорошо, но доставка могла бы быть быстрее.",
            "Не хватает ясных сроков.",
            "Цены выросли, а объяснений нет.",
        ),
        "high": (
            "Отвечают быстро и по делу.",
            "Наш менеджер знает товар лучше нас самих 🙂",
            "Всегда вовремя, документы в порядке.",
            "Удобно работать, спасибо!",
        ),
    },
    "en": {
        "low": (
            "We waited three days and nobody called back.",
            "The papers were wrong again & had to be redone twice.",
            "The deadline was missed without a warning.",
            "The manager did not understand what we need <and did not ask>.",
        ),
        "middle": (
            "Good on the whole, delivery could be quicker.",
            "The deadlines are never quite clear.",
            "Prices went up without an explanation.",
        ),
        "high": (
            "They answer quickly and to the point.",
            "Our manager knows the goods better than we do 🙂",
            "Always on time, papers in order.",
            "Easy to work with, thank you!",
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Plan:
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

    def __init__(self, seed: int, mood: float, language: Language) -> None:
        self._dice = random.Random(seed)
        self._mood = mood
        self._language = language

    def plan(self) -> Plan:
        """Decide what to do with the next invitation."""
        dice = self._dice.random()
        late = self._dice.random()
        hours = min(self._dice.expovariate(1 / 9), 70)
        return Plan(
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

    def comment(self) -> str:
        """Say something in keeping with the mood."""
        level = "high" if self._mood > 8.5 else "middle" if self._mood > 6.5 else "low"
        return self._dice.choice(_COMMENTS[self._language][level])
