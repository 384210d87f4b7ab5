"""An invented company: managers, customers and their tempers, all from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from surveys.messages import Language

SEGMENTS = {"ru": ("розница", "опт", "сети"), "en": ("retail", "wholesale", "chains")}
COMPANY = {"ru": "Северный двор", "en": "North Yard"}
_TEAMS = {"ru": ("Север", "Юг"), "en": ("North", "South")}
_GIVEN = {
    "ru": (
        ("Анна", "Мария", "Ольга", "Елена", "Ирина", "Наталья", "Татьяна", "Светлана", "Юлия"),
        ("Иван", "Пётр", "Алексей", "Дмитрий", "Сергей", "Андрей", "Михаил", "Олег", "Павел"),
    ),
    "en": (
        ("Anna", "Mary", "Olivia", "Helen", "Irene", "Nina", "Tess", "Clare", "Julia"),
        ("John", "Peter", "Alex", "Daniel", "Simon", "Andrew", "Michael", "Oscar", "Paul"),
    ),
}
_FAMILY = {
    "ru": (
        "Иванов", "Смирнов", "Кузнецов", "Попов", "Соколов", "Лебедев", "Козлов", "Новиков",
        "Морозов", "Волков", "Зайцев", "Павлов", "Семёнов", "Голубев", "Виноградов", "Орлов",
    ),
    "en": (
        "Baker", "Smith", "Turner", "Cooper", "Falkner", "Swan", "Miller", "Newman",
        "Frost", "Woolf", "Hare", "Parker", "Sawyer", "Dove", "Vine", "Eagleton",
    ),
}  # fmt: skip
_FIRMS = {
    "ru": ("Берег", "Вектор", "Горизонт", "Дом и сад", "Заря", "Каскад", "Лидер", "Маяк", "Озеро"),
    "en": ("Shore", "Vector", "Horizon", "Home & Yard", "Dawn", "Cascade", "Leader", "Beacon"),
}
FIRST_TELEGRAM_ID = 700_000_000
MANAGERS = 6


@dataclass(frozen=True, slots=True)
class Manager:
    """A sales manager. `quality` moves customers' scores; `self_view` is what they think of it."""

    external_id: str
    name: str
    team: str
    telegram_id: int
    quality: float
    self_view: float


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer: `mood` is the score on 0–10 they lean to, `temper` seeds what they do."""

    external_id: str
    name: str
    company: str
    segment: str
    manager: Manager
    telegram_id: int
    in_telegram: bool
    mood: float
    temper: int


@dataclass(frozen=True, slots=True)
class Company:
    """The whole invented company."""

    name: str
    language: Language
    admin_telegram_id: int
    managers: tuple[Manager, ...]
    customers: tuple[Customer, ...]


def invent(customers: int, seed: int, language: Language) -> Company:
    """Return the company that grows from a seed."""
    dice = random.Random(seed)
    numbers = count(FIRST_TELEGRAM_ID)
    admin = next(numbers)
    managers = tuple(_manager(dice, index, next(numbers), language) for index in range(MANAGERS))
    clients = _customers(dice, customers, managers, numbers, language)
    return Company(COMPANY[language], language, admin, managers, tuple(clients))


def _name(dice: random.Random, language: Language) -> str:
    female = dice.random() < 0.5
    given = dice.choice(_GIVEN[language][0 if female else 1])
    family = dice.choice(_FAMILY[language])
    return f"{given} {family}{'а' if female and language == 'ru' else ''}"


def _manager(dice: random.Random, index: int, telegram_id: int, language: Language) -> Manager:
    quality = dice.gauss(0, 0.7)
    return Manager(
        external_id=f"M{index + 1:02}",
        name=_name(dice, language),
        team=_TEAMS[language][index % 2],
        telegram_id=telegram_id,
        quality=quality,
        self_view=4.3 + dice.gauss(0, 0.3),
    )


def _customers(
    dice: random.Random,
    how_many: int,
    managers: tuple[Manager, ...],
    numbers: Iterator[int],
    language: Language,
) -> Iterator[Customer]:
    for index in range(how_many):
        manager = dice.choice(managers)
        segment = dice.choices(SEGMENTS[language], weights=(5, 3, 2))[0]
        yield Customer(
            external_id=f"C{index + 1:04}",
            name=_name(dice, language),
            company=f"{dice.choice(_FIRMS[language])}-{dice.randint(1, max(3, how_many // 12))}",
            segment=segment,
            manager=manager,
            telegram_id=next(numbers),
            in_telegram=dice.random() < 0.9,
            mood=8.7 + manager.quality + dice.gauss(0, 1.9),
            temper=dice.getrandbits(32),
        )
