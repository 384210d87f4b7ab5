"""/mydata: everything that is kept about the sender; an admin hands out a customer's."""

from bot.chat.auditing import note
from bot.chat.people import forgetting_screens
from bot.chat.people.leaving import about_somebody
from bot.chat.visit import Visit
from bot.operations.privacy.handing_out import HANDED_OUT
from bot.says.heard import Command, Tap
from bot.says.said import Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.people.people import Person
from storage.sending import errands

FORMATS = ("txt", "json")


async def asked(_: Command, visit: Visit) -> Reply:
    """Have both files made; they come as messages of their own."""
    if visit.person is None:
        return Show(forgetting_screens.unknown(visit.texts))
    for kind in FORMATS:
        wanted = {"person": visit.person.id, "format": kind}
        await errands.ask(visit.tx, "mydata", None, visit.now, wanted, once=True)
    said = visit.texts("Everything that is kept about you comes here shortly, as two files.")
    return Show(Screen(said))


@about_somebody
async def handed_out(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Have the files about a customer made for an admin."""
    for kind in FORMATS:
        wanted = {"person": one.id, "format": kind}
        await errands.ask(visit.tx, "mydata", visit.known.id, visit.now, wanted, once=True)
    await note(visit, "exported", one.id, HANDED_OUT)
    return Toast(visit.texts("The files come shortly."))
