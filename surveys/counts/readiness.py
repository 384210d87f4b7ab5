"""Whether it is time for a CRM, by what managers answer to the catalog's survey `crm_readiness`.

The signs are Kazulin's (2021): more than 7 clients to remember, deals that nobody keeps in mind, a
team of more than 2–3 where nobody answers for an absent colleague. What makes a sign hold, the
median or half of those who answered, is our own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Final, Literal

from surveys.survey.answers import Answer

SURVEY: Final = "crm_readiness"
REMEMBERED: Final = 7
"""Clients that one person keeps in mind."""
SMALL_TEAM: Final = 3
"""People who still know by talking to each other how things stand."""
ENOUGH_SIGNS: Final = 2
KEPT: Final = ("contacts_kept", "letters_kept", "documents_kept")
"""The questions of where things are kept."""
PRIVATE: Final = ("spreadsheet", "paper", "memory")
"""Places that colleagues do not see."""

Sign = Literal["clients", "deals", "absence"]
Conclusion = Literal["nobody", "in_use", "due", "near", "not_yet"]
"""Nobody answered; a CRM is in use; it is time; it will soon be; it is not."""


@dataclass(frozen=True, slots=True)
class Fraction:
    """How many of those who answered a question."""

    people: int
    of: int

    @property
    def is_half(self) -> bool:
        """Whether it is half of them or more."""
        return 0 < self.of <= 2 * self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The conclusion with its reasons.

    `answered`: managers; `clients`, `deals` and `team` are medians, None where nobody said.
    `forget`: those who cannot say without notes where their deals stand; `alone`: those whom no
    colleague can stand in for; `hidden`: by question, those who keep it where no colleague sees it.
    """

    conclusion: Conclusion
    signs: tuple[Sign, ...]
    answered: int
    clients: float | None
    deals: float | None
    team: float | None
    forget: Fraction
    alone: Fraction
    hidden: Mapping[str, Fraction]


def readiness(sheets: Sequence[Mapping[str, Answer]]) -> Readiness:
    """Return the conclusion from one sheet of answers a manager."""
    clients, deals, team = (_median(sheets, key) for key in ("customers", "deals", "team"))
    forget, alone = (_part(sheets, key, (False,)) for key in ("remembers", "stand_in"))
    found: tuple[tuple[Sign, bool], ...] = (
        ("clients", clients is not None and clients > REMEMBERED),
        ("deals", forget.is_half),
        ("absence", alone.is_half and team is not None and team > SMALL_TEAM),
    )
    signs = tuple(sign for sign, holds in found if holds)
    return Readiness(
        conclusion=_conclusion(sheets, len(signs)),
        signs=signs,
        answered=len(sheets),
        clients=clients,
        deals=deals,
        team=team,
        forget=forget,
        alone=alone,
        hidden={key: _part(sheets, key, PRIVATE) for key in KEPT},
    )


def _conclusion(sheets: Sequence[Mapping[str, Answer]], signs: int) -> Conclusion:
    if not sheets:
        return "nobody"
    if _part(sheets, "contacts_kept", ("crm",)).is_half:
        return "in_use"
    if signs >= ENOUGH_SIGNS:
        return "due"
    return "near" if signs else "not_yet"


def _given(sheets: Sequence[Mapping[str, Answer]], key: str) -> list[Answer]:
    return [sheet[key] for sheet in sheets if sheet.get(key) is not None]


def _median(sheets: Sequence[Mapping[str, Answer]], key: str) -> float | None:
    given = [one for one in _given(sheets, key) if isinstance(one, Decimal)]
    return float(median(given)) if given else None


def _part(sheets: Sequence[Mapping[str, Answer]], key: str, wanted: Collection[Answer]) -> Fraction:
    given = _given(sheets, key)
    return Fraction(sum(one in wanted for one in given), len(given))
