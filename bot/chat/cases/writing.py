"""Writing to the customer of a case, and looking at the files that they sent."""

from typing import Final

from bot.chat.auditing import note
from bot.chat.cases import screens
from bot.chat.cases.awaiting import awaited, expect, forget, seen, stale, viewer
from bot.chat.visit import Visit
from bot.operations.cases import correspondence, trial
from bot.rights import Action
from bot.says.heard import File, Media, Tap, Words
from bot.says.said import Again, Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.cases import cases, conversations
from storage.cases.cases import Case
from storage.people import people
from surveys.messages import mark

LARGEST: Final = 20_000_000
"""The largest file that is sent on to a customer, in bytes."""
_OUT_OF_REACH: Final = mark("This customer cannot be written to here: please call them.")


async def asked(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for what is to be written to the customer."""
    one = await seen(tap, visit)
    if one is None:
        return stale(visit)
    if not correspondence.can_be_written_to(await people.get(visit.tx, one.person_id)):
        await forget(visit)
        return Change(screens.asked(visit.texts, one, visit.texts(_OUT_OF_REACH)))
    await expect(visit, "write", one)
    said = visit.texts(
        "Type your message to {name}, or send a voice message, a picture or a file. It goes out "
        "by the bot, under your name; nobody sees your account.",
        name=screens.plain(one.customer),
    )
    return Change(screens.asked(visit.texts, one, said))


async def take(text: str, visit: Visit, one: Case, file: Again | None = None) -> Reply:
    """Send the customer what was typed, or a file with what stands below it."""
    by, space = visit.known, visit.workspace
    replied = await correspondence.reply(visit.tx, one, by, text, space, visit.now, file)
    await forget(visit)
    if replied.at is not None:
        await note(visit, "wrote", one.person_id, str(one.id))
    texts = visit.texts
    if replied.at is None:
        said = texts(_OUT_OF_REACH)
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


async def sent(heard: Media | File, visit: Visit) -> Reply | None:
    """Send the customer a file where a message to them was asked for; None where nothing was.

    A note and a moment are typed. What is larger than a phone loads at ease is not sent on.
    """
    found = None if visit.person is None else await awaited(visit)
    if found is None:
        return None
    what, one = found
    texts = visit.texts
    if one is None:
        await forget(visit)
        return Show(Screen(texts("You do not see this case any more: nothing was sent.")))
    if what != "write":
        return Show(Screen(texts("Only words are taken here. Please type it.")))
    if heard.size > LARGEST:
        most = texts.number(LARGEST // 1_000_000)
        said = texts("This is too large: {most} MB at most. Nothing was sent.", most=most)
        return Show(screens.asked(texts, one, said))
    kind = "document" if isinstance(heard, File) else heard.kind
    return await take(heard.caption, visit, one, Again(kind, heard.file_id))


async def no_longer(words: Words, visit: Visit) -> Reply | None:
    """Tell somebody who has lost the right since that what they typed goes nowhere."""
    if visit.person is None or words.below is not None or visit.may(Action.WORK_CASES):
        return None
    if await awaited(visit) is None:
        return None
    await forget(visit)
    return Show(Screen(visit.texts("You do not see this case any more: nothing was sent.")))
