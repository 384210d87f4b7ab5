"""Who is speaking to the bot in this update, and everything a handler needs to answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, User

from bot.chat.sheets import Handles
from storage.database import Transaction
from storage.people import people, workspace
from storage.people.people import Person
from storage.people.workspace import Workspace
from templates.texts import LANGUAGES, Language, Texts


@dataclass(frozen=True, slots=True)
class Visit:
    """One update's sender and surroundings; `person` is None for a stranger."""

    tx: Transaction
    now: datetime
    user: User
    person: Person | None
    workspace: Workspace
    texts: Texts
    handles: Handles

    @property
    def chat_id(self) -> int:
        """Return the private chat: its id is the sender's."""
        return self.user.id


def language_of(person: Person | None, user: User, workspace: Workspace) -> Language:
    """Return the language chosen by the person, else Telegram's, else the company's."""
    chosen = person.language if person is not None else None
    for candidate in (chosen, (user.language_code or "")[:2], workspace.language):
        for language in LANGUAGES:
            if candidate == language:
                return language
    return "ru"


async def visit_of(tx: Transaction, user: User, now: datetime, handles: Handles) -> Visit:
    """Look the sender up; rights follow from the numeric Telegram id alone."""
    space = await workspace.get(tx)
    person = await people.by_telegram(tx, user.id)
    if person is not None and person.unreachable_at is not None:
        await people.reachable(tx, user.id, now)
    return Visit(tx, now, user, person, space, Texts(language_of(person, user, space)), handles)


class VisitMiddleware(BaseMiddleware):
    """Gives every handler its `visit`, and its `person` for the role filters."""

    def __init__(self, handles: Handles) -> None:
        self._handles = handles

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        """Look the sender up, then go on; an update without a sender is not for us."""
        user: User | None = data.get("event_from_user")
        if user is None:
            return None
        data["visit"] = await visit_of(data["tx"], user, data["now"], self._handles)
        data["person"] = data["visit"].person
        return await handler(event, data)
