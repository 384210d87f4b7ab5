"""Somebody who has left writes or taps: they get one kind sentence, and nothing is done.

Only /stop counts, so that they get no invitations when they are on a list again.
"""

from bot.chat.visit import Visit
from bot.says.heard import Heard, Tap
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show
from bot.says.screens import Screen
from surveys.survey.placeholders import in_sentence


def _screen(visit: Visit) -> Screen:
    company = in_sentence(visit.workspace.company, visit.texts.language)
    return Screen(
        visit.texts(
            "{company} no longer has you on its list, so nothing is asked of you here and nothing "
            "will come. If that is a mistake, please tell them. Thank you for the time together!",
            company=literal(company),
        )
    )


async def wrote(_: Heard, visit: Visit) -> Reply:
    """Say that they are no longer on the company's list."""
    return Show(_screen(visit))


async def tapped(_: Tap[object], visit: Visit) -> Reply:
    """Say the same in place of the old buttons."""
    return Change(_screen(visit))
