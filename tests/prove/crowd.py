"""People who answer every question they see.

Half of them tap again where the bot stays silent. The others never do, so that an answer of theirs
that was lost stays lost, and is found out.
"""

import asyncio
from dataclasses import dataclass

from bot.sandbox.chats import ShownButton
from bot.sandbox.sandbox import Sandbox
from bot.says.taps import SurveyTap, unpack

PATIENCE = 0.7
"""Seconds after which a person taps once more; then twice as long, and so on."""
_LOOK = 0.01


@dataclass(frozen=True, slots=True)
class Answered:
    """What a tap said: the question by its place, the option."""

    chat_id: int
    question: int
    option: str


class Crowd:
    """Watches what arrives and answers it; `taps` are the answers by update id."""

    def __init__(self, sandbox: Sandbox, gap: float = 0.0) -> None:
        self._sandbox = sandbox
        self._gap = gap
        self._seen = 0
        self._look_at: dict[int, float] = {}
        self._patience: dict[int, float] = {}
        self.taps: dict[int, Answered] = {}

    @property
    def is_done(self) -> bool:
        """Whether nobody has anything left to answer, as far as they can see."""
        self._notice()
        return not self._look_at

    async def run(self) -> None:
        """Answer until cancelled; at most one tap each `gap` seconds."""
        loop = asyncio.get_running_loop()
        while True:
            self._notice()
            due = [chat_id for chat_id, at in self._look_at.items() if at <= loop.time()]
            for chat_id in due:
                self._answer(chat_id, loop.time())
                await asyncio.sleep(self._gap)
            await asyncio.sleep(_LOOK)

    def _notice(self) -> None:
        """Plan to look at every chat in which something has happened."""
        for entry in self._sandbox.journal.since(self._seen, limit=100_000):
            self._seen = entry["seq"]
            if entry["kind"] == "call" and entry["delivered"] and entry.get("chat_id"):
                self._look_at[entry["chat_id"]] = 0.0
                self._patience[entry["chat_id"]] = PATIENCE

    def _answer(self, chat_id: int, now: float) -> None:
        message = self._sandbox.last(chat_id)
        chosen = None if message is None else _choose(chat_id, message.buttons)
        if message is None or chosen is None:
            del self._look_at[chat_id]
            return
        button, tap = chosen
        made = self._sandbox.tap(chat_id, data=button.data, message_id=message.message_id)
        if chat_id % 2:
            del self._look_at[chat_id]
        else:
            self._look_at[chat_id] = now + self._patience[chat_id]
            self._patience[chat_id] *= 2
        if tap.action == "answer":
            self.taps[made.update_id] = Answered(chat_id, tap.question, tap.option)


def _choose(chat_id: int, buttons: tuple[ShownButton, ...]) -> tuple[ShownButton, SurveyTap] | None:
    """Return the answer that this person always gives to this question, or the skip button."""
    offered = [(button, unpack(button.data)) for button in buttons]
    taps = [(button, tap) for button, tap in offered if isinstance(tap, SurveyTap)]
    answers = [(button, tap) for button, tap in taps if tap.action == "answer"]
    if answers:
        return answers[(chat_id + 3 * answers[0][1].question) % len(answers)]
    return next(((button, tap) for button, tap in taps if tap.action == "skip"), None)
