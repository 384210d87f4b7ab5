"""Bringing people in: an admin sends a list, sees what it would do, confirms."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.people import column_screens, people_screens, reading_screens
from bot.chat.people.people_screens import Wishes, options_of
from bot.chat.visit import Visit
from bot.operations.lists.file_parts import ListOptions
from bot.operations.lists.found import ListFound
from bot.operations.lists.headings import FIELDS, Identity
from bot.says.heard import File, Tap
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.lists import imports
from storage.people.lists.imports import Import
from storage.people.lists.listed import ListedRole

LARGEST_DOWNLOAD = 20_000_000
"""Bytes that Telegram hands to a bot."""
_LONGEST_NAME = 100
_YAML = (".yaml", ".yml")

MenuHandler = Callable[[Tap[MenuTap], Visit], Awaitable[Reply]]
ListHandler = Callable[[Tap[MenuTap], Visit, Import], Awaitable[Reply]]


async def received(file: File, visit: Visit) -> Reply:
    """Note a list that was sent; it is fetched, read and shown later."""
    if visit.person is None:
        return []
    if file.size > LARGEST_DOWNLOAD:
        text = visit.texts(
            "Telegram hands no more than 20 MB to a bot. Split the list, or bring it in on the "
            "server: otklik import people FILE"
        )
        return Show(Screen(text))
    if (file.name or "").casefold().endswith(_YAML):
        text = visit.texts(
            "A YAML file is brought in on the server: a survey by otklik survey publish FILE, a "
            "campaign by otklik campaign start --file FILE. Here surveys are written by buttons."
        )
        return Show(Screen(text, ((Button(visit.texts("Surveys"), MenuTap("surveys").pack()),),)))
    name = (file.name or visit.texts("list"))[:_LONGEST_NAME]
    await imports.create(visit.tx, visit.person.id, file.file_id, name, visit.now)
    return []


async def _mine(tap: Tap[MenuTap], visit: Visit) -> Import | None:
    number = tap.button.number(0)
    if number is None or visit.person is None:
        return None
    return await imports.of_person(visit.tx, number, visit.person.id)


def _of_open_list(handler: ListHandler) -> MenuHandler:
    """Return a handler that is given the list it is about, while the list waits for the admin."""

    async def checked(tap: Tap[MenuTap], visit: Visit) -> Reply:
        one = await _mine(tap, visit)
        if one is None:
            return Toast(visit.texts("That button is out of date."))
        if one.state not in {"asking", "ready"}:
            text = visit.texts("This list is no longer open. Please send it again.")
            return Toast(text)
        return await handler(tap, visit, one)

    return checked


@_of_open_list
async def show(_: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Show where the list stands."""
    return Change(people_screens.stands(visit.texts, one))


