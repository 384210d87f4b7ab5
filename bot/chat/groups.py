"""Groups that get an admin's planned digests. A group has no rights: nobody there is answered."""

from bot.chat.admin_screens import back
from bot.chat.visit import Visit
from bot.says.heard import GroupMoved, PutIn, PutOut, Tap
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.addresses import Address
from storage.sending import groups

_LONGEST_TITLE = 60


async def joined(event: PutIn, visit: Visit) -> Reply:
    """Ask the admin who put the bot into a group whether digests go there."""
    texts, title = visit.texts, event.title[:_LONGEST_TITLE]
    at = Address(visit.who.channel, event.address)
    number = await groups.ask_about(visit.tx, at, title, visit.known.id, visit.now)
    said = texts(
        "You have put me into the group «{title}». Shall your planned digests go there too? "
        "Everybody there will see them, customers' words included. Nobody there can ask me for "
        "anything.",
        title=literal(title),
    )
    yes = Button(texts("Yes, send digests there"), MenuTap("group_on", (str(number),)).pack())
    return Show(Screen(said, ((yes,), *back(texts))))


async def ignored(_: PutIn, __: Visit) -> Reply:
    """Say nothing: only an admin links a group."""
    return []


async def put_out(event: PutOut, visit: Visit) -> Reply:
    """Forget a group in which the bot is no more."""
    await groups.gone(visit.tx, Address(visit.who.channel, event.address))
    return []


async def moved(event: GroupMoved, visit: Visit) -> Reply:
    """Follow a group that has become a supergroup."""
    channel = visit.who.channel
    old, new = Address(channel, event.address), Address(channel, event.moved_to)
    await groups.migrate(visit.tx, old, new)
    return []


async def linked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Link a group into which this admin has put the bot."""
    if not await groups.link(visit.tx, tap.button.number(0) or 0, visit.known.id, visit.now):
        return Toast(visit.texts("That button is out of date."))
    return Change(await _screen(visit))


async def unlinked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Send nothing more to a group."""
    await groups.unlink(visit.tx, tap.button.number(0) or 0, visit.known.id)
    return Change(await _screen(visit))


async def listed(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the groups that this admin has linked."""
    return Change(await _screen(visit))


async def _screen(visit: Visit) -> Screen:
    texts = visit.texts
    found = await groups.linked_by(visit.tx, visit.known.id)
    lines = [
        texts("Your planned digests go to these groups too:")
        if found
        else texts("Your planned digests go to no group."),
        *(f"• {literal(one.title)}" for one in found),
        texts("To add one, put me into the group as a member: I ask you here."),
    ]
    rows = [
        (
            Button(
                texts("No more to «{title}»", title=one.title),
                MenuTap("group_off", (str(one.id),)).pack(),
            ),
        )
        for one in found
    ]
    return Screen("\n".join(lines), (*rows, *back(texts)))
