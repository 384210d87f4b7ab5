"""The pages over HTTP: GET shows and records nothing, POST is what somebody did."""

import re
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from bot.chat.surveys.sheets import Handles
from bot.proxies import Network
from bot.rights import Action, Role
from bot.serving import HttpRoute, parts_of
from bot.web import asked, errors, refusals
from bot.web.answering import Answering, FormOutcome
from bot.web.asked import LARGEST_FORM
from bot.web.callers import Callers
from bot.web.kept import KeptPages
from bot.web.memory import COOKIE, Memory, read
from bot.web.signing import Signer
from storage.database import Database
from storage.errors import StorageError
from storage.people.link_errors import LinkExpired, LinkUnknown, LinkUsedUp
from surveys.messages import known_language
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
            try:
                if self.callers.takes(request):
                    response = await reply(request)
                else:
                    response = errors.turned_away(request, self._survey(request))
            except LinkUnknown as error:
                self.callers.guessed(request, "page_link_unknown")
                response = errors.page_after(request, error)
            except Exception as error:  # noqa: BLE001 (whatever goes wrong, a person reads it)
                response = errors.page_after(request, error, self._survey(request))
            response.headers.update(self._headers())
            return response

        return guarded

    def _headers(self) -> dict[str, str]:
        return {"Content-Security-Policy": policy(self.site.framed_by), **HEADERS}

    def _survey(self, request: web.Request) -> errors.Onward | None:
        """Return the way to the page that the address is of, None where it can be none."""
        token = asked.token_of(request) if "token" in parts_of(request) else None
        if token is None:
            return None
        chosen = request.query.get("l", "")
        language = f"?l={chosen}" if known_language(chosen) else ""
        return errors.to_survey(f"{self.site.path}/a/{token}{language}")

    async def _nothing_here(self, request: web.Request) -> web.Response:
        return errors.page(request, "nothing_here")

    async def _show(self, request: web.Request) -> web.Response:
        answering = self._answering(request)
        key = _key(answering)
        version = self.database.version
        html = self.kept.handed_over(key) or self.kept.found(key, version)
        if html is not None:
            return _html(html)
        async with self.database.looking() as tx:
            outcome = await answering.show(tx)
        if outcome.memory is None:
            self.kept.keep(key, version, outcome.html)
        response = _html(outcome.html)
        self._remember(response, answering, outcome)
        return response

    async def _take(self, request: web.Request) -> web.Response:
        answering = self._answering(request)
        form = await asked.form_of(request)
        if asked.is_foreign(request) or not self.site.signer.is_form(answering.token, form.form):
            return errors.page(request, "foreign", self._survey(request))
        try:
            async with self.database.transaction() as tx:
                outcome = await answering.take(tx, form)
        except (LinkExpired, LinkUnknown, LinkUsedUp):
            raise
        except StorageError as error:
            log.error("page_not_kept", error=type(error).__name__)
            return _html(answering.again(form), status=503)
        self.done()
        return self._answered(request, answering, outcome)

    def _answering(self, request: web.Request) -> Answering:
        token = asked.token_of(request)
        if token is None:
            raise LinkUnknown
        signer, now = self.site.signer, self.now()
        refused = asked.cookie_of(request, refusals.COOKIE)
        return Answering(
            signer=signer,
            token=token,
            path=f"{self.site.path}/a/{token}",
            language=asked.language_of(request),
            memory=read(asked.cookie_of(request, COOKIE)),
            handles=self.handles,
            now=now,
            option=asked.option_of(request),
            refusal=refusals.read(refused, signer, token, now) if refused else refusals.NONE,
        )

    def _answered(
        self, request: web.Request, answering: Answering, outcome: FormOutcome
    ) -> web.Response:
        """Redirect to where the survey stands, so that Back and Reload send nothing twice.

        What was typed and not taken is shown there. Where it is too large for a cookie, it is
        shown at once, for nobody's words may get lost.
        """
        refusal, token = outcome.refusal, answering.token
        written = refusals.written(refusal, answering.signer, token, answering.now)
        too_large = refusal != refusals.NONE and not written
        if outcome.place and not too_large:
            response = web.Response(status=303, headers={"Location": outcome.place})
            self._hand_over(answering, outcome)
        else:
            response = _html(outcome.html, status=422 if too_large else 200)
        self._remember(response, answering, outcome)
        if written or refusals.COOKIE in request.cookies:
            self._keep(response, answering, refusals.COOKIE, written, refusals.SECONDS)
        return response

    def _hand_over(self, answering: Answering, outcome: FormOutcome) -> None:
        """Have the page ready that the browser asks for next."""
        if outcome.html:
            memory = answering.memory if outcome.memory is None else outcome.memory
            there = replace(answering, option="", memory=memory, refusal=outcome.refusal)
            self.kept.hand_over(_key(there), outcome.html)

    def _remember(self, response: web.Response, answering: Answering, outcome: FormOutcome) -> None:
        memory = outcome.memory
        if memory is not None and memory != answering.memory:
            written = memory.written() if memory != Memory() else ""
            self._keep(response, answering, COOKIE, written, outcome.remembered_for)

    def _keep(
        self, response: web.Response, answering: Answering, cookie: str, value: str, seconds: int
    ) -> None:
        """Have the browser keep a cookie for the pages of this link; forget it without a value."""
        response.set_cookie(
            cookie,
            value,
            path=answering.path,
            max_age=seconds if value else 0,
            httponly=True,
            secure=self.site.is_secure,
            samesite="Lax",
        )


async def visitor(_: web.Request) -> Collection[Role]:
    """Everybody is a visitor here; the conversation checks each tap against the link."""
    return (Role.VISITOR,)


def _key(answering: Answering) -> Hashable:
    """Return everything that decides what a page shows."""
    one = answering
    return one.token, one.option, one.language, one.memory, one.refusal


def _html(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, status=status, content_type="text/html")


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /\n")
