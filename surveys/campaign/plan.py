"""A campaign as data: which survey it asks, whom, when, in which hours and by which rules."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from surveys.campaign.audience import Filter
from surveys.campaign.recurrence import next_moment, parse_rule
from surveys.errors import PlanInvalid, RecurrenceInvalid, SurveyInvalid, ZoneUnknown
from surveys.messages import mark
from surveys.periods import Zone, zone_info
from surveys.survey.mistakes import fields_of, problems_of
from surveys.survey.wording import mistake
from surveys.survey.yaml_nodes import Location, place_of, plain

Hour = Annotated[int, Field(ge=0, le=24)]
Days = Annotated[int, Field(ge=1, le=366)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
EventName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Trigger = Literal["once", "repeat", "event", "inactivity"]
DAILY = "daily"


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class When(_Model):
    """When a campaign asks: once (nothing given), repeatedly, after an event, or after inactivity.

    `repeat` is a word or an RFC 5545 rule, counted from `first`; `at` is a local time of day, which
    YAML wants in quotes. `after_hours` is the wait between an event and its invitation.
    """

    repeat: Annotated[str, Field(max_length=200)] | None = None
    event: EventName | None = None
    inactive_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    at: time = time(10)
    zone: str | None = None
    first: date | None = None
    after_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 0

    @property
    def how(self) -> Trigger:
        """Return which of the four it is."""
        if self.repeat is not None:
            return "repeat"
        if self.event is not None:
            return "event"
        return "once" if self.inactive_days is None else "inactivity"

    @model_validator(mode="after")
    def _sound(self) -> Self:
        given = (self.repeat, self.event, self.inactive_days)
        if sum(one is not None for one in given) > 1:
            raise mistake(mark("Give one of repeat, event and inactive_days."))
        try:
            if self.zone is not None:
                zone_info(self.zone)
            if self.repeat is not None:
                parse_rule(self.repeat, self.first or date(2026, 1, 1))
        except (ZoneUnknown, RecurrenceInvalid) as error:
            raise mistake(mark("{said}"), said=error) from error
        return self

    def next_slot(self, zone: Zone, first: date, after: datetime) -> datetime | None:
        """Return the next moment strictly after `after`, UTC; inactivity is looked for daily."""
        if self.how not in {"repeat", "inactivity"}:
            return None
        rule = self.repeat or DAILY
        return next_moment(rule, self.first or first, self.at, self.zone or zone, after)


class CampaignRules(_Model):
    """What limits a campaign; the survey's own rules hold for whatever is not given.

    `quota`: at most that many invitations within 30 days.
    """

    quota: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    remind_after_days: Days | None = None
    closes_after_days: Days | None = None


class Window(_Model):
    """The local hours in which invitations go out, within those that are not quiet."""

    start: Hour = Field(alias="from")
    end: Hour = Field(alias="until")

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.start >= self.end:
            raise mistake(mark("The window must end after it begins: from: 10, until: 18."))
        return self


def _once(value: object) -> object:
    return {} if value == "once" else value


class Plan(_Model):
    """A whole campaign; `label` names its first wave, as in `before` and `after`."""

    survey: Key
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    label: Annotated[str, Field(max_length=40)] = ""
    audience: Filter = Filter()
    when: Annotated[When, BeforeValidator(_once)] = When()
    window: Window | None = None
    spread_hours: Annotated[int, Field(ge=0, le=24 * 14)] = 0
    rules: CampaignRules = CampaignRules()


def parse_plan(yaml_text: str) -> Plan:
    """Read a campaign's YAML (or JSON); raises PlanInvalid with every mistake and its place."""
    try:
        root, data = plain(yaml_text, "survey: …")
    except SurveyInvalid as error:
        raise PlanInvalid(error.problems) from error
    return _plan(data, lambda location: place_of(root, location))


def plan_of(data: Mapping[str, object]) -> Plan:
    """Return the plan that plain data describe; raises PlanInvalid with every mistake."""
    return _plan(data, lambda _: (1, 1))


def _plan(data: object, place: Callable[[Location], tuple[int, int]]) -> Plan:
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise PlanInvalid(problems_of(error, data, place, "campaign", _fields())) from error


@cache
def _fields() -> tuple[str, ...]:
    return fields_of(Plan.model_json_schema(by_alias=True))


def plan_to_json(plan: Plan) -> str:
    """Write the plan as JSON that `plan_from_json` reads."""
    return plan.model_dump_json(by_alias=True, exclude_defaults=True)


def plan_from_json(text: str) -> Plan:
    """Read a stored plan."""
    return Plan.model_validate_json(text)
