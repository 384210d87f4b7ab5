"""The HTTP endpoint for events: `/events/NAME` with deal, customer and manager, and a token.

A CRM's robot calls an address in which it has put the fields of the deal. So the fields may stand
in the query, in a form or in JSON, by GET or POST; the token in the header `Authorization: Bearer`
or in the query, since a robot can often set nothing but the address. Told twice, a deal counts
once, so a robot may repeat.
"""

import contextlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from aiohttp import web

from bot.errors import Refused
from bot.operations.campaigns.amounts import amount_of
from bot.operations.campaigns.events import CustomerUnknown, told
from bot.operations.upkeep.trouble import tell_admins
from bot.rights import Action, Role
from bot.serving import Addresses, HttpRoute, arriving, parts_of
from bot.settings import Settings
from bot.telling import told as said_to_reader
from storage.database import Database
from storage.errors import DealOfAnother, StorageError
from surveys.messages import mark
from templates.texts import Texts

log = structlog.get_logger()

LARGEST_BODY = 64 * 1024
_EVENTS = re.compile("/events/(?P<name>[^/]+)")
FIELDS = ("customer", "deal", "manager", "amount")
AMOCRM = {
    "deal": "leads[status][0][id]",
    "manager": "leads[status][0][responsible_user_id]",
    "amount": "leads[status][0][price]",
}
"""What amoCRM's pipeline itself sends when a deal reaches a stage."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where it listens and the token it demands."""

    host: str
    port: int
    token: str


def of(settings: Settings) -> Endpoint | None:
    """Return the endpoint that the settings ask for, or None."""
    if settings.events_port is None or settings.events_token is None:
        return None
    token = settings.events_token.get_secret_value()
    return Endpoint(settings.events_host, settings.events_port, token)


@asynccontextmanager
async def listening(
    endpoint: Endpoint | None,
    database: Database,
    now: Callable[[], datetime],
    done: Callable[[], None],
    addresses: Addresses | None = None,
) -> AsyncIterator[int | None]:
    """Serve events while the block lasts and yield the port; with no endpoint do nothing.

    `done` is called after each event that was kept. `addresses`: who else may share the port.
    """
    if endpoint is None:
        yield None
        return
    handler = _Handler(endpoint.token, database, now, done)
    route = handler.route()
    shared = addresses or Addresses()
    async with shared.serving([route], endpoint.host, endpoint.port, "OTKLIK_EVENTS_PORT") as port:
        log.info("events_endpoint", host=endpoint.host, port=port)
        yield port


class _Handler:
    """Checks, keeps and answers one call."""

    def __init__(
        self,
        token: str,
        database: Database,
        now: Callable[[], datetime],
        done: Callable[[], None],
    ) -> None:
        self._token = token.encode()
        self._database = database
        self._now = now
        self._done = done

    def route(self) -> HttpRoute:
        """Return what answers the address of events."""
        return HttpRoute(
            frozenset({"GET", "POST"}),
            _EVENTS,
            Action.TELL_EVENTS,
            self.receive,
            self._caller,
            refused=_without_token,
            largest=LARGEST_BODY,
        )

    async def receive(self, request: web.Request) -> web.Response:
        """Keep an event."""
        try:
            fields = await _fields(request)
            async with self._database.transaction() as tx:
                money = amount_of(fields.pop("amount"))
                name = parts_of(request)["name"]
                result = await told(tx, name, **fields, now=self._now(), amount=money)
        except CustomerUnknown as error:
            return _problem(404, str(error))
        except DealOfAnother as error:
            await self._report(error)
            return _problem(409, str(error))
        except Refused as error:
            return _problem(400, str(error))
        except StorageError as error:
            log.error("event_not_kept", error=type(error).__name__)
            return _problem(503, "The event could not be kept; try again.")
        self._done()
        return web.json_response(result)

    async def _report(self, error: DealOfAnother) -> None:
        """Tell the admins, once per deal, since nobody reads the answers that a robot gets."""
        log.warning("event_of_another_customer")

        def sentence(texts: Texts) -> str:
            return said_to_reader(texts, error)

        with contextlib.suppress(StorageError):  # the robot gets its answer nevertheless
            async with self._database.transaction() as tx:
                await tell_admins(tx, f"deal:{error.deal}", sentence, self._now())
        self._done()

    async def _caller(self, request: web.Request) -> Collection[Role]:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = bearer if scheme.lower() == "bearer" else request.query.get("token", "")
        known = hmac.compare_digest(given.strip().encode(errors="replace"), self._token)
        return (Role.CRM if known else Role.STRANGER,)


async def _without_token(_: web.Request) -> web.Response:
    return _problem(403, "The token is missing or wrong.")


def _problem(status: int, said: str) -> web.Response:
    return web.json_response({"error": said}, status=status)


async def _fields(request: web.Request) -> dict[str, str]:
    """Return the known fields; the body's come before the query's. Raises Refused."""
    try:
        async with arriving():
            body = await _body(request)
    except (ValueError, RecursionError, LookupError) as error:
        raise Refused(mark("The body cannot be read: send a form or a JSON object.")) from error
    found = {
        name: str(body.get(name) or request.query.get(name) or body.get(AMOCRM.get(name, "")) or "")
        for name in FIELDS
    }
    if not found["customer"]:
        raise Refused(mark("Give customer: the customer's id in the CRM."))
    return found


async def _body(request: web.Request) -> Mapping[str, object]:
    if request.content_type == "application/json":
        data = json.loads(await request.read() or b"{}", parse_float=Decimal)
        if not isinstance(data, dict):
            message = "not an object"
            raise ValueError(message)
        return {
            key: value
            for key, value in data.items()
            if isinstance(value, str | int | Decimal) and not isinstance(value, bool)
        }
    form = await request.post()
    return {key: value for key, value in form.items() if isinstance(value, str)}
