"""Somebody who has left writes or taps: one kind sentence, whatever it was, and nothing is done.

Only /stop counts: who wants no more invitations is to get none when they are on a list again.
"""

from html import escape

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.says.screens import Screen


def has_left(_: object, visit: Visit) -> bool:
    """Filter: the sender is known, and no longer with the company."""
    return visit.person is not None and visit.person.left_at is not None


def _screen(visit: Visit) -> Screen:
    return Screen(
        visit.texts(
            "{company} no longer has you on its list, so nothing is asked of you here and nothing "
            "will come. If that is a mistake, please tell them. Thank you for the time together!",
            company=escape(visit.workspace.company, quote=False),
        )
    )


async def wrote(_: Message, visit: Visit) -> Replies:
    """Say how it stands."""
    return [say(visit, _screen(visit))]


async def tapped(query: CallbackQuery, visit: Visit) -> Replies:
    """Say how it stands, in place of the old buttons."""
    return [toast(query), edit(query, _screen(visit))]


def build_router() -> Router:
    """Return a new router; it comes before every other."""
    router = Router(name="gone")
    router.message.register(wrote, has_left, ~F.text.regexp(r"/stop(@\w+)?\s*"))
    router.callback_query.register(tapped, has_left)
    return router
