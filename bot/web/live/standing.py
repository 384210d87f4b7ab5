"""Who asks for a page: the session that the browser has, and what its person may do now."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.operations.compose import texts_for
from bot.rights import Action, Reach, Role, may, reach
from bot.roles import roles_of
from storage.database import Reader
from storage.people import people, web_sessions, workspace
from storage.people.people import Person
from storage.people.web_sessions import WebSession
from storage.people.workspace import Workspace
from templates.texts import Texts

COOKIE: Final = "otklik_digest"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class WebStanding:
    """A session under way with its person, as they are at this request."""

    token: str
    session: WebSession
    person: Person
    space: Workspace

    @property
    def roles(self) -> Collection[Role]:
        """What the person is now."""
        return roles_of(self.person)

    @property
    def texts(self) -> Texts:
        """The texts in the person's language."""
        return texts_for(self.person, self.space)

    @property
    def sees_all(self) -> bool:
        """Whether the person may see the company's digest, and not their own card alone."""
        return reach(Action.OPEN_LIVE, self.roles) is Reach.ALL

    def may(self, action: Action) -> bool:
        """Tell whether the person may do something."""
        return may(action, *self.roles)


STANDING: Final = web.RequestKey("standing", WebStanding)
"""The key under which a request carries it."""


async def standing(reader: Reader, token: str, now: datetime) -> WebStanding | None:
    """Return the session of a token with its person; None where there is none, or it is over."""
    if not _TOKEN.fullmatch(token):
        return None
    session = await web_sessions.known(reader, token, now)
    person = None if session is None else await people.by_id(reader, session.person_id)
    if session is None or person is None:
        return None
    return WebStanding(token, session, person, await workspace.get(reader))
