"""The local Telegram as Python sees it: people's acts, what they see, updates, clock, faults."""

import time
from dataclasses import asdict

from bot.sandbox.acts import Acts
from bot.sandbox.chats import Body, ChatMessage, ShownToast, User
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.methods.profile import commands_seen_by
from bot.sandbox.rates import Rates
from bot.sandbox.signal import Signal
from bot.sandbox.world import World

PACES = ("off", "slow", "normal", "fast")


class Sandbox(Acts):
    """A running local Telegram. Everything happens in its event loop; nothing here blocks."""

    def __init__(self, world: World, token: str, base_url: str, secret: str) -> None:
        super().__init__(world)
        self.token = token
        self.base_url = base_url
        self.secret = secret

    @property
    def sim_url(self) -> str:
        """Where the control API is, its secret included."""
        return f"{self.base_url}/sim/{self.secret}"

    @property
    def clock_url(self) -> str:
        """What a program that follows this clock is told (OTKLIK_CLOCK_URL)."""
        return f"{self.sim_url}/clock"

    @property
    def page_url(self) -> str:
        """Where the chat page is."""
        return f"{self.sim_url}/page/"

    @property
    def bot(self) -> Body:
        """The bot's User object."""
        return self.world.bot

    @property
    def clock(self) -> SandboxClock:
        """The shared clock."""
        return self.world.clock

    @property
    def journal(self) -> Journal:
        """What happened."""
        return self.world.journal

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.world.faults

    @property
    def rates(self) -> Rates:
        """How fast messages arrived."""
        return self.world.rates

    @property
    def users(self) -> dict[int, User]:
        """Everybody, by id."""
        return self.world.users

    def messages(self, chat_id: int) -> list[ChatMessage]:
        """Return a chat's messages in order, without deleted ones."""
        return [m for m in self.world.chat(chat_id).messages.values() if not m.deleted]

    def message(self, chat_id: int, message_id: int) -> ChatMessage | None:
        """Return one message, None if it is not there or was deleted."""
        return self.world.chat(chat_id).found(message_id)

    def last(self, chat_id: int) -> ChatMessage | None:
        """Return the newest message of the bot."""
        return next((m for m in self.world.chat(chat_id).newest() if m.from_bot), None)

    def file(self, file_id: str) -> bytes:
        """Return a file's content."""
        stored = self.world.files.by_id(file_id)
        if stored is None:
            message = f"There is no file {file_id}."
            raise SandboxError(message)
        return stored.content

    def keyboard(self, chat_id: int) -> list[list[str]] | None:
        """Return the labels of the reply keyboard now shown."""
        shown = self.world.chat(chat_id).keyboard
        return None if shown is None else [[b["text"] for b in row] for row in shown["keyboard"]]

    def toasts(self, chat_id: int) -> list[ShownToast]:
        """Return the answers to taps as they were shown."""
        return list(self.world.chat(chat_id).toasts)

    def answered(self, query_id: str) -> bool:
        """Return whether a tap got its answer."""
        query = self.world.queries.get(query_id)
        return query is not None and query.answered

    def commands(self, user_id: int) -> list[Body]:
        """Return the menu of commands that a person sees."""
        return commands_seen_by(self.world, self.world.user(user_id))

    def version(self, chat_id: int | None) -> int:
        """Return a number that grows with every change in a chat, or in any."""
        return self._signal(chat_id).version

    async def changed(
        self,
        chat_id: int | None,
        after_version: int,
        timeout: float = 10.0,  # noqa: ASYNC109 (the API's word)
    ) -> int:
        """Return the version once it is above `after_version`; TimeoutError if it stays."""
        return await self._signal(chat_id).changed(after_version, timeout)

    def _signal(self, chat_id: int | None) -> Signal:
        return self.world.signal if chat_id is None else self.world.chat(chat_id).signal

    def pending(self) -> int:
        """Return how many updates the bot has not confirmed."""
        return len(self.world.updates.pending())

    def unconfirmed(self) -> list[Body]:
        """Return the updates that the bot has not confirmed."""
        return [update.whole() for update in self.world.updates.pending()]

    def confirmed(self, update_id: int) -> bool:
        """Return whether the bot confirmed an update (or it became too old)."""
        return self.world.updates.confirmed(update_id)

    @property
    def polling(self) -> bool:
        """Whether the bot waits for updates, or did a moment ago."""
        return self.world.updates.polling

    async def settled(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109 (the API's word)
        """Return when every update is confirmed and the bot waits for more (or has a webhook)."""
        updates = self.world.updates
        deadline = time.monotonic() + timeout
        while updates.pending() or not (updates.waiting or updates.webhook):
            seen = updates.progress.version
            await updates.progress.changed(seen, max(0.0, deadline - time.monotonic()))

    @property
    def pace(self) -> str | None:
        """How busy a simulated clientele is: off, slow, normal, fast; None: there is none."""
        return self.world.pace

    @pace.setter
    def pace(self, pace: str | None) -> None:
        if pace not in {None, *PACES}:
            message = f"The pace is one of {', '.join(PACES)}."
            raise SandboxError(message)
        self.world.pace = pace
        self.world.signal.bump()

    @property
    def pages_at(self) -> str:
        """The address below which pages may be shown beside the phones; "": none."""
        return self.world.pages_at

    @pages_at.setter
    def pages_at(self, url: str) -> None:
        self.world.pages_at = url

    def show_page(self, url: str, name: str, note: str = "") -> None:
        """Show a page beside the phones, in the browser of somebody who is not in Telegram."""
        self.world.page = {"url": url, "name": name, "note": note}
        self.world.signal.bump()

    def set_pace(self, pace: str) -> None:
        """Set the pace over the control API."""
        self.pace = pace

    def state(self) -> Body:
        """Return an overview for the control API."""
        return {
            "bot": self.bot,
            "polling": self.polling,
            "connected": self.polling or self.world.updates.webhook,
            "pending": self.pending(),
            "clock": self.clock.told(),
            "pace": self.pace,
            "page": self.world.page,
            "version": self.world.signal.version,
            "seq": self.journal.seq,
        }

    def user_view(self, user: User) -> Body:
        """Return a person as the control API shows them."""
        chat = self.world.private_chat(user)
        newest = next(chat.newest(), None)
        preview = newest.text.split("\n")[0][:80] if newest else ""
        return asdict(user) | {
            "version": chat.signal.version,
            "said": chat.said,
            "preview": preview,
        }

    def chat_view(self, chat_id: int) -> Body:
        """Return a chat as the control API shows it: messages, keyboard, toasts, action."""
        chat = self.world.chat(chat_id)
        action = chat.action[0] if chat.action and chat.action[1] > time.monotonic() else None
        return {
            "id": chat.id,
            "chat": self.world.chat_body(chat),
            "version": chat.signal.version,
            "messages": [
                m.body | {"from_bot": m.from_bot} for m in chat.messages.values() if not m.deleted
            ],
            "keyboard": chat.keyboard,
            "said": chat.said,
            "toasts": [asdict(toast) for toast in chat.toasts[-20:]],
            "toasts_shown": len(chat.toasts),
            "pinned": chat.pinned,
            "action": action,
        }
