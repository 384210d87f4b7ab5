"""Whom a campaign asks: filters over what is known about a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

STATUS = ("status", "статус")
"""The attributes, as a list's heading names them, in which a company keeps a customer's status."""

Days = Annotated[int, Field(ge=1, le=3660)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class Known:
    """What the filters look at; `manager` is the manager's id in the CRM."""

    segment: str | None = None
    manager: str | None = None
    team: str | None = None
    last_purchase_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


class Filter(BaseModel):
    """A campaign's audience: a person must pass every filter that is given.

    `managers` are ids in the CRM. `sample` draws that many people by lot among those who can be
    asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    segments: tuple[Word, ...] = ()
    managers: tuple[Word, ...] = ()
    teams: tuple[Word, ...] = ()
    statuses: tuple[Word, ...] = ()
    purchased_within_days: Days | None = None
    no_purchase_for_days: Days | None = None
    attributes: Mapping[Word, Word] = Field(default_factory=dict)
    sample: Annotated[int, Field(ge=1, le=10_000_000)] | None = None

    @property
    def chooses(self) -> bool:
        """Tell whether anything that is known of a person is asked."""
        return self.model_copy(update={"sample": None}) != Filter()

    def admits(self, known: Known, today: date) -> bool:
        """Tell whether a person belongs to the audience; `today` is the company's day."""
        chosen = (
            (self.segments, known.segment),
            (self.managers, known.manager),
            (self.teams, known.team),
            (self.statuses, status(known.attributes)),
        )
        named = all(not wanted or has in wanted for wanted, has in chosen)
        own = {key.casefold(): value for key, value in known.attributes.items()}
        attributes = all(own.get(key.casefold()) == value for key, value in self.attributes.items())
        return named and attributes and self._bought(known.last_purchase_on, today)

    def _bought(self, day: date | None, today: date) -> bool:
        since = None if day is None else (today - day).days
        recent, none_for = self.purchased_within_days, self.no_purchase_for_days
        if recent is not None and (since is None or since > recent):
            return False
        return none_for is None or (since is not None and since >= none_for)


def status(attributes: Mapping[str, str]) -> str | None:
    """Return the status that the company's list gives a customer."""
    return next((value for key, value in attributes.items() if key.casefold() in STATUS), None)
