"""Why somebody was not asked: the ledger of a person, and what holds now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.operations.campaigns.commands import local_iso
from bot.operations.campaigns.deciding import rules_for
from bot.operations.compose import hours_of, zone_of
from storage.answering.invitations import BY_LINK
from storage.asking import definitions, ledger, prospects
from storage.asking.ledger import Decision
from storage.asking.prospects import Prospect
from storage.database import Database, Reader
from storage.people import search, wishes, workspace
from storage.people.people import Person
from storage.people.wishes import Wish
from storage.people.workspace import Workspace
from surveys.campaign import timing
from surveys.campaign.eligibility import NOT_HERE_YET, Reason, Rules, decide
from surveys.survey.definition import Survey

SHOWN = 10
"""How many people of a name, and how many lines of a ledger, are shown at once."""


@dataclass(frozen=True, slots=True)
class DecisionNow:
    """What would be decided about a survey now; `again_at`: when the person may be asked again."""

    survey: Survey
    reason: Reason | None
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A person's latest lines of the ledger, `earlier` ones not read, and what holds now.

    `wishes`: when they wanted no more invitations, and when again, the latest first.
    """

    person: Person
    now: tuple[DecisionNow, ...]
    ledger: tuple[Decision, ...]
    earlier: int = 0
    wishes: tuple[Wish, ...] = ()


async def answer(reader: Reader, person: Person, now: datetime) -> Explanation:
    """Return why a person was or was not asked, and what would be decided now."""
    space = await workspace.get(reader)
    audience = "customers" if person.is_customer else "managers"
    held = []
    for definition in await definitions.all_latest(reader):
        survey = definition.survey
        found = await prospects.candidates(reader, survey, among=[person.id])
        if survey.audience == audience and found:
            held.append(_holds(survey, found[0], person, space, now))
    lines = await ledger.of_person(reader, person.id, SHOWN)
    in_all = await ledger.count_of_person(reader, person.id)
    said = await wishes.of_person(reader, person.id, SHOWN)
    return Explanation(person, tuple(held), tuple(lines), in_all - len(lines), tuple(said))


def _holds(
    survey: Survey, found: Prospect, person: Person, space: Workspace, now: datetime
) -> DecisionNow:
    quiet = timing.is_quiet(now, zone_of(person, space), hours_of(space))
    clocks = rules_for(survey, space)
    rules = Rules(clocks.audience, clocks.global_days, clocks.survey_days, quiet=quiet)
    return DecisionNow(survey, decide(found.candidate, rules, now), _again_at(found, rules))


def _again_at(found: Prospect, rules: Rules) -> datetime | None:
    days = rules.global_days if rules.audience == "customers" else 0
    clocks = (
        (found.candidate.last_asked_this_survey_at, rules.survey_days),
        (found.candidate.last_asked_at, days),
    )
    ends = [asked + timedelta(days=days) for asked, days in clocks if asked is not None and days]
    return max(ends, default=None)


def outcome(line: Decision) -> str:
    """Return what a line of the ledger came to: a reason, or the way of the invitation.

    ``queued`` is an invitation that is not out yet; ``link_unused`` a link that nobody opened;
    ``undelivered`` an invitation of which no delivery was known when the survey closed.
    """
    if line.touchpoint == BY_LINK and line.sent_at is None and line.reason in NOT_HERE_YET:
        return "link_unused"
    if line.reason is not None:
        return line.reason
    if line.state in {None, "queued"}:
        return "campaign_paused" if line.campaign_state == "paused" else "queued"
    return "undelivered" if line.state == "expired" and line.sent_at is None else line.state


async def why(database: Database, now: datetime, /, person: str) -> dict[str, Any]:
    """Operation: the ledger of everybody of that name, or of that id in the CRM."""
    async with database.reading() as reader:
        found = await search.people_named(reader, person, SHOWN)
        zone = (await workspace.get(reader)).tzinfo
        return {"people": [_as_json(await answer(reader, one, now), zone) for one in found]}


def _as_json(found: Explanation, zone: ZoneInfo) -> dict[str, Any]:
    """Return all of it, moments as the clocks of the company's zone show them."""
    return {
        "id": found.person.external_id,
        "name": found.person.name,
        "now": [
            {
                "survey": one.survey.key,
                "title": dict(one.survey.title),
                "reason": None if one.reason is None else one.reason.value,
                "again_at": local_iso(one.again_at, zone),
            }
            for one in found.now
        ],
        "wishes": [
            {"wanted": one.wanted, "said_at": local_iso(one.said_at, zone)} for one in found.wishes
        ],
        "ledger": [
            {
                "wave": line.wave_id,
                "campaign": line.campaign,
                "label": line.label,
                "survey": line.survey_key,
                "outcome": outcome(line),
                "decided_at": local_iso(line.decided_at, zone),
                "due_at": local_iso(line.due_at, zone),
            }
            for line in found.ledger
        ],
    }
