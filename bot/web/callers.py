"""Whoever asks for a page: how much each may ask for, and what an unknown token costs them."""

from dataclasses import dataclass, field

import structlog
from aiohttp import web

from bot.proxies import Network
from bot.web.asked import sender_of
from bot.web.limits import GUESS, Limits

log = structlog.get_logger()


@dataclass(slots=True)
class Callers:
    """All that ask for pages, told apart by address; `trusted` proxies say whom they serve."""

    limits: Limits
    trusted: tuple[Network, ...] = ()
    guesses: int = field(default=0, init=False)

    def takes(self, request: web.Request) -> bool:
        """Take a page from the sender's bucket; False where there is none left."""
        return self.limits.take(sender_of(request, self.trusted))

    def guessed(self, request: web.Request, event: str) -> None:
        """Count and log an unknown token, and let its sender wait for the next one."""
        self.guesses += 1
        self.limits.owe(sender_of(request, self.trusted), GUESS)
        log.warning(event, since_start=self.guesses)
