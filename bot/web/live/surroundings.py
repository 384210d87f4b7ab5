"""What all pages of the live digest share: who asks, how often they may, what others read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.chat.web.screens import page_of
from bot.errors import BotError
from bot.rights import Action
from bot.telling import told
from bot.web import asked, errors
from bot.web.callers import Callers
from bot.web.live import pages
from bot.web.live.rendering import TooBusy
from bot.web.live.standing import COOKIE, STANDING, WebStanding, standing
from bot.web.site import HEADERS, Site
from storage.database import Database
from surveys.errors import PeriodAhead, PeriodsUnlike
from surveys.messages import LANGUAGES, known_language, mark
from templates.live.page import policy
from templates.texts import Texts

CLOSED: Final = mark("This page is not open, or not any more. Send /web to the bot for a link.")

NOT_YOURS: Final = mark("This page is not for you. What you may see is behind the link.")


class Withdrawn(BotError):
    """Somebody may not see this, or not any more."""

    template = CLOSED


@dataclass(slots=True)
class Surroundings:
    """The site and the database; `done` is called after commits that wake others."""

    site: Site
    database: Database
    now: Callable[[], datetime]
    done: Callable[[], None]
    callers: Callers

    @property
    def path(self) -> str:
        """Where the digest is."""
        return f"{self.site.path}/digest"

    def takes(self, request: web.Request) -> bool:
        """Take a page from the sender's bucket; False where there is none left."""
        return self.callers.takes(request)

    def guessed(self, request: web.Request) -> None:
        """Count an unknown token, and let its sender wait for the next one."""
        self.callers.guessed(request, "digest_token_unknown")

    async def standing_of(self, request: web.Request) -> WebStanding | None:
        """Return whose session the browser has."""
        token = asked.cookie_of(request, COOKIE)
        async with self.database.reading() as reader:
            return await standing(reader, token, self.now())

    def is_ours(self, request: web.Request, token: str, form: str) -> bool:
        """Tell whether a form comes from our page of this token."""
        return not asked.is_foreign(request) and self.site.signer.is_form(token, form)

    def headed(self, response: web.Response) -> web.Response:
        """Return a page with the headers that every page has."""
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Content-Security-Policy", policy(self.site.framed_by))
        return response

    def refused(self, request: web.Request) -> web.Response:
        """Return what somebody reads who may not see this.

        Without a session that still holds, the browser forgets what it had.
        """
        found = request.get(STANDING)
        if found is not None and found.may(Action.OPEN_LIVE):
            links = pages.back(found.texts, self.path, page_of(found.person))
            return self.headed(html(pages.said(found.texts, found.texts(NOT_YOURS), links), 403))
        response = sentence(request, CLOSED, status=403)
        response.del_cookie(COOKIE, path=self.path)
        return self.headed(response)

    def turned_away(self, request: web.Request) -> web.Response:
        """Return what somebody reads who asks too often."""
        return self.headed(errors.turned_away(request, errors.to_live(self.path)))

    def after(self, request: web.Request, error: Exception) -> web.Response:
        """Return the page for an error."""
        if isinstance(error, Withdrawn):
            return self.refused(request)
        if not isinstance(error, BotError | PeriodAhead | PeriodsUnlike):
            onward = errors.to_live(self.path)
            return self.headed(errors.page_after(request, error, onward))
        texts = _texts(request)
        shown = pages.said(texts, told(texts, error), pages.back(texts, self.path))
        return self.headed(html(shown, 503 if isinstance(error, TooBusy) else 400))


def sentence(request: web.Request, said: str, status: int) -> web.Response:
    """Return a page of one sentence, in the language of whoever asks."""
    texts = _texts(request)
    return html(pages.said(texts, texts(said)), status)


def _texts(request: web.Request) -> Texts:
    if STANDING in request:
        return request[STANDING].texts
    return Texts(known_language(asked.language_of(request)) or LANGUAGES[0])


def html(page: str, status: int = 200) -> web.Response:
    """Return a page."""
    return web.Response(text=page, status=status, content_type="text/html")


def goes_to(path: str) -> web.Response:
    """Send a browser to another page, so that Back and Reload send nothing twice."""
    return web.Response(status=303, headers={"Location": path})
