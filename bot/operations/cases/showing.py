"""What staff was told of a case shows how it stands: who took it, and that it is resolved.

Each earlier message changes in its place, so that nobody taps *Take* on what somebody has taken.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Final

from bot.operations.campaigns import low_score_alerts
from bot.operations.cases import casework, overdue
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.said import Change
from bot.says.screens import Screen
from storage.answering import invitations
from storage.cases.cases import Case
from storage.database import Transaction
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.cases import EventKind
from templates.texts import Texts

_DUE: Final[Sequence[EventKind]] = ("nagged", "escalated")


async def anew(
    tx: Transaction, case: Case, space: Workspace, now: datetime, but: int | None = None
) -> None:
    """Change what everybody was told of a case, except whoever has just changed it."""
    for reader in await _told(tx, case, space):
        if reader.id == but:
            continue
        texts = texts_for(reader, space)
        for key, screen in (await _screens(tx, case, reader, texts, space, now)).items():
            message = await outbox.message_id(tx, key)
            if message is None:
                continue
            said = Change(screen, message)
            once = f"{key}:{token_hex(8)}"
            draft = to_staff(once, reader, said, now, Action.WORK_CASES, case.person_id)
            await outbox.put(tx, draft, now)


async def _told(tx: Transaction, case: Case, space: Workspace) -> Sequence[Person]:
    found = [*await overdue.responsible(tx, case, space), *await overdue.above(tx, case, space)]
    if case.invitation_id is not None:
        invitation = await invitations.get(tx, case.invitation_id)
        told = await low_score_alerts.told_now(tx, invitation, space)
        found += [] if told is None else await low_score_alerts.readers(tx, told)
    return list({one.id: one for one in found}.values())


async def _screens(
    tx: Transaction, case: Case, reader: Person, texts: Texts, space: Workspace, now: datetime
) -> Mapping[str, Screen]:
    """Return each message that a reader may have been sent, as it is now, by its key."""
    rows = tuple((one,) for one in casework.buttons(texts, case))
    found: dict[str, Screen] = {}
    for kind in _DUE:
        said = overdue.sentence(texts, case, kind, space, now)
        found[overdue.key(case, kind, reader)] = Screen(
            f"{said}\n{casework.state(texts, case)}", rows
        )
    if case.invitation_id is None:
        return found
    invitation = await invitations.get(tx, case.invitation_id)
    told = await low_score_alerts.told_now(tx, invitation, space)
    if told is not None:
        shown = low_score_alerts.alert_screen(texts, told, reader, case)
        text = shown.text
        if case.state == "open":
            text += f"\n\n<b>{casework.state(texts, case)}</b>"
        found[low_score_alerts.key(told, invitation.id, reader)] = Screen(text, shown.rows)
    return found
