"""Customers' cards for admins and managers; a manager sees their own customers only."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.chat import card_screens
from bot.chat.arrival import is_menu_tap
from bot.chat.links import picture
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.operations.ways_in.links import issue_for, workspace_with_name
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.asking import cards, definitions
from storage.asking.invitations import BY_MANAGER
from storage.people.people import Person

_LONGEST_SEARCH = 100
_LAST_PAGE = 10_000


def is_staff(_: object, visit: Visit) -> bool:
    """Filter: the sender is an admin or a manager who is with the company."""
    person = visit.person
    return person is not None and person.left_at is None and (person.is_admin or person.is_manager)


def _scope(visit: Visit) -> int | None:
    """Return whose customers may be seen: a manager's own, None for an admin: everybody's."""
    person = visit.person
    if person is not None and person.is_admin:
        return None
    return -1 if person is None else person.id


async def searched(_: Message, command: CommandObject, visit: Visit) -> Replies:
    """Show the one customer that is meant, or those that may be."""
    text = (command.args or "")[:_LONGEST_SEARCH]
    page = card_screens.A_PAGE
    found = await cards.find(visit.tx, text, _scope(visit), page + 1)
    if not found:
        return [say(visit, card_screens.nobody(visit.texts, searched=bool(text.strip())))]
    if len(found) == 1:
        shown = await _card(visit, found[0].id)
        if shown is not None:
            return [say(visit, shown)]
    more, searched = len(found) > page, bool(text.strip())
    screen = card_screens.customers(visit.texts, found[:page], 0, more=more, searched=searched)
    return [say(visit, screen)]


async def listed(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show a page of the customers."""
    page = min(tap.number(0) or 0, _LAST_PAGE)
    size = card_screens.A_PAGE
    found = await cards.find(visit.tx, "", _scope(visit), size + 1, page * size)
    more = len(found) > size
    screen = card_screens.customers(visit.texts, found[:size], page, more=more)
    if not found and not page:
        screen = card_screens.nobody(visit.texts, searched=False)
    return [toast(query), edit(query, screen)]


async def shown(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show a customer's card."""
    screen = await _card(visit, tap.number(0) or 0)
    if screen is None:
        return [toast(query, visit.texts("That button is out of date."))]
    return [toast(query), edit(query, screen)]


async def _card(visit: Visit, person_id: int) -> Screen | None:
    found = await cards.card(visit.tx, person_id, _scope(visit))
    if found is None:
        return None
    known = {
        one.definition_id: await definitions.get(visit.tx, one.definition_id) for one in found.asked
    }
    for_admin = _scope(visit) is None
    return card_screens.card(visit.texts, found, known, visit.workspace, for_admin=for_admin)


async def linked(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Make a personal link for a customer: a picture with its QR code and words to send on."""
    found = await cards.card(visit.tx, tap.number(0) or 0, _scope(visit))
    if found is None or found.person.left_at is not None:
        return [toast(query, visit.texts("That button is out of date."))]
    if found.person.telegram_id is not None:
        return [toast(query, visit.texts("This customer is in Telegram already."))]
    row = await _new_link(visit, found.person)
    return [toast(query), picture(visit, row["link"], row["text"])]


async def _new_link(visit: Visit, person: Person) -> dict[str, str]:
    space = await workspace_with_name(visit.tx)
    chosen = visit.person is not None and person.manager_id == visit.person.id
    touchpoint = BY_MANAGER if chosen else None
    return (await issue_for(visit.tx, [person], space, visit.now, touchpoint))[0]


def build_router() -> Router:
    """Return a new router with the handlers of this module, for admins and managers."""
    router = Router(name="cards")
    router.message.filter(is_staff)
    router.callback_query.filter(is_staff)
    router.message.register(searched, Command("card"))
    router.callback_query.register(listed, is_menu_tap("cards"))
    router.callback_query.register(shown, is_menu_tap("card"))
    router.callback_query.register(linked, is_menu_tap("card_link"))
    return router
