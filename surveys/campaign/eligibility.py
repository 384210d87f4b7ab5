"""Who is asked and, when somebody is not, why: one pure function with named reasons."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from surveys.survey.definition import Audience


class Reason(StrEnum):
    """Why a person is not asked now, in the order in which the reasons are tried."""

    LEFT = "left"
    OUTSIDE_AUDIENCE = "outside_audience"
    ANSWERED = "answered"
    IN_WAVE = "in_wave"
    CAMPAIGN_PAUSED = "campaign_paused"
    CAMPAIGN_CANCELLED = "campaign_cancelled"
    NO_LINK = "no_link"
    NO_TELEGRAM = "no_telegram"
    NOT_CONSENTED = "not_consented"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    SURVEY_OPEN = "survey_open"
    ASKED_THIS_RECENTLY = "asked_this_recently"
    ASKED_RECENTLY = "asked_recently"
    NOT_SAMPLED = "not_sampled"
    QUOTA_FULL = "quota_full"
    QUIET_NOW = "quiet_now"


NOT_HERE_YET = frozenset({Reason.NO_LINK, Reason.NO_TELEGRAM})
"""These people can join a wave by a personal link that the company sends in its own way."""
TO_COME = frozenset({*NOT_HERE_YET, Reason.NOT_CONSENTED})
"""People can still change this while a wave is open; whoever comes and agrees is asked then."""
_WRITTEN_TO = frozenset({None, Reason.QUIET_NOW})
_DRAWN = _WRITTEN_TO | TO_COME


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known about a person at the moment of the decision; times are aware.

    `outside`: the campaign's filters leave them out. `has_link`: they were given a way in.
    """

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
    answered: bool = False
    has_link: bool = True
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits that a decision follows; None means that there is no such limit.

    `global_days` is the least time between any two surveys of a customer, `survey_days` between two
    of this survey. `sample` people are drawn by lot, and `lot` seeds the draw. `places` invitations
    are left of the quota. `quiet`: nobody is written to at this hour.
    """

    audience: Audience
    global_days: int
    survey_days: int
    paused: bool = False
    cancelled: bool = False
    sample: int | None = None
    places: int | None = None
    quiet: bool = False
    lot: str = ""


def decide(candidate: Candidate, rules: Rules, now: datetime) -> Reason | None:
    """Return the first reason, in the order of `Reason`, not to ask now; None: ask this person.

    The order is: what nobody can change (they are gone, outside the audience, already in this
    wave), the campaign's pause or end, what the person decides, what passes with time, and the lot.
    A person whose only reason is QUIET_NOW is invited, for the next allowed hour. Staff are never
    asked as customers, and customers never get managers' questionnaires. The limit over all surveys
    protects customers only.
    """
    wrong_side = candidate.is_staff is (rules.audience == "customers")
    global_days = rules.global_days if rules.audience == "customers" else 0
    tests = (
        (Reason.LEFT, candidate.left),
        (Reason.OUTSIDE_AUDIENCE, wrong_side or candidate.outside),
        (Reason.ANSWERED, candidate.answered),
        (Reason.IN_WAVE, candidate.in_wave),
        (Reason.CAMPAIGN_PAUSED, rules.paused),
        (Reason.CAMPAIGN_CANCELLED, rules.cancelled),
        (Reason.NO_LINK, not candidate.has_telegram and not candidate.has_link),
        (Reason.NO_TELEGRAM, not candidate.has_telegram),
        (Reason.NOT_CONSENTED, not candidate.consented),
        (Reason.OPTED_OUT, candidate.opted_out),
        (Reason.UNREACHABLE, not candidate.reachable),
        (Reason.SURVEY_OPEN, candidate.has_open_survey),
        (
            Reason.ASKED_THIS_RECENTLY,
            _within(candidate.last_asked_this_survey_at, rules.survey_days, now),
        ),
        (Reason.ASKED_RECENTLY, _within(candidate.last_asked_at, global_days, now)),
        (Reason.NOT_SAMPLED, rules.sample is not None and rules.sample <= 0),
        (Reason.QUOTA_FULL, rules.places is not None and rules.places <= 0),
        (Reason.QUIET_NOW, rules.quiet),
    )
    return next((reason for reason, holds in tests if holds), None)


def without_lot(rules: Rules) -> Rules:
    """Return the rules without the lot, which decide about each person alone."""
    return replace(rules, sample=None, places=None)


def drawable(found: Mapping[int, Reason | None]) -> list[int]:
    """Return the people among whom the lot is drawn.

    They are those who can be asked now and those who may still come and agree, so the sample speaks
    for both and nobody is added to it later.
    """
    return [person for person, reason in found.items() if reason in _DRAWN]


def left_out(
    order: Sequence[int], found: Mapping[int, Reason | None], rules: Rules
) -> dict[int, Reason]:
    """Return whom sample and quota leave out, given who is drawn in which order.

    Only people who are written to use up the quota.
    """
    sample = len(order) if rules.sample is None else rules.sample
    lost = dict.fromkeys(order[sample:], Reason.NOT_SAMPLED)
    asked = [person for person in order[:sample] if found[person] in _WRITTEN_TO]
    places = len(asked) if rules.places is None else max(rules.places, 0)
    return lost | dict.fromkeys(asked[places:], Reason.QUOTA_FULL)


def drawing(lot: str, person_id: int) -> bytes:
    """Return a person's place in a draw: fixed for one lot, random between lots."""
    return hashlib.sha256(f"{lot}:{person_id}".encode()).digest()


def _within(asked_at: datetime | None, days: int, now: datetime) -> bool:
    return asked_at is not None and days > 0 and now - asked_at < timedelta(days=days)
