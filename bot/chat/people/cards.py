"""Customers' cards for staff: everybody sees the customers of their own circle."""

from bot.chat.auditing import note
from bot.chat.people import card_screens
from bot.chat.people.links import picture
from bot.chat.visit import Visit
from bot.operations.ways_in.links import issue_for, workspace_with_name
from bot.rights import Action
from bot.roles import circle
from bot.says.heard import Command, Tap
from bot.says.said import Again, Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.answering import remarks
from storage.answering.invitations import BY_MANAGER
from storage.asking import definitions
from storage.people import cards
from storage.people.circles import Circle
from storage.people.people import Person

_LONGEST_SEARCH = 100
_LAST_PAGE = 10_000


def _circle(visit: Visit) -> Circle:
    return circle(Action.SEE_CUSTOMERS, visit.person)


async def searched(command: Command, visit: Visit) -> Reply:
    """Show the one customer that is meant, or those that may be."""
    text = command.rest[:_LONGEST_SEARCH]
    page = card_screens.A_PAGE
    found = await cards.find(visit.tx, text, _circle(visit), page + 1)
    if not found:
        return Show(card_screens.nobody(visit.texts, searched=bool(text.strip())))
    if len(found) == 1:
        shown = await _card(visit, found[0].id)
        if shown is not None:
            return Show(shown)
    more, searched = len(found) > page, bool(text.strip())
    screen = card_screens.customers(visit.texts, found[:page], 0, more=more, searched=searched)
    return Show(screen)


async def listed(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a page of the customers."""
    page = min(tap.button.number(0) or 0, _LAST_PAGE)
    size = card_screens.A_PAGE
    found = await cards.find(visit.tx, "", _circle(visit), size + 1, page * size)
    more = len(found) > size
    screen = card_screens.customers(visit.texts, found[:size], page, more=more)
    if not found and not page:
        screen = card_screens.nobody(visit.texts, searched=False)
    return Change(screen)


async def shown(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a customer's card."""
    screen = await _card(visit, tap.button.number(0) or 0)
    if screen is None:
        return Toast(visit.texts("That button is out of date."))
    return Change(screen)


async def _card(visit: Visit, person_id: int) -> Screen | None:
    found = await cards.card(visit.tx, person_id, _circle(visit))
    if found is None:
        return None
    await note(visit, "saw_card", person_id)
    known = {
        one.definition_id: await definitions.get(visit.tx, one.definition_id) for one in found.asked
    }
    for_admin = visit.may(Action.LET_GO)
    return card_screens.card(visit.texts, found, known, visit.workspace, for_admin=for_admin)


async def linked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Make a personal link for a customer: a picture with its QR code and words to send on."""
    invited = circle(Action.INVITE_CUSTOMERS, visit.person)
    found = await cards.card(visit.tx, tap.button.number(0) or 0, invited)
    if found is None or found.person.left_at is not None:
        return Toast(visit.texts("That button is out of date."))
    if found.person.address is not None:
        return Toast(visit.texts("This customer is in Telegram already."))
    row = await _new_link(visit, found.person)
    return picture(row["link"], row["text"])


async def _new_link(visit: Visit, person: Person) -> dict[str, str]:
    space = await workspace_with_name(visit.tx)
    chosen = visit.person is not None and person.manager_id == visit.person.id
    touchpoint = BY_MANAGER if chosen else None
    return (await issue_for(visit.tx, [person], space, visit.now, touchpoint))[0]


async def fetched(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a file that a customer sent, to whoever may see their card."""
    remark = await remarks.get(visit.tx, tap.button.number(0) or 0)
    if remark is None or remark.file_id is None:
        return Toast(visit.texts("That button is out of date."))
    if await cards.card(visit.tx, remark.person_id, _circle(visit)) is None:
        return Toast(visit.texts("That button is out of date."))
    return Again(remark.kind, remark.file_id)
