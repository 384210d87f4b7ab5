"""Invitations of a wave as rows: who, what, when; many at once.

What holds at that moment counts: whoever has said /stop, left or been asked by another survey since
the wave decided about them is not asked, and the ledger says why.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial

from bot.operations.campaigns.deciding import Setting, reasoner, setting_of
from bot.operations.campaigns.waves import begin_wave, reminder_at
from bot.operations.compose import BROADCAST, first_screen, hours_of, pointless_at, texts_in
from bot.says.content import kept
from bot.says.said import Show
from bot.says.survey_screens import SurveyView
from storage.answering import invitation_batches
from storage.asking import eligibility as eligible
from storage.asking import ledger, preparation
from storage.asking.campaigns import Campaign, Wave
from storage.asking.eligibility import Eligible
from storage.asking.ledger import Line
from storage.asking.preparation import ToAsk
from storage.database import Transaction
from storage.people.people import Person
from storage.sending import first_messages
from surveys.campaign import eligibility
from surveys.campaign.eligibility import Reason, Rules
from surveys.campaign.timing import send_at
from surveys.survey.placeholders import Placeholders

TOUCHPOINT = "invitation"
"""The touchpoint of a campaign's invitations."""
AFTER_EVENT = "event"
"""The touchpoint of what follows an event."""


@dataclass(frozen=True, slots=True)
class About:
    """What all invitations of a wave have in common; `manager`: whom all of it is about.

    `screens`: first messages by language, first name and manager, since most are alike.
    """

    campaign: Campaign
    wave: Wave
    setting: Setting
    manager: Person | None = None
    screens: dict[tuple[str | None, str, str], str] = field(default_factory=dict)


_Asked = tuple[Eligible, datetime]
"""Somebody who is invited, and when."""


async def ask_one(
    tx: Transaction, campaign: Campaign, label: str, person_id: int, manager: Person | None,
    now: datetime,
) -> None:  # fmt: skip
    """Make a wave of one person: invite them, or note why not.

    `manager`: whom the answers are about, where that is not the person's own.
    """
    setting = await setting_of(tx, campaign, label, now)
    wave = await begin_wave(tx, campaign, label, now, "ready")
    survey, rules = setting.definition.survey, setting.rules
    for one in await eligible.among(tx, survey, rules, now, [person_id]):
        found = {person_id: reasoner(setting)(one)}
        left_out = eligibility.left_out(eligibility.drawable(found), found, rules)
        reason = left_out.get(person_id, found[person_id])
        await ledger.record(tx, wave.id, [Line(person_id, reason)], now)
        if reason is None:
            about = About(campaign, wave, setting, manager)
            await invite(tx, about, [ToAsk(person_id)], now)


async def invite(tx: Transaction, about: About, some: Sequence[ToAsk], now: datetime) -> None:
    """Invite those who may be asked now; for the others the ledger gets the reason."""
    setting, ids = about.setting, [one.person_id for one in some]
    survey, rules, wave = setting.definition.survey, _rules(about), about.wave
    known = setting.chooses
    found = await eligible.among(tx, survey, rules, now, ids, wave.id, known=known)
    members = {one.person_id: one for one in found}
    asked, changed = [], []
    reason_of, moment = reasoner(setting), cache(partial(_allowed, about, now))
    for one in some:
        member = members.get(one.person_id)
        reason = Reason.OUTSIDE_AUDIENCE if member is None else reason_of(member)
        if member is not None and reason is None:
            # As decided or, once that has passed, as soon as allowed.
            later = one.due_at is not None and one.due_at > now
            at = one.due_at if later and one.due_at else moment(member.zone)
            asked.append((member, at))
            if at > now and at != one.due_at:
                changed.append(Line(one.person_id, due_at=at))
        elif reason not in {Reason.IN_WAVE, Reason.ANSWERED}:
            changed.append(Line(one.person_id, reason))
    await preparation.asked(tx, about.wave.id, ids)
    await ledger.record(tx, about.wave.id, changed, now)
    await _write(tx, about, asked, now)


def _rules(about: About) -> Rules:
    """Return the rules by which is decided again; sample and quota have been drawn already."""
    cancelled = about.campaign.state == "cancelled"
    rules = replace(about.setting.rules, paused=False, cancelled=cancelled)
    return eligibility.without_lot(rules)


def _allowed(about: About, now: datetime, zone: str | None) -> datetime:
    """Return when somebody in that zone may be written to."""
    space = about.setting.space
    return send_at(now, zone or space.zone, hours_of(space, about.setting.plan))


async def _write(tx: Transaction, about: About, asked: Sequence[_Asked], now: datetime) -> None:
    reminded_at = cache(partial(reminder_at, about.campaign))
    await invitation_batches.create(
        tx,
        about.wave,
        about.setting.definition.id,
        AFTER_EVENT if about.campaign.event else TOUCHPOINT,
        {member.person_id: reminded_at(at) for member, at in asked},
        now,
        manager_id=None if about.manager is None else about.manager.id,
    )
    first = [(member.person_id, at, _content(about, member)) for member, at in asked]
    expires_at = pointless_at(about.wave.closes_at)
    await first_messages.put(tx, about.wave.id, first, BROADCAST, expires_at, now)


def _content(about: About, member: Eligible) -> str:
    """Return the first message as the outbox keeps it; it only lacks the invitation's number."""
    manager = member.manager_name if about.manager is None else about.manager.name
    key = (member.language, member.first_name or "", manager or "")
    if key not in about.screens:
        _, content = kept(Show(first_screen(_view(about, *key))))
        about.screens[key] = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return about.screens[key]


def _view(about: About, language: str | None, name: str, manager: str) -> SurveyView:
    setting = about.setting
    filled = Placeholders(setting.space.company, name, manager)
    texts = texts_in(language, setting.space)
    return SurveyView(setting.definition.survey, int(first_messages.NUMBER), texts, filled)
