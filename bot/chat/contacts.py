"""Coming in by one's own phone number: only a contact that is the sender's own counts."""

from aiogram import F, Router
from aiogram.methods import SendMessage
from aiogram.types import KeyboardButton, Message, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.chat import menus
from bot.chat.visit import Visit
from bot.delivery.replies import Replies, Reply
from bot.operations.lists.phone_numbers import as_e164
from bot.says import survey_screens
from bot.says.screens import Screen, parameters
from storage.errors import AccountTaken, LinkTaken, LinkUnknown, PhoneShared
from storage.people import link_conflicts, links, people, phones
from storage.people.link_conflicts import Kind
from storage.people.people import Person


async def stranger(visit: Visit) -> Reply:
    """Return what somebody without a link reads, with a button where a phone number may help."""
    screen = menus.stranger(visit.texts)
    if not await phones.are_known(visit.tx):
        return _said(visit, screen.text)
    hint = visit.texts("Or share your phone number: if the company has it, we know you by it.")
    button = KeyboardButton(text=visit.texts("Share my phone"), request_contact=True)
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True
    )
    return _said(visit, f"{screen.text}\n\n{hint}", keyboard)


def _said(
    visit: Visit, text: str, keyboard: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None
) -> Reply:
    return Reply(
        SendMessage(chat_id=visit.chat_id, text=text, parse_mode="HTML", reply_markup=keyboard)
    )


def _answer(visit: Visit, text: str) -> Replies:
    return [_said(visit, text, ReplyKeyboardRemove(remove_keyboard=True))]


async def shared(message: Message, visit: Visit) -> Replies:
    """Find the sender by the number that Telegram itself says is theirs."""
    texts, contact = visit.texts, message.contact
    if contact is None or contact.user_id != visit.user.id:
        text = texts("This is somebody else's card. Please use the button to share your own.")
        return _answer(visit, text)
    if await links.too_many_failures(visit.tx, visit.user.id, visit.now):
        return _answer(visit, texts("Too many attempts. Please try again tomorrow."))
    number = contact.phone_number.strip()
    phone = as_e164(number if number.startswith("+") else f"+{number}") or ""
    try:
        person = await phones.bind(
            visit.tx, phone, visit.user.id, visit.user.full_name, texts.language
        )
    except LinkUnknown:
        await links.note_failure(visit.tx, visit.user.id, visit.now)
        text = texts("The company has no such number. Please ask for a personal link.")
        return _answer(visit, text)
    except PhoneShared:
        await link_conflicts.note(visit.tx, "shared_phone", visit.user.id, visit.now)
        text = texts("Several people here have this number. Please ask for a personal link.")
        return _answer(visit, text)
    except (LinkTaken, AccountTaken) as conflict:
        await note_conflict(visit, conflict)
        text = texts("This number belongs to somebody else here. Please ask for a personal link.")
        return _answer(visit, text)
    return _welcome(visit, person)


async def note_conflict(visit: Visit, conflict: LinkTaken | AccountTaken) -> None:
    """Keep for the admins whose account came for whom."""
    if isinstance(conflict, LinkTaken):
        await link_conflicts.note(
            visit.tx, "taken", visit.user.id, visit.now, person_id=conflict.person_id
        )
        return
    owner = await people.by_id(visit.tx, conflict.person_id)
    is_staff = owner is not None and not owner.is_customer
    kind: Kind = "staff" if is_staff else "other_person"
    await link_conflicts.note(
        visit.tx, kind, visit.user.id, visit.now, account_of=conflict.person_id
    )


def _welcome(visit: Visit, person: Person) -> Replies:
    found = _answer(visit, visit.texts("Thank you, we know you."))
    if person.consented_at is not None or person.is_admin:
        return found
    staff = not person.is_customer
    asked: Screen = survey_screens.consent(visit.texts, visit.workspace.company, staff=staff)
    return [*found, Reply(_message(visit, asked))]


def _message(visit: Visit, screen: Screen) -> SendMessage:
    return SendMessage.model_validate({"chat_id": visit.chat_id, **parameters(screen)})


def build_router() -> Router:
    """Return a new router with the handlers of this module."""
    router = Router(name="contacts")
    router.message.register(shared, F.contact)
    return router
