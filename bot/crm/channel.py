"""The CRM as delivery's channel: one signed POST for each event, until it is taken.

At least once: a repeat has the same `Idempotency-Key`. The signature covers the moment and the
body, so that neither can be changed nor sent again later. The address is an operator's setting,
nothing else chooses it, and a redirect is not followed.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import aiohttp
import structlog

from bot.delivery.outcomes import Delivered, NotTaken, Outcome, Rejected, Sent
from bot.says.heard import Heard
from bot.says.said import Now
from bot.settings import Settings
from storage.people.addresses import Address
from storage.sending.outbox import Claimed

log = structlog.get_logger()

_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
_TAKEN: Final = range(200, 300)


class Crm:
    """The address that is told, None where none is."""

    def __init__(
        self, settings: Settings, session: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        self._url = settings.crm_url
        self._secret = settings.crm_secret
        self._session = session
        self._now = now

    def hear(self, told: dict[str, Any], now: datetime) -> Heard | None:
        """Hear nothing: events from a CRM come another way."""
        del told, now
        return None

    async def say(self, said: Now, heard: Heard) -> Outcome:
        """Answer nobody, for nobody is heard."""
        del said, heard
        return Rejected("a CRM is not spoken to")

    async def broadcast_turn(self, address: Address) -> None:
        """Wait for nothing: one event at a time is sent to an address."""

    def resting(self) -> dict[Address, float]:
        """Return no address: a CRM needs no rest."""
        return {}

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Tell of one event; whatever is no answer of success is tried again."""
        if self._url is None or self._secret is None:
            return Rejected("no CRM is told any more")
        body = json.dumps(dict(claimed.content), ensure_ascii=False).encode()
        headers = signed(body, self._secret.get_secret_value(), self._now())
        headers["Idempotency-Key"] = claimed.key
        try:
            async with self._session.post(
                self._url.get_secret_value(), data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("crm_not_reached", error=type(error).__name__)
            return NotTaken(type(error).__name__)
        if status in _TAKEN:
            return Delivered(Sent(None))
        log.warning("crm_refused", status=status)
        return NotTaken(f"HTTP {status}")


def signed(body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers of a body: its moment in Unix seconds, and the signature of both.

    The signature is HMAC-SHA256 of the moment, a full stop and the body, in hexadecimal digits.
    """
    moment = str(int(now.timestamp()))
    text = moment.encode() + b"." + body
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Otklik-Timestamp": moment,
        "X-Otklik-Signature": f"v1={digest}",
    }


@asynccontextmanager
async def connected(settings: Settings, now: Callable[[], datetime]) -> AsyncIterator[Crm]:
    """Yield the channel; its connections end with the block."""
    async with aiohttp.ClientSession(
        timeout=_TIMEOUT, headers={"User-Agent": "otklik"}, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield Crm(settings, session, now)
    await asyncio.sleep(0)  # lets the last connection close
