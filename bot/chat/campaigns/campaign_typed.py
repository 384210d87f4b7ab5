"""What can be typed about a campaign instead of tapped: moments, hours, numbers. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from surveys.campaign.plan import Plan, When, Window
from surveys.campaign.recurrence import PRESETS
from surveys.campaign.typed import read_hours, read_moment, read_time
from surveys.messages import mark

ONCE_THEN = "FREQ=DAILY;COUNT=1"
"""A rule for a campaign that happens once, on a later day."""
USUAL = When().at


@dataclass(frozen=True, slots=True)
class TypingRule:
    """A hint, and what typed words make of a plan at a local moment; None if they do not fit."""

    hint: str
    read: Callable[[Plan, str, datetime], Plan | None]


def _when(plan: Plan, text: str, now: datetime) -> Plan | None:
    hour = read_time(text)
    returns = plan.when.how in {"repeat", "inactivity"} and plan.when.repeat in {None, *PRESETS}
    if hour is not None and returns:
        return _changed(plan, when=plan.when.model_copy(update={"at": hour}))
    found = read_moment(text, now, USUAL)
    if found is None or datetime.combine(found.day, found.at, now.tzinfo) <= now:
        return None
    return _changed(plan, when=When(repeat=ONCE_THEN, first=found.day, at=found.at))


def _window(plan: Plan, text: str, _: datetime) -> Plan | None:
    found = read_hours(text)
    if found is None:
        return None
    return _changed(plan, window=Window.model_validate({"from": found[0], "until": found[1]}))


def _number(text: str) -> int | None:
    plain = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    return int(plain) if re.fullmatch(r"[0-9]{1,7}", plain) else None


def _sample(plan: Plan, text: str, _: datetime) -> Plan | None:
    return _with(plan, "audience", sample=_number(text))


def _quota(plan: Plan, text: str, _: datetime) -> Plan | None:
    return _with(plan, "rules", quota=_number(text))


def _spread(plan: Plan, text: str, _: datetime) -> Plan | None:
    hours = _number(text)
    return None if hours is None else _changed(plan, spread_hours=hours)


def _with(plan: Plan, part: str, **values: int | None) -> Plan | None:
    if None in values.values():
        return None
    return _changed(plan, **{part: getattr(plan, part).model_copy(update=values)})


def _changed(plan: Plan, **values: Any) -> Plan | None:
    """Return the plan with some values changed; None where they are out of bounds."""
    try:
        return Plan.model_validate_json(
            plan.model_copy(update=values).model_dump_json(by_alias=True)
        )
    except ValidationError:
        return None


TYPED: Mapping[str, TypingRule] = {
    "when": TypingRule(mark("Or type it: «tomorrow 10:00», «Friday 9:30», «20 September»."), _when),
    "window": TypingRule(mark("Or type the hours: «from 10 to 18»."), _window),
    "sample": TypingRule(mark("Or type how many people."), _sample),
    "spread": TypingRule(mark("Or type over how many hours."), _spread),
    "quota": TypingRule(mark("Or type how many in 30 days."), _quota),
}
