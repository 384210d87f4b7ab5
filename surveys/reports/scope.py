"""Whose answers a digest is about: the whole company's, or a part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Scope:
    """Answers to invitations that fit all that is given, as it was when each was made.

    `manager` is a person's id, `campaign` a campaign's, `attribute` a name and its value. Anonymous
    answers belong to the whole company alone: no part of a batch is ever counted.
    """

    segment: str | None = None
    team: str | None = None
    manager: int | None = None
    campaign: int | None = None
    attribute: tuple[str, str] | None = None


COMPANY: Final = Scope()


def read_scope(told: Mapping[str, Any]) -> Scope:
    """Read a scope from JSON, which has lists in place of pairs."""
    chosen = told.get("attribute")
    return Scope(**{**told, "attribute": None if chosen is None else (chosen[0], chosen[1])})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPart:
    """The part of the company that a digest is about, with the names that a reader knows."""

    segment: str | None = None
    team: str | None = None
    manager_id: int | None = None
    manager: str | None = None
    campaign_id: int | None = None
    campaign: str | None = None
    attribute: str | None = None
    value: str | None = None
