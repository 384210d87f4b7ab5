"""The link that opens the live digest: looking at it spends nothing, its button works once."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.chat.web import screens
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action, may
from bot.roles import roles_of
from bot.says.said import Show
from bot.web import asked, errors
from bot.web.live import pages
from bot.web.live.standing import COOKIE
from bot.web.live.surroundings import Surroundings, Withdrawn, goes_to, html, sentence
from bot.web.site import Respond
from storage.database import Reader, Transaction
from storage.people import audit, people, web_sessions, workspace
from storage.people.link_errors import LinkExpired, LinkUnknown, LinkUsedUp
from storage.people.people import Person
from storage.people.web_sessions import SESSION, WebSession
from storage.sending import outbox
from surveys.messages import mark

_USED: Final = mark("This link has been used. Send /web to the bot for a new one.")
_EXPIRED: Final = mark("This link has expired. Send /web to the bot for a new one.")
_UNKNOWN: Final = mark("This link is not known. Send /web to the bot for a new one.")


@dataclass(frozen=True, slots=True)
class Door:
    """Answers requests for links."""

    around: Surroundings

    def guarded(self, reply: Respond) -> Respond:
        """Answer within an address's limits; whatever goes wrong becomes a page."""

        async def answered(request: web.Request) -> web.Response:
            around = self.around
            if not around.takes(request):
                return around.turned_away(request)
            try:
                return around.headed(await reply(request))
            except LinkUsedUp:
                return around.headed(await self._used(request))
            except LinkExpired:
                return around.headed(sentence(request, _EXPIRED, 410))
            except LinkUnknown:
                around.guessed(request)
                return around.headed(sentence(request, _UNKNOWN, 404))
            except Exception as error:  # noqa: BLE001 (whatever goes wrong, a person reads it)
                return around.after(request, error)

        return answered

    async def _used(self, request: web.Request) -> web.Response:
        """Let whoever opened the link in this browser go on: they pressed twice, or went back."""
        if await self.around.standing_of(request) is not None:
            return goes_to(self.around.path)
        return sentence(request, _USED, 410)

    async def show(self, request: web.Request) -> web.Response:
        """Return the page with the button."""
        token, around = _token(request), self.around
        now = around.now()
        async with around.database.reading() as reader:
            person = await _admitted(reader, await web_sessions.look(reader, token, now))
            space = await workspace.get(reader)
        texts = texts_for(person, space)
        form = around.site.signer.form(token)
        return html(
            pages.door(
                texts, space.company, f"{around.path}/in/{token}", form, screens.page_of(person)
            )
        )

    async def enter(self, request: web.Request) -> web.Response:
        """Use the link up and begin a session in this browser; the chat is told of it."""
        token, around = _token(request), self.around
        form = await asked.form_of(request)
        if not around.is_ours(request, token, form.form):
            return errors.page(request, "foreign", errors.to_live(f"{around.path}/in/{token}"))
        async with around.database.transaction() as tx:
            session, begun = await web_sessions.begin(tx, token, around.now())
            person = await _admitted(tx, begun.person_id)
            await audit.note(tx, "opened_live", person.id, around.now())
            await self._tell(tx, person, begun)
        around.done()
        response = goes_to(around.path)
        response.set_cookie(
            COOKIE,
            session,
            path=around.path,
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            secure=around.site.is_secure,
            samesite="Lax",  # Strict is not sent where the chat's own browser follows a link
        )
        return response

    async def _tell(self, tx: Transaction, person: Person, begun: WebSession) -> None:
        """Tell the person in the chat, so that a link in other hands is noticed and ended."""
        if person.address is None:
            return
        space = await workspace.get(tx)
        screen = screens.opened(
            texts_for(person, space), begun.until, space.zone, screens.page_of(person)
        )
        notice = to_staff(
            f"web:{begun.id}", person, Show(screen), self.around.now(), Action.OPEN_LIVE
        )
        await outbox.put(tx, notice, self.around.now())


async def _admitted(reader: Reader, person_id: int) -> Person:
    """Return the person of a link. Raises Withdrawn where they may not open it any more."""
    person = await people.by_id(reader, person_id)
    if person is None or not may(Action.OPEN_LIVE, *roles_of(person)):
        raise Withdrawn
    return person


def _token(request: web.Request) -> str:
    """Return the token in the address. Raises LinkUnknown where nothing there can be one."""
    token = asked.token_of(request)
    if token is None:
        raise LinkUnknown
    return token
