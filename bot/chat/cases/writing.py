"""Writing to the customer of a case, and looking at the files that they sent."""

from bot.chat.auditing import note
from bot.chat.cases import screens
from bot.chat.cases.awaiting import awaited, expect, forget, seen, stale, viewer
from bot.chat.visit import Visit
from bot.operations.cases import letters, trial
from bot.rights import Action
from bot.says.heard import File, Media, Tap, Words
from bot.says.said import Again, Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.cases import cases, conversations
from storage.cases.cases import Case


async def asked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for what is to be written to the customer."""
    one = await seen(tap, visit)
    if one is None:
        return stale(visit)
    await expect(visit, "write", one)
    said = visit.texts(
        "Type your message to {name}. It goes out by the bot, under your name; nobody sees your "
        "account.",
        name=screens.plain(one.customer),
    )
    return Change(screens.asked(visit.texts, one, said))


async def take(text: str, visit: Visit, one: Case) -> Reply:
    """Send the customer what was typed."""
    replied = await letters.reply(visit.tx, one, visit.known, text, visit.workspace, visit.now)
    await forget(visit)
    if replied.at is not None:
        await note(visit, "wrote", one.person_id, str(one.id))
    texts = visit.texts
    if replied.at is None:
        said = texts("This customer cannot be written to here: please call them.")
    elif replied.at > visit.now:
        when = texts.moment(replied.at, visit.workspace.tzinfo)
        said = texts("It is night there: your message goes out {moment}.", moment=when)
    else:
        said = texts("Your message is on its way.")
    return Show(screens.asked(texts, one, said))


async def fetched(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a file of a case to whoever may see the case."""
    found = await conversations.file(visit.tx, tap.button.number(0) or 0)
    if found is None or await cases.seen(visit.tx, found[0], viewer(visit)) is None:
        return stale(visit)
    return Again(found[1], found[2])


async def tried(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Send a trial alert to oneself."""
    if not await trial.send(visit.tx, visit.known, visit.workspace, visit.now):
        return Toast(visit.texts("No survey asks whether customers would recommend you."))
    return Toast(visit.texts("The trial alert comes at once."))


async def only_words(_: Media | File, visit: Visit) -> Reply | None:
    """Say that only words are taken where words were asked for; None where nothing was."""
    if visit.person is None or await awaited(visit) is None:
        return None
    return Show(Screen(visit.texts("Only words are taken here. Please type it.")))


async def no_longer(words: Words, visit: Visit) -> Reply | None:
    """Tell somebody who has lost the right since that what they typed goes nowhere."""
    if visit.person is None or words.below is not None or visit.may(Action.WORK_CASES):
        return None
    if await awaited(visit) is None:
        return None
    await forget(visit)
    return Show(Screen(visit.texts("You do not see this case any more: nothing was sent.")))
