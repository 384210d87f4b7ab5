"""What waits until the company has a name: whoever is asked reads it first."""

from bot.chat.privacy.consent_text_screens import name_button
from bot.chat.routing import Handler
from bot.chat.visit import Visit
from bot.operations.nameless import NAMELESS
from bot.rights import Action
from bot.says.heard import Tap
from bot.says.said import Reply, Show
from bot.says.screens import Screen
from bot.says.taps import MenuTap


def once_named(handler: Handler[Tap[MenuTap]]) -> Handler[Tap[MenuTap]]:
    """Return the handler for a company with a name; before, say how the name is set."""

    async def handled(tap: Tap[MenuTap], visit: Visit) -> Reply:
        return await handler(tap, visit) if visit.workspace.company else _nameless(visit)

    return handled


def _nameless(visit: Visit) -> Show:
    if visit.may(Action.KEEP_PRIVACY):
        return Show(Screen(visit.texts(NAMELESS), ((name_button(visit.texts),),)))
    return Show(
        Screen(
            visit.texts(
                "The company has no name here yet, and customers must read who asks them. Please "
                "ask an admin to set it."
            )
        )
    )
