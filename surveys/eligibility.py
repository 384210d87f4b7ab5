"""Who is asked and, when somebody is not, why: one pure function with named reasons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from surveys.definition import Audience


class Reason(StrEnum):
    """Why a person is not asked, in the order in which the reasons are tried."""

    LEFT = "left"
    OUTSIDE_AUDIENCE = "outside_audience"
    IN_WAVE = "in_wave"
    NO_TELEGRAM = "no_telegram"
    NOT_CONSENTED = "not_consented"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    SURVEY_OPEN = "survey_open"
    ASKED_THIS_RECENTLY = "asked_this_recently"
    ASKED_RECENTLY = "asked_recently"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known about a person at the moment of the decision; times aware."""

    person_id: int
    has_telegram: bool
    consented: bool
    reachable: bool
    opted_out: bool
    is_staff: bool
    left: bool
    last_asked_at: datetime | None
    last_asked_this_survey_at: datetime | None
    has_open_survey: bool
    in_wave: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """`global_days`: between any two surveys of a customer; `survey_days`: of this survey."""

    audience: Audience
    global_days: int
    survey_days: int


def decide(candidate: Candidate, rules: Rules, now: datetime) -> Reason | None:
    """Return the first reason, in the order of `Reason`, not to ask; None: ask this person.

    First come the reasons nobody can do anything about (gone, not the audience, already in this
    wave), then those the person decides, then those that pass with time. Staff are never
    customers, and customers never fill managers' questionnaires. The clock over all surveys is
    the customers' only.
    """
    outside = candidate.is_staff is (rules.audience == "customers")
    global_days = rules.global_days if rules.audience == "customers" else 0
    tests = {
        Reason.LEFT: candidate.left,
        Reason.OUTSIDE_AUDIENCE: outside,
        Reason.IN_WAVE: candidate.in_wave,
        Reason.NO_TELEGRAM: not candidate.has_telegram,
        Reason.NOT_CONSENTED: not candidate.consented,
        Reason.OPTED_OUT: candidate.opted_out,
        Reason.UNREACHABLE: not candidate.reachable,
        Reason.SURVEY_OPEN: candidate.has_open_survey,
        Reason.ASKED_THIS_RECENTLY: _within(
            candidate.last_asked_this_survey_at, rules.survey_days, now
        ),
        Reason.ASKED_RECENTLY: _within(candidate.last_asked_at, global_days, now),
    }
    return next((reason for reason in Reason if tests[reason]), None)


def _within(asked_at: datetime | None, days: int, now: datetime) -> bool:
    return asked_at is not None and days > 0 and now - asked_at < timedelta(days=days)
