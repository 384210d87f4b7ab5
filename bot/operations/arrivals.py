"""Somebody has just agreed to be asked: a wave that misses them only for that invites them now."""

from datetime import datetime

from bot.operations.campaigns import TOUCHPOINT, judge, rules_for
from storage import campaigns, definitions, invitations, waves, workspace
from storage.database import Transaction
from storage.invitations import Invitation
from storage.people import Person
from surveys.eligibility import Reason

_MENDED = frozenset({Reason.NO_TELEGRAM.value, Reason.NOT_CONSENTED.value})


async def invite_if_due(tx: Transaction, person: Person, now: datetime) -> Invitation | None:
    """Return the invitation a newcomer may answer at once: an open one, or one just made.

    The message that asked for the consent becomes the first question; nothing is queued.
    """
    already = await invitations.open_of(tx, person.id, now)
    if already is not None:
        return already
    space = await workspace.get(tx)
    for wave in await waves.open_without(tx, person.id, _MENDED, now):
        definition = await definitions.get(tx, wave.definition_id)
        rules = rules_for(definition.survey, space)
        found = await campaigns.candidates(tx, definition.survey, person_id=person.id)
        if any(judge(member, rules, wave.segment, now) for member in found) or not found:
            continue
        invitation = await invitations.create(
            tx,
            wave_id=wave.id,
            person_id=person.id,
            definition_id=definition.id,
            touchpoint=TOUCHPOINT,
            now=now,
            closes_at=wave.closes_at,
            remind_at=None,
        )
        await campaigns.record_decisions(tx, wave.id, [(person.id, None)], now)
        return invitation
    return None
