"""What delivery needs from a channel: a messenger, or another way to speak to people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.delivery.outcomes import Outcome
from bot.says.heard import Heard
from bot.says.said import Now
from storage.people.addresses import Address
from storage.sending.outbox import Claimed


class Channel(Protocol):
    """A channel; whatever finds the token refused raises `TokenRefused`."""

    def hear(self, told: dict[str, Any], now: datetime) -> Heard | None:
        """Return what an update in the inbox tells; None where it is nothing for us.

        Raises whatever an update raises that is not as it should be.
        """

    async def say(self, said: Now, heard: Heard) -> Outcome:
        """Answer what was heard, once, as soon as the channel's pace allows."""

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Send an outbox row, once."""

    async def broadcast_turn(self, address: Address) -> None:
        """Wait until a message that nobody waits for may go to an address."""

    def resting(self) -> dict[Address, float]:
        """Return the addresses that must not be written to yet, and for how many seconds."""


Channels = Mapping[str, Channel]
"""The channels by the name that stands in each address."""
