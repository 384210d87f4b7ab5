"""The live digest over HTTP: GET shows and changes nothing, POST is what somebody did.

Each request looks up who asks, and does so again before it hands out what took a while.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.operations.auditing import DeedKind
from bot.operations.reports.live import LiveAsked
from bot.operations.reports.parts import typed
from bot.rights import Action, Role
from bot.serving import HttpRoute
from bot.web import asked, errors
from bot.web.asked import LARGEST_FORM
from bot.web.live import pages
from bot.web.live.asked import FilterUnreadable, asked_in, period_in
from bot.web.live.door import Door
from bot.web.live.fetching import Fetcher
from bot.web.live.rendering import Renderer
from bot.web.live.standing import COOKIE, STANDING, WebStanding
from bot.web.live.surroundings import Surroundings, Withdrawn, goes_to, html
from bot.web.site import Respond, visitor
from storage.cases import cases
from storage.cases.cases import CaseFilter, Viewer
from storage.errors import StorageError
from storage.people import audit, circles, web_sessions
from surveys.periods import compared
from surveys.reports.as_json import read_criteria
from surveys.reports.scope import COMPANY
from templates.digest.page import policy as digest_policy

_TURNED_AWAY: Final = web.RequestKey("turned_away", web.Response)
_LISTS: Final[tuple[CaseFilter, ...]] = ("open", "overdue", "done")
Reply = Callable[[web.Request, WebStanding], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class LiveDigest:
    """Answers requests for the live digest."""

    around: Surroundings
    renderer: Renderer
    fetcher: Fetcher

    def routes(self) -> tuple[HttpRoute, ...]:
        """Return what answers which address."""
        looks, posts = frozenset({"GET", "HEAD"}), frozenset({"POST"})
        path, most = re.escape(self.around.path), LARGEST_FORM
        link = re.compile(rf"{path}/in/(?P<token>[^/]*)")
        digest, criteria, listed, rows, out = (
            re.compile(f"{path}{end}") for end in ("", "/criteria", "/cases", "/rows", "/out")
        )
        door, inside, who, no = Door(self.around), self._inside, self._caller, self._refused
        show, enter = door.guarded(door.show), door.guarded(door.enter)
        return (
            HttpRoute(looks, link, Action.COME_IN, show, visitor),
            HttpRoute(posts, link, Action.COME_IN, enter, visitor, largest=most),
            HttpRoute(looks, digest, Action.OPEN_LIVE, inside(self._digest), who, no),
            HttpRoute(looks, criteria, Action.SEE_LIVE, inside(self._criteria), who, no),
            HttpRoute(looks, listed, Action.SEE_LIVE, inside(self._cases), who, no),
            HttpRoute(looks, rows, Action.SEE_LIVE, inside(self._rows), who, no),
            HttpRoute(posts, rows, Action.SEE_LIVE, inside(self._fetch), who, no, most),
            HttpRoute(looks, out, Action.OPEN_LIVE, inside(self._way_out), who, no),
            HttpRoute(posts, out, Action.OPEN_LIVE, inside(self._leave), who, no, most),
        )

    async def _caller(self, request: web.Request) -> Collection[Role]:
        """Return the roles that the session's person has now."""
        if not self.around.takes(request):
            request[_TURNED_AWAY] = self.around.turned_away(request)
            return ()
        try:
            found = await self.around.standing_of(request)
        except StorageError as error:
            request[_TURNED_AWAY] = self.around.after(request, error)
            return ()
        if found is None:
            if asked.cookie_of(request, COOKIE):
                self.around.guessed(request)
            return (Role.VISITOR,)
        request[STANDING] = found
        return found.roles

    async def _refused(self, request: web.Request) -> web.Response:
        return request.get(_TURNED_AWAY) or self.around.refused(request)

    def _inside(self, reply: Reply) -> Respond:
        """Answer somebody who was let in; nothing is handed out that they may see no longer."""

        async def answered(request: web.Request) -> web.Response:
            found = request[STANDING]
            try:
                response = await reply(request, found)
                if response.status != web.HTTPSeeOther.status_code:
                    await self._look_again(request, found)
            except Exception as error:  # noqa: BLE001 (whatever goes wrong, a person reads it)
                return self.around.after(request, error)
            return self.around.headed(response)

        return answered

    async def _look_again(self, request: web.Request, before: WebStanding) -> None:
        """Raise Withdrawn where the session has ended meanwhile, or the person's roles differ."""
        found = await self.around.standing_of(request)
        if found is None or found.roles != before.roles:
            raise Withdrawn

    async def _digest(self, request: web.Request, found: WebStanding) -> web.Response:
        around = self.around
        if not found.sees_all:
            async with around.database.reading() as reader:
                return html(await pages.own(reader, found, around.path, self._form(found)))
        wanted = await self._known(request, found)
        response = html(await self.renderer.digest(wanted, found.texts.language))
        response.headers["Content-Security-Policy"] = digest_policy(around.site.framed_by)
        return response

    async def _criteria(self, request: web.Request, found: WebStanding) -> web.Response:
        wanted = await self._known(request, found)
        document = read_criteria(await self.renderer.criteria(wanted.period, found.texts.language))
        return html(pages.criteria(found, wanted, document))

    async def _cases(self, request: web.Request, found: WebStanding) -> web.Response:
        named, number = request.query.get("list", "open"), request.query.get("page", "0")
        which: CaseFilter | None = next((one for one in _LISTS if one == named), None)
        if which is None or not re.fullmatch(r"[0-9]{1,4}", number, re.ASCII):
            raise FilterUnreadable
        wanted = await self._known(request, found, ("list", "page"))
        viewer, now = Viewer(found.person.id, circles.EVERYBODY), self.around.now()
        size, page = pages.CASES_A_PAGE, int(number)
        async with self.around.database.reading() as reader:
            rows = await cases.listed(reader, viewer, which, now, size + 1, page * size)
            counts = await cases.counts(reader, viewer, now)
        await self._note(found, "saw_cases")
        shown = pages.CasesShown(which, rows, counts, page, now)
        return html(pages.cases(found, wanted, shown))

    async def _rows(self, request: web.Request, found: WebStanding) -> web.Response:
        wanted = await self._known(request, found)
        async with self.around.database.reading() as reader:
            part = await typed(reader, wanted.scope)
        return html(pages.rows(found, wanted, self._form(found), part))

    async def _fetch(self, request: web.Request, found: WebStanding) -> web.Response:
        form = await asked.form_of(request)
        if not self.around.is_ours(request, found.token, form.form):
            return errors.page(request, "foreign", errors.to_live(self.around.path))
        period = period_in({"period": form.words}, found.space.zone)
        wanted = pages.wanted(form.do, period, self._asked(request, found).scope)
        if wanted is None:
            raise FilterUnreadable
        if period is not None:
            compared([period], self.around.now(), found.space.zone)
        async with self.around.database.reading() as reader:
            await typed(reader, wanted.scope)
        await self._note(found, "exported", wanted.deed)
        fetched = await self.fetcher.rows(wanted, found.texts.language, self.around.now())
        try:
            await self._look_again(request, found)
        except BaseException:
            fetched.opened.close()
            raise
        return fetched.response()

    async def _way_out(self, request: web.Request, found: WebStanding) -> web.Response:
        around = self.around
        wanted = self._asked(request, found) if found.sees_all else LiveAsked(around.path)
        return html(pages.out(found, wanted, self._form(found)))

    async def _leave(self, request: web.Request, found: WebStanding) -> web.Response:
        form = await asked.form_of(request)
        if not self.around.is_ours(request, found.token, form.form):
            return errors.page(request, "foreign", errors.to_live(self.around.path))
        async with self.around.database.transaction() as tx:
            await web_sessions.end(tx, found.session.id, self.around.now())
        response = goes_to(self.around.path)
        response.del_cookie(COOKIE, path=self.around.path)
        return response

    async def _note(self, found: WebStanding, what: DeedKind, details: str | None = None) -> None:
        async with self.around.database.transaction() as tx:
            await audit.note(tx, what, found.person.id, self.around.now(), details=details)

    async def _known(
        self, request: web.Request, found: WebStanding, more: Collection[str] = ()
    ) -> LiveAsked:
        """Return what the address names; raises Refused for a filter that nobody fits."""
        wanted = self._asked(request, found, more)
        if wanted.scope != COMPANY:
            async with self.around.database.reading() as reader:
                await typed(reader, wanted.scope)
        return wanted

    def _asked(
        self, request: web.Request, found: WebStanding, more: Collection[str] = ()
    ) -> LiveAsked:
        """Return the period and the filter that the address names."""
        now, zone = self.around.now(), found.space.zone
        return asked_in(request.query, self.around.path, now, zone, more)

    def _form(self, found: WebStanding) -> str:
        return self.around.site.signer.form(found.token)
