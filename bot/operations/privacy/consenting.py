"""Somebody agrees to be asked, declines, or withdraws: what holds from then on."""

from datetime import datetime

from bot.says.survey_screens import ConsentReader
from storage.answering import invitations
from storage.asking import ledger
from storage.asking.ledger import Line
from storage.database import Reader, Transaction
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.privacy import consents, retention
from storage.privacy.consents import ConsentText
from storage.sending import outbox
from surveys.campaign.eligibility import Reason
from surveys.consents.texts import ConsentAudience, filled, usual
from templates.texts import Texts

_YEAR = 365


def audience_of(person: Person | None) -> ConsentAudience:
    """Return which text is for somebody; a person not known yet is taken for a customer."""
    return "staff" if person is not None and not person.is_customer else "customers"


def reader_of(person: Person | None) -> ConsentReader:
    """Return how the first contact speaks to somebody: experts are asked no questionnaires."""
    if person is None or audience_of(person) == "customers":
        return "customer"
    manages = person.is_manager or bool(person.leads)
    return "expert" if person.is_expert and not manages else "staff"


async def text_for(
    reader: Reader, space: Workspace, texts: Texts, audience: ConsentAudience, now: datetime
) -> ConsentText:
    """Return what somebody is asked to agree to now, in the language of `texts`."""
    own = (await consents.own(reader)).get((texts.language, audience))
    content = await shown(reader, own or usual(texts.language, audience), space, texts)
    return ConsentText(texts.language, audience, content, now)


async def shown(reader: Reader, template: str, space: Workspace, texts: Texts) -> str:
    """Return a text as people read it: it says who answers for the data and how long it is kept."""
    days = (await retention.chosen(reader))["answers"]
    kept = texts("for good") if days is None else in_years_or_days(texts, days)
    operator = space.operator or space.company
    return filled(template, company=space.company, operator=operator, kept=kept)


def in_years_or_days(texts: Texts, days: int) -> str:
    """Return a long time as people say it: «3 years», or in days."""
    if days % _YEAR == 0:
        return texts.plural("{n} year", "{n} years", days // _YEAR)
    return texts.plural("{n} day", "{n} days", days)


def must_agree_anew(person: Person, space: Workspace) -> bool:
    """Tell whether somebody agreed before the company asked everybody to agree anew."""
    agreed = person.consented_at
    since = since_when(space, audience_of(person))
    return not person.is_admin and agreed is not None and since is not None and agreed < since


def since_when(space: Workspace, audience: ConsentAudience) -> datetime | None:
    """Return since when everybody is asked anew; None: nobody is."""
    if audience == "staff":
        return space.staff_agree_anew_since
    return space.customers_agree_anew_since


async def agree(
    tx: Transaction, person: Person, space: Workspace, texts: Texts, channel: str, now: datetime
) -> None:
    """Note that somebody agreed to the text that holds now."""
    text = await text_for(tx, space, texts, audience_of(person), now)
    await consents.say(tx, person.id, "given", text, channel, now)


async def refuse(
    tx: Transaction, person: Person, space: Workspace, texts: Texts, channel: str, now: datetime
) -> None:
    """Note that somebody declines, or withdraws what they agreed to: nothing more is asked.

    What a withdrawal is about is the text that was agreed to, where it was kept. Somebody who is
    asked anew declines the new text: what they said before stays.
    """
    agreed = person.consented_at is not None
    withdraws = agreed and not must_agree_anew(person, space)
    text = await consents.text_of(tx, person.consent_version or "") if withdraws else None
    text = text or await text_for(tx, space, texts, audience_of(person), now)
    kind: consents.ConsentKind = "withdrawn" if withdraws else "declined"
    await consents.say(tx, person.id, kind, text, channel, now)
    if agreed:
        await _end_what_waits(tx, person, now)


async def _end_what_waits(tx: Transaction, person: Person, now: datetime) -> None:
    """Take back what was not sent yet; a survey that a personal link promised stays promised."""
    for one in await invitations.of_person(tx, person.id):
        if one.closed_at is not None:
            continue
        await outbox.cancel_for_invitation(tx, one.id, now)
        if one.state == "queued" and one.touchpoint != invitations.BY_LINK:
            await invitations.take_back(tx, one.id, now)
            await ledger.record(tx, one.wave_id, [Line(person.id, Reason.OPTED_OUT)], now)
