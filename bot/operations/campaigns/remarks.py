"""What somebody adds to their answers: kept, and told to whoever was told of the low score."""

from datetime import datetime

from bot.operations.campaigns import low_score_alerts
from bot.operations.campaigns.low_score import LowScore, card_button, point_of
from bot.operations.cases import casework
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.fitting import shortened
from bot.says.heard import File, Media, Words
from bot.says.markup import literal
from bot.says.said import Show
from bot.says.screens import Screen
from bot.says.spoken import KINDS
from storage.answering import remarks
from storage.answering.invitations import Invitation
from storage.answering.remarks import RemarkKind, Spoken
from storage.cases import cases
from storage.database import Transaction
from storage.people.workspace import Workspace
from storage.sending import outbox
from templates.texts import Texts

LONGEST = 700


async def keep(
    tx: Transaction,
    invitation: Invitation,
    spoken: Spoken,
    space: Workspace,
    now: datetime,
    asked: str | None = None,
) -> None:
    """Keep what was said about a survey; where its score was low, tell who was told of that.

    `asked`: the wording (JSON) of the question that the words are too long for. They stand in the
    alert itself, as an answer would, so that a shorter one takes their place there, too.
    """
    await remarks.add(tx, invitation, spoken, now, asked)
    told = await low_score_alerts.told_now(tx, invitation, space)
    if told is None:
        return
    if told.by_words and await cases.of_invitation(tx, invitation.id) is None:
        await low_score_alerts.tell_of(tx, invitation, told, space, now)
        return
    if not told.by_words and told.before is None:
        return
    if asked is not None:
        await low_score_alerts.tell_of(tx, invitation, told, space, now)
        return
    who = await low_score_alerts.readers(tx, told)
    await casework.follow(tx, invitation, told, who, space, now)
    for reader in who:
        key = f"remark:{invitation.id}:{spoken.message}:{reader.id}"
        screen = _screen(texts_for(reader, space), told, spoken)
        about = told.customer.id
        message = to_staff(key, reader, Show(screen), now, Action.GET_ALERTS, about)
        await outbox.put(tx, message, now)


def _screen(texts: Texts, told: LowScore, spoken: Spoken) -> Screen:
    """Return the message that says who added what."""
    who = ", ".join(filter(None, (told.customer.name, told.customer.account)))
    said = f"{_heading(texts, told, literal(who))}\n{line(texts, spoken)}"
    return Screen(said, ((card_button(texts, told),),))


def _heading(texts: Texts, told: LowScore, who: str) -> str:
    """Return what the words are added to: a low score, one that was changed, or only words."""
    if told.by_words:
        return texts("<b>{who}</b> adds to their words:", who=who)
    if told.low:
        return texts("<b>{who}</b> adds to the low score:", who=who)
    before, now = (point_of(texts, told.first, one) for one in (told.before, told.given))
    return texts(
        "<b>{who}</b> changed the answer from {before} to {score}, and adds:",
        who=who,
        before=before,
        score=now,
    )


def line(texts: Texts, spoken: Spoken) -> str:
    """Return a remark as one line, in our markup."""
    said = texts.quoted(literal(shortened(spoken.text, LONGEST))) if spoken.text else ""
    if spoken.kind != "words":
        said = " ".join(filter(None, (f"[{texts(KINDS[spoken.kind])}]", said)))
    if spoken.forwarded:
        said = texts("{said} (forwarded)", said=said)
    return said


def spoken_in(message: Words | Media | File) -> Spoken:
    """Return a message as it is kept."""
    if isinstance(message, Words):
        kind: RemarkKind = "words"
        text, file_id = message.text, None
    else:
        kind = "document" if isinstance(message, File) else message.kind
        text, file_id = message.caption, message.file_id
    return Spoken(
        kind=kind,
        text=text,
        file_id=file_id,
        forwarded=message.forwarded,
        message=message.message,
    )
