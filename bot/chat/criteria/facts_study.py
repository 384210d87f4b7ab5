"""The minutes of a time study become facts with one tap of an admin."""

from bot.chat.auditing import note
from bot.chat.criteria import facts
from bot.chat.visit import Visit
from bot.operations.facts.facts import take_study
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.taps import MenuTap


async def take(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Take the minutes over as facts of the last full month."""
    month = facts.latest_months(visit)[0]
    taken = await take_study(visit.tx, month, visit.known.id, visit.now)
    texts = visit.texts
    said = texts("That button is out of date.")
    if taken:
        await note(visit, "changed_facts", details=month)
        said = texts("Taken over as facts of {month}.", month=texts.period(month))
    return [Toast(said), Change(await facts.home_screen(visit))]
