"""Coming in by one's own phone number: only a contact that is the sender's own counts."""

from collections.abc import Sequence

from bot.chat import menus
from bot.chat.visit import Visit
from bot.operations.lists.phone_numbers import as_e164
from bot.operations.privacy.consenting import reader_of
from bot.says import survey_screens
from bot.says.heard import Contact
from bot.says.said import Reply, Said, Show
from bot.says.screens import Screen
from storage.people import link_conflicts, links, people, phone_buttons, phones
from storage.people.link_conflicts import ConflictKind
from storage.people.link_errors import AccountTaken, LinkTaken, LinkUnknown, PhoneShared
from storage.people.people import Person


async def stranger(visit: Visit) -> Show:
    """Return what somebody without a link reads, with a button where a phone number may help."""
    screen = menus.stranger(visit.texts)
    if not await phones.are_known(visit.tx):
        return Show(screen)
    await phone_buttons.note(visit.tx, visit.address, visit.now)
    hint = visit.texts("Or share your phone number: if the company has it, we know you by it.")
    return _with_button(visit, f"{screen.text}\n\n{hint}")


async def anothers(visit: Visit) -> Show:
    """Return what a stranger reads who has sent somebody else's card; the button stays."""
    if not await phones.are_known(visit.tx):
        return await stranger(visit)
    await phone_buttons.note(visit.tx, visit.address, visit.now)
    text = visit.texts("This is somebody else's card. Please use the button to share your own.")
    return _with_button(visit, text)


def _with_button(visit: Visit, text: str) -> Show:
    return Show(Screen(text), share_phone=visit.texts("Share my phone"))


def _answer(text: str) -> Show:
    return Show(Screen(text), share_phone="")


async def without_button(visit: Visit) -> Sequence[Said]:
    """Return the reply that takes the phone button away, once the sender is known."""
    if not await phone_buttons.forget(visit.tx, visit.address):
        return []
    return [_answer(visit.texts("Thank you, we know you."))]


async def shared(contact: Contact, visit: Visit) -> Reply:
    """Find the sender by the number that Telegram itself says is theirs."""
    await phone_buttons.forget(visit.tx, visit.address)
    texts = visit.texts
    if await links.too_many_failures(visit.tx, visit.address, visit.now):
        return _answer(texts("Too many attempts. Please try again tomorrow."))
    number = contact.phone.strip()
    phone = as_e164(number if number.startswith("+") else f"+{number}") or ""
    try:
        person = await phones.bind(visit.tx, phone, visit.address, visit.who.name, texts.language)
    except LinkUnknown:
        await links.note_failure(visit.tx, visit.address, visit.now)
        text = texts("The company has no such number. Please ask for a personal link.")
        return _answer(text)
    except PhoneShared:
        await link_conflicts.note(visit.tx, "shared_phone", visit.address, visit.now)
        text = texts("Several people here have this number. Please ask for a personal link.")
        return _answer(text)
    except (LinkTaken, AccountTaken) as conflict:
        await note_conflict(visit, conflict)
        text = texts("This number belongs to somebody else here. Please ask for a personal link.")
        return _answer(text)
    return _welcome(visit, person)


async def note_conflict(visit: Visit, conflict: LinkTaken | AccountTaken) -> None:
    """Note for the admins which account came in as which person."""
    if isinstance(conflict, LinkTaken):
        await link_conflicts.note(
            visit.tx, "taken", visit.address, visit.now, person_id=conflict.person_id
        )
        return
    owner = await people.by_id(visit.tx, conflict.person_id)
    is_staff = owner is not None and not owner.is_customer
    kind: ConflictKind = "staff" if is_staff else "other_person"
    await link_conflicts.note(
        visit.tx, kind, visit.address, visit.now, account_of=conflict.person_id
    )


def _welcome(visit: Visit, person: Person) -> Reply:
    found = _answer(visit.texts("Thank you, we know you."))
    if person.has_agreed:
        return found
    said = visit.workspace.company, visit.who.channel
    asked = survey_screens.consent(visit.texts, *said, reader_of(person))
    return [found, Show(asked)]
