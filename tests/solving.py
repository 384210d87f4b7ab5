"""What an attacker finds out who subtracts printed numbers from each other.

Person i answers 2**i, with a check number of their own and the question's tag above it, so that a
sum says whose answers to what are in it: a printed mean times its number of answers is decoded,
whatever the report calls it. Without the check numbers a figure that nobody's answers are in would
now and then look like some.
"""

import random
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

MOST = 10**8 - 1
"""The highest answer of the questions: points of 0–100 keep every bit of one."""
PARTS = 10_000
"""Answers are whole numbers of ten-thousandths, the smallest parts that a question knows."""
PEOPLE = 22
_CHECK = 1 << PEOPLE
_DICE = random.Random(22)
_CHECKS = tuple(_DICE.randrange(1 << 11) for _ in range(PEOPLE))
TAG = 1 << 38
"""Above everybody's bits and check numbers: n answers with the tag t add n·t·TAG."""
TAGS = (1, 2, 3)
NEAR = 0.25
UNITS = (PARTS * MOST / 100, float(PARTS))
"""From points of 0–100, and from the answer itself, to parts."""
Everybody = frozenset[int]
Tagged = tuple[int, Everybody]


def answer(person: int, tag: int) -> float:
    """Return what a person answers to the questions of a tag."""
    return (tag * TAG + _CHECKS[person] * _CHECK + (1 << person)) / PARTS


def whose(document: object) -> set[Tagged]:
    """Return whose answers are in the numbers of a document, each with the questions' tag.

    Most numbers stand beside their n. One without may be read in several ways: what the others
    tell is believed first.
    """
    numbers = list(_printed(document, 0))
    found = {one for value, n in numbers if n for one in decoded(value, [n])}
    for value, n in numbers:
        guesses = set() if n else set(decoded(value, range(1, PEOPLE + 1)))
        found |= guesses & found or guesses
    return found


def _printed(section: object, n: int) -> Iterator[tuple[float, int]]:
    """Yield every printed number that is no count, with the n beside it."""
    if isinstance(section, float):
        yield section, n
    elif isinstance(section, dict):
        for value in section.values():
            beside = section.get("n", 0) if isinstance(value, float) else 0
            yield from _printed(value, beside)
    elif isinstance(section, list):
        for one in section:
            yield from _printed(one, 0)


def decoded(value: float, sizes: Iterable[int]) -> Iterator[Tagged]:
    """Yield the tag of the questions, and the people, whose mean a printed number is."""
    for unit in UNITS:
        for n in sizes:
            total = round(value * unit * n)
            tags, rest = divmod(total, TAG)
            checks, bits = divmod(rest, _CHECK)
            if abs(total - value * unit * n) > NEAR or tags not in {n * tag for tag in TAGS}:
                continue
            people = _people(bits)
            if len(people) == n and checks == sum(_CHECKS[person] for person in people):
                yield tags // n, people


def solved(figures: Collection[Everybody], fewer: int) -> Iterator[tuple[str, Everybody]]:
    """Yield how two or three figures add up to that of fewer people than allowed, and of whom."""
    known = {_bits(one): one for one in figures if one}
    for bits in known:
        yield from _few("a", bits, fewer)
    for a, b in combinations(known, 2):
        yield from _few("a - b", a ^ b if a & b in {a, b} else 0, fewer)
    for a, b, c in combinations(known, 3):
        for one, other, third in ((a, b, c), (a, c, b), (b, c, a)):
            yield from _few("a + b - c", _plus(one, other, third), fewer)
        for one, other, third in ((a, b, c), (b, a, c), (c, a, b)):
            yield from _few("a - b - c", _minus(one, other, third), fewer)


def indistinct(figures: Collection[Everybody]) -> list[Everybody]:
    """Return the people whom no figure tells apart, with whom any sum of all figures holds them."""
    groups: dict[frozenset[Everybody], set[int]] = {}
    for person in frozenset().union(*figures):
        holds = frozenset(one for one in figures if person in one)
        groups.setdefault(holds, set()).add(person)
    return [frozenset(group) for group in groups.values()]


def _bits(people: Everybody) -> int:
    return sum(1 << person for person in people)


def _people(bits: int) -> Everybody:
    return frozenset(i for i in range(bits.bit_length()) if bits >> i & 1)


def _few(how: str, bits: int, fewer: int) -> Iterator[tuple[str, Everybody]]:
    if 0 < bits.bit_count() < fewer:
        yield how, _people(bits)


def _plus(a: int, b: int, c: int) -> int:
    """Return a + b - c where nobody is in it twice or taken from it unseen, else nobody."""
    whole = a & b & ~c == 0 and c & ~(a | b) == 0
    return (a & b) | ((a ^ b) & ~c) if whole else 0


def _minus(a: int, b: int, c: int) -> int:
    whole = b & c == 0 and (b | c) & ~a == 0
    return a & ~(b | c) if whole else 0
