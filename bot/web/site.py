"""The pages over HTTP: GET shows and records nothing, POST is what somebody did."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from bot.chat.surveys.sheets import Handles
from bot.proxies import Network
from bot.rights import Action, Role
from bot.serving import HttpRoute
from bot.web import asked, errors
from bot.web.answering import Answering, FormOutcome
from bot.web.asked import LARGEST_FORM
from bot.web.callers import Callers, turned_away
from bot.web.kept import KeptPages
from bot.web.memory import COOKIE, Memory, read
from bot.web.signing import Signer
from storage.database import Database
from storage.errors import StorageError
from storage.people.link_errors import LinkExpired, LinkUnknown, LinkUsedUp
from templates.answer_page import policy

log = structlog.get_logger()

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Headers of every page; its content security policy is added to them."""
Respond = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are: `path` precedes each address; pages of `framed_by` may frame them."""

    path: str
    signer: Signer
    trusted: tuple[Network, ...] = ()
    framed_by: str = "'none'"
    is_secure: bool = True


@dataclass(slots=True)
class Pages:
    """Answers requests for pages; `done` is called after each commit that may have woken others."""

    site: Site
    database: Database
    now: Callable[[], datetime]
    done: Callable[[], None]
    handles: Handles
    callers: Callers
    kept: KeptPages

    def routes(self) -> tuple[HttpRoute, ...]:
        """Return what answers which address."""
        page = re.compile(rf"{re.escape(self.site.path)}/a/(?P<token>[^/]*)(?:/(?P<option>[^/]*))?")
        anything = re.compile(".*", re.DOTALL)
        looks, posts = frozenset({"GET", "HEAD"}), frozenset({"POST"})
        return (
            HttpRoute(looks, page, Action.ANSWER, self._guarded(self._show), visitor),
            HttpRoute(
                posts,
                page,
                Action.ANSWER,
                self._guarded(self._take),
                visitor,
                largest=LARGEST_FORM,
            ),
            HttpRoute(looks, re.compile("/robots.txt"), Action.READ_ROBOTS, _robots, visitor),
            HttpRoute(
                looks,
                anything,
                Action.READ_ROBOTS,
                self._guarded(self._nothing_here),
                visitor,
                fallback=True,
            ),
        )

    def _guarded(self, reply: Respond) -> Respond:
        """Answer within an address's limits; whatever goes wrong becomes a page."""

        async def guarded(request: web.Request) -> web.Response:
            if not self.callers.takes(request):
                return turned_away()
            try:
                response = await reply(request)
            except LinkUnknown as error:
                self.callers.guessed(request, "page_link_unknown")
                response = errors.page_after(request, error)
            except Exception as error:  # noqa: BLE001 (whatever goes wrong, a person reads it)
                response = errors.page_after(request, error)
            response.headers.update(self._headers())
            return response

        return guarded

    def _headers(self) -> dict[str, str]:
        return {"Content-Security-Policy": policy(self.site.framed_by), **HEADERS}

    async def _nothing_here(self, request: web.Request) -> web.Response:
        return errors.page(request, "nothing_here")

    async def _show(self, request: web.Request) -> web.Response:
        answering, option = self._answering(request), asked.option_of(request)
        key = (answering.token, option, answering.language, answering.memory)
        version = self.database.version
        html = self.kept.handed_over(key) or self.kept.found(key, version)
        if html is not None:
            return _html(html)
        async with self.database.looking() as tx:
            outcome = await answering.show(tx, option)
        if outcome.memory is None:
            self.kept.keep(key, version, outcome.html)
        return self._answered(request, outcome)

    async def _take(self, request: web.Request) -> web.Response:
        answering = self._answering(request)
        form = await asked.form_of(request)
        if asked.is_foreign(request) or not self.site.signer.is_form(answering.token, form.form):
            return errors.page(request, "foreign")
        try:
            async with self.database.transaction() as tx:
                outcome = await answering.take(tx, form)
        except (LinkExpired, LinkUnknown, LinkUsedUp):
            raise
        except StorageError as error:
            log.error("page_not_kept", error=type(error).__name__)
            return _html(answering.again(form), status=503)
        self.done()
        if outcome.following:
            memory = answering.memory if outcome.memory is None else outcome.memory
            key = (answering.token, "", answering.language, memory)
            self.kept.hand_over(key, outcome.following)
        return self._answered(request, outcome)

    def _answering(self, request: web.Request) -> Answering:
        token = asked.token_of(request)
        if token is None:
            raise LinkUnknown
        return Answering(
            signer=self.site.signer,
            token=token,
            path=f"{self.site.path}/a/{token}",
            language=asked.language_of(request),
            memory=read(asked.cookie_of(request, COOKIE)),
            handles=self.handles,
            now=self.now(),
        )

    def _answered(self, request: web.Request, outcome: FormOutcome) -> web.Response:
        """Show the page if it has something to say; otherwise redirect to where the survey stands.

        After a redirect, Back and Reload in the browser send nothing twice.
        """
        if outcome.html:
            response = _html(outcome.html, status=outcome.status)
        else:
            option = asked.option_of(request) if outcome.keeps_option else ""
            place = f"{outcome.path}/{option}" if option else outcome.path
            response = web.Response(status=303, headers={"Location": place})
        if outcome.memory is not None:
            kept = outcome.memory.written() if outcome.memory != Memory() else ""
            response.set_cookie(
                COOKIE,
                kept,
                path=outcome.memory_of or outcome.path,
                max_age=outcome.remembered_for if kept else 0,
                httponly=True,
                secure=self.site.is_secure,
                samesite="Lax",
            )
        return response


async def visitor(_: web.Request) -> Collection[Role]:
    """Everybody is a visitor here; the conversation checks each tap against the link."""
    return (Role.VISITOR,)


def _html(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, status=status, content_type="text/html")


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /\n")