@_of_open_list
async def show_complete(_: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Ask whether the list names everybody: who is not on it then leaves."""
    found = ListFound.from_json(one.found)
    return Change(people_screens.complete(visit.texts, one, found))


@_of_open_list
async def take(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Have the list taken; a second tap finds it no longer open."""
    whole = not ListFound.from_json(one.found).refused
    complete = whole and tap.button.arguments[1:2] == ("complete",)
    options = replace(options_of(one), complete=complete).as_json()
    if not await imports.change(
        visit.tx,
        one.id,
        visit.now,
        state="confirmed",
        options=options,
        when=people_screens.READY,
    ):
        return Toast(visit.texts("That button is out of date."))
    await _stay_here(tap, visit, one)
    text = visit.texts("Taking the list…")
    return Toast(text)


@_of_open_list
async def drop(_: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Leave the list; nothing was changed."""
    await imports.end(visit.tx, one.id, "cancelled", visit.now)
    text = visit.texts("Left: nothing was changed.")
    return Change(people_screens.plain(visit.texts, one, text))


@_of_open_list
async def show_columns(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Show what each column fills."""
    found = ListFound.from_json(one.found)
    screen = column_screens.columns(visit.texts, one, found, tap.button.number(1) or 0)
    return Change(screen)


@_of_open_list
async def show_column(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Offer what a column may be."""
    found, place = ListFound.from_json(one.found), tap.button.number(1)
    if place is None or place >= len(found.headings):
        return Toast(visit.texts("That button is out of date."))
    return Change(column_screens.column(visit.texts, one, found, place))


@_of_open_list
async def choose_field(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Take a column for a field, or leave it out, and read again."""
    found, place = ListFound.from_json(one.found), tap.button.number(1)
    field = "".join(tap.button.arguments[2:3])
    if place is None or place >= len(found.headings) or field not in {"-", *FIELDS}:
        return Toast(visit.texts("That button is out of date."))
    wishes = options_of(one)
    chosen = {**wishes.reading.chosen, found.headings[place]: "" if field == "-" else field}
    return await _read_again(tap, visit, one, replace(wishes.reading, chosen=chosen), wishes)


@_of_open_list
async def choose_role(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Read the list again as one of managers, or of customers."""
    wishes = options_of(one)
    role: ListedRole = "manager" if tap.button.arguments[1:2] == ("manager",) else "customer"
    return await _read_again(tap, visit, one, replace(wishes.reading, role=role), wishes)


@_of_open_list
async def choose_identity(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Recognise people by phone or e-mail, since the list has no ids."""
    wishes = options_of(one)
    identity: Identity = "email" if tap.button.arguments[1:2] == ("email",) else "phone"
    return await _read_again(tap, visit, one, replace(wishes.reading, identity=identity), wishes)


@_of_open_list
async def show_encodings(_: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Ask in which encoding the file is."""
    return Change(reading_screens.encodings(visit.texts, one, ListFound.from_json(one.found)))


@_of_open_list
async def choose_encoding(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Read the file again in an encoding."""
    name = "".join(tap.button.arguments[1:2])
    if name not in {known for known, _ in ListFound.from_json(one.found).encodings}:
        return Toast(visit.texts("That button is out of date."))
    wishes = options_of(one)
    reading = replace(wishes.reading, encoding=name, chosen={})  # the headings now read differently
    return await _read_again(tap, visit, one, reading, wishes)


@_of_open_list
async def show_countries(_: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Ask of which country the phones are."""
    return Change(reading_screens.countries(visit.texts, one))


@_of_open_list
async def choose_country(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Read the list again with its phones as those of a country."""
    code = "".join(tap.button.arguments[1:2])
    if code not in reading_screens.COUNTRIES:
        return Toast(visit.texts("That button is out of date."))
    wishes = options_of(one)
    return await _read_again(tap, visit, one, wishes.reading, replace(wishes, country=code))


@_of_open_list
async def show_lines(_: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Ask which line holds the headings."""
    return Change(reading_screens.lines(visit.texts, one, ListFound.from_json(one.found)))


@_of_open_list
async def choose_line(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Read the list again below some lines."""
    skipped = tap.button.number(1)
    if skipped not in {line - 1 for line, _ in ListFound.from_json(one.found).top}:
        return Toast(visit.texts("That button is out of date."))
    wishes = options_of(one)
    reading = replace(wishes.reading, skip_lines=skipped or 0, chosen={})
    return await _read_again(tap, visit, one, reading, wishes)


@_of_open_list
async def choose_dates(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Read the list again with its dates in one of the ways in which they may be meant."""
    way, wishes = tap.button.number(1), options_of(one)
    unclear = ListFound.from_json(one.found).unclear
    if way not in {0, 1} or not unclear:
        return Toast(visit.texts("That button is out of date."))
    stated = [ways.second if way else ways.first for ways in unclear]
    formats = [*wishes.reading.date_formats, *stated]
    return await _read_again(tap, visit, one, replace(wishes.reading, date_formats=formats), wishes)


@_of_open_list
async def add_managers(tap: Tap[MenuTap], visit: Visit, one: Import) -> Reply:
    """Make managers of the unknown names, and read again."""
    wishes = options_of(one)
    return await _read_again(tap, visit, one, wishes.reading, replace(wishes, new_managers=True))


async def _read_again(
    tap: Tap[MenuTap], visit: Visit, one: Import, reading: ListOptions, wishes: Wishes
) -> Reply:
    options = replace(wishes, reading=reading, turn=wishes.turn + 1).as_json()
    await imports.change(visit.tx, one.id, visit.now, state="waiting", options=options)
    await _stay_here(tap, visit, one)
    return Change(people_screens.reading(visit.texts, one, 0))


async def _stay_here(tap: Tap[MenuTap], visit: Visit, one: Import) -> None:
    await imports.set_message(visit.tx, one.id, tap.message)
