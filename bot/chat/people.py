"""Bringing people in: an admin sends a list, sees what it would do, confirms."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat import people_screens
from bot.chat.arrival import is_menu_tap
from bot.chat.people_screens import Wishes, options_of
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.operations.lists.found import Found
from bot.operations.lists.headings import FIELDS, Identity
from bot.operations.lists.people_file import Options
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.people import imports
from storage.people.imports import Import
from storage.people.people import Role

LARGEST_DOWNLOAD = 20_000_000
"""Bytes that Telegram hands to a bot."""
_LONGEST_NAME = 100

ListHandler = Callable[[CallbackQuery, MenuTap, Visit, Import], Awaitable[Replies]]


async def received(message: Message, visit: Visit) -> Replies:
    """Note a list that was sent; it is fetched and read after this, and then shown."""
    document = message.document
    if visit.person is None or document is None:
        return []
    if (document.file_size or 0) > LARGEST_DOWNLOAD:
        text = visit.texts(
            "Telegram hands no more than 20 MB to a bot. Split the list, or bring it in on the "
            "server: otklik import people FILE"
        )
        return [say(visit, Screen(text))]
    name = (document.file_name or visit.texts("list"))[:_LONGEST_NAME]
    await imports.create(visit.tx, visit.person.id, document.file_id, name, visit.now)
    return []


async def _mine(tap: MenuTap, visit: Visit) -> Import | None:
    number = tap.number(0)
    if number is None or visit.person is None:
        return None
    return await imports.of_person(visit.tx, number, visit.person.id)


def _of_open_list(handler: ListHandler) -> Callable[..., Awaitable[Replies]]:
    """Return a handler that gets the list it is about, as long as that waits for the admin."""

    async def checked(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
        one = await _mine(tap, visit)
        if one is None:
            return [toast(query, visit.texts("That button is out of date."))]
        if one.state not in {"asking", "ready"}:
            text = visit.texts("This list is no longer before you. Please send it again.")
            return [toast(query, text)]
        return await handler(query, tap, visit, one)

    return checked


async def show(query: CallbackQuery, _: MenuTap, visit: Visit, one: Import) -> Replies:
    """Show where the list stands."""
    return [toast(query), edit(query, people_screens.stands(visit.texts, one))]


async def show_complete(query: CallbackQuery, _: MenuTap, visit: Visit, one: Import) -> Replies:
    """Ask whether the list names everybody: who is not on it then leaves."""
    found = Found.from_json(one.found)
    return [toast(query), edit(query, people_screens.complete(visit.texts, one, found))]


async def take(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Import) -> Replies:
    """Have the list taken; a second tap finds it no longer open."""
    whole = not Found.from_json(one.found).refused
    complete = whole and tap.arguments[1:2] == ("complete",)
    options = replace(options_of(one), complete=complete).as_json()
    if not await imports.change(
        visit.tx,
        one.id,
        visit.now,
        state="confirmed",
        options=options,
        when=people_screens.READY,
    ):
        return [toast(query, visit.texts("That button is out of date."))]
    await _stay_here(query, visit, one)
    text = visit.texts("Taking the list…")
    return [toast(query, text)]


async def drop(query: CallbackQuery, _: MenuTap, visit: Visit, one: Import) -> Replies:
    """Leave the list; nothing was changed."""
    await imports.end(visit.tx, one.id, "cancelled", visit.now)
    text = visit.texts("Left: nothing was changed.")
    return [toast(query), edit(query, people_screens.plain(visit.texts, one, text))]


async def show_columns(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Import) -> Replies:
    """Show what each column fills."""
    found = Found.from_json(one.found)
    screen = people_screens.columns(visit.texts, one, found, tap.number(1) or 0)
    return [toast(query), edit(query, screen)]


async def show_column(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Import) -> Replies:
    """Offer what a column may be."""
    found, place = Found.from_json(one.found), tap.number(1)
    if place is None or place >= len(found.headings):
        return [toast(query, visit.texts("That button is out of date."))]
    return [toast(query), edit(query, people_screens.column(visit.texts, one, found, place))]


async def choose_field(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Import) -> Replies:
    """Take a column for a field, or leave it out, and read again."""
    found, place = Found.from_json(one.found), tap.number(1)
    field = tap.arguments[2] if len(tap.arguments) > 2 else ""  # noqa: PLR2004 (the third)
    if place is None or place >= len(found.headings) or field not in {"-", *FIELDS}:
        return [toast(query, visit.texts("That button is out of date."))]
    wishes = options_of(one)
    chosen = {**wishes.reading.chosen, found.headings[place]: "" if field == "-" else field}
    return await _read_again(query, visit, one, replace(wishes.reading, chosen=chosen), wishes)


async def choose_role(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Import) -> Replies:
    """Read the list again as one of managers, or of customers."""
    wishes = options_of(one)
    role: Role = "manager" if tap.arguments[1:2] == ("manager",) else "customer"
    return await _read_again(query, visit, one, replace(wishes.reading, role=role), wishes)


async def choose_identity(query: CallbackQuery, tap: MenuTap, visit: Visit, one: Import) -> Replies:
    """Recognise people by phone or e-mail, for the list has no number of theirs."""
    wishes = options_of(one)
    identity: Identity = "email" if tap.arguments[1:2] == ("email",) else "phone"
    return await _read_again(query, visit, one, replace(wishes.reading, identity=identity), wishes)


async def add_managers(query: CallbackQuery, _: MenuTap, visit: Visit, one: Import) -> Replies:
    """Make managers of the names that nobody knows, and read again."""
    wishes = options_of(one)
    return await _read_again(query, visit, one, wishes.reading, replace(wishes, new_managers=True))


async def _read_again(
    query: CallbackQuery, visit: Visit, one: Import, reading: Options, wishes: Wishes
) -> Replies:
    options = replace(wishes, reading=reading, turn=wishes.turn + 1).as_json()
    await imports.change(visit.tx, one.id, visit.now, state="waiting", options=options)
    await _stay_here(query, visit, one)
    return [toast(query), edit(query, people_screens.reading(visit.texts, one, 0))]


async def _stay_here(query: CallbackQuery, visit: Visit, one: Import) -> None:
    if query.message is not None:
        await imports.set_message(visit.tx, one.id, query.message.message_id)


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="people")
    router.message.register(received, F.document)
    places: dict[str, ListHandler] = {
        "list": show,
        "list_take": take,
        "list_complete": show_complete,
        "list_drop": drop,
        "list_columns": show_columns,
        "list_column": show_column,
        "list_field": choose_field,
        "list_role": choose_role,
        "list_identity": choose_identity,
        "list_managers": add_managers,
    }
    for place, handler in places.items():
        router.callback_query.register(_of_open_list(handler), is_menu_tap(place))
    return router
