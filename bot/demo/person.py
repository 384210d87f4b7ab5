"""An invented person at their phone: reads what the chat shows and taps or types, nothing else."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.comments import Comments, Tone, tone
from bot.demo.temper import Intention, Temper
from bot.errors import Refused
from bot.sandbox.chats import ChatMessage, ShownButton
from bot.sandbox.sandbox import Sandbox
from bot.says.taps import MenuTap, SurveyTap, unpack
from surveys.messages import mark

ZONE = ZoneInfo("Europe/Moscow")
_MORNING, _NIGHT = 8, 23
_PATIENCE = 20.0
_LONGEST_CONVERSATION = 60
_AFTERTHOUGHT = 2.0
_REFUSALS = 3
_NO_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009"))


class DemoPerson:
    """Someone with a chat. `act_at` is when they will next look at it; None: they will not.

    What they say comes from `comments`, in keeping with the score just given, or with their `tone`.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        telegram_id: int,
        temper: Temper,
        comments: Comments,
        tone: Tone | None = None,
    ) -> None:
        self.telegram_id = telegram_id
        self.act_at: datetime | None = None
        self.plan: Intention | None = None
        self.taps = 0
        self.words = 0
        self._sandbox = sandbox
        self._temper = temper
        self._comments = comments
        self._own_tone = tone
        self._tone = tone
        self._seen_message = 0
        self._invitation = 0
        self._answered = 0
        self.changed_mind = False
        self.stopped = False
        self._refusals = 0

    def look(self) -> None:
        """Notice a new message and decide when to act on it."""
        message = self._open_message()
        if message is None or message.message_id <= self._seen_message or self._gone:
            return
        self._seen_message = message.message_id
        asked = _invitation(message)
        if self._invitation and asked and asked != self._invitation:
            self.plan = None
        self._invitation = asked or self._invitation
        first = self.plan is None
        if self.plan is None:
            self.plan = self._temper.plan()
            self._answered = self._refusals = 0
            self._tone = self._own_tone
        leaves = self.plan.blocks or self.plan.stops
        if leaves or (self.plan.answers and first != self.plan.waits_for_reminder):
            self.act_at = _waking(message.date + self.plan.delay)

    @property
    def _gone(self) -> bool:
        user = self._sandbox.users[self.telegram_id]
        return user.blocked or user.deactivated

    async def act(self) -> None:
        """Do what was planned, as one sitting."""
        self.act_at = None
        if self._gone or self.plan is None:
            return
        if self.plan.blocks:
            self._sandbox.block(self.telegram_id)
        elif self.plan.stops:
            self.stopped = True
            await self.say("/stop")
        else:
            await self.converse()

    async def converse(self) -> None:
        """Answer until the survey thanks, or until patience ends."""
        for _ in range(_LONGEST_CONVERSATION):
            message = self._open_message()
            if message is None or self._refusals > _REFUSALS or not await self._answer(message):
                return
            if self.plan is not None and self.plan.abandons and self._answered:
                return

    def _open_message(self) -> ChatMessage | None:
        """Return the newest message that asks something; other messages may be below it."""
        for message in reversed(self._sandbox.messages(self.telegram_id)):
            if message.from_bot and (_consent(message) or _is_survey(message)):
                return message
        return None

    async def _answer(self, message: ChatMessage) -> bool:
        options = _buttons(message, "answer")
        if consent := _consent(message):
            return await self.tap(message, consent)
        if options:
            return await self._choose(message, options)
        if again := _buttons(message, "change"):
            return await self._reconsider(message, again[0])
        skip = _buttons(message, "skip")
        if skip and not self._temper.agrees(0.55):
            return await self.tap(message, skip[0])
        return await self._type(message, skip)

    async def _choose(self, message: ChatMessage, options: list[ShownButton]) -> bool:
        self._answered += 1
        done = _buttons(message, "done")
        if done and self._temper.agrees(0.6):
            return await self.tap(message, done[0])
        if not all(option.label.isdecimal() for option in options):
            return await self.tap(message, options[self._temper.index(len(options))])
        points = [int(option.label) for option in options]
        low, high = min(points), max(points)
        point = self._temper.point(low, high)
        self._tone = self._tone or tone((point - low) / (high - low))
        if self._temper.agrees(0.04):
            return await self.say(str(point))
        return await self.tap(message, options[points.index(point)])

    async def _reconsider(self, message: ChatMessage, again: ShownButton) -> bool:
        if self.plan is None or not self.plan.changes_mind or self.changed_mind:
            return False
        self.changed_mind = True
        self._tone = self._own_tone
        return await self.tap(message, again)

    async def _type(self, message: ChatMessage, skip: list[ShownButton]) -> bool:
        if bounds := _bounds(message.text):
            low, high = bounds
            text = str(low if self._refusals else _round(self._temper.point(low, high), low, high))
        else:
            comment = None if self._refusals else self._comments.deal(self._tone or "middle")
            if comment is None and skip:
                return await self.tap(message, skip[0])
            text = comment or "ok"
        self._answered += 1
        moved_on = await self.say(text)
        self._refusals = self._refusals + 1 if message == self._open_message() else 0
        return moved_on

    def offered(self, wanted: MenuTap) -> tuple[ChatMessage, ShownButton] | None:
        """Return a menu's button with its message, whatever its arguments where none are given."""
        for message in reversed(self._sandbox.messages(self.telegram_id)):
            if found := _menu_button(message, wanted):
                return message, found
        return None

    async def button(self, wanted: MenuTap) -> tuple[ChatMessage, ShownButton]:
        """Wait for a menu's button, as `offered` finds it; raises `Refused` where none comes."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while True:
                    seen = self._sandbox.version(self.telegram_id)
                    if found := self.offered(wanted):
                        return found
                    await self._sandbox.changed(self.telegram_id, seen, _PATIENCE)
        except TimeoutError:
            raise Refused(
                mark("The bot offers no button {button}."), button=wanted.pack()
            ) from None

    async def tap(self, message: ChatMessage, button: ShownButton) -> bool:
        """Tap a button and wait for the screen to change; False where it does not."""
        before = self._screen()
        tap = self._sandbox.tap(self.telegram_id, data=button.data, message_id=message.message_id)
        self.taps += 1
        return await self._screen_changes(before, tap.query_id)

    async def say(self, text: str) -> bool:
        """Type a message and wait for the answer."""
        before = self._screen()
        self._sandbox.say(self.telegram_id, text)
        self.words += 1
        return await self._screen_changes(before)

    def _screen(self) -> tuple[object, ...]:
        """Return what the bot has answered last; an alert that comes meanwhile is no answer."""
        newest = reversed(self._sandbox.messages(self.telegram_id))
        last = next((one for one in newest if one.from_bot and not _is_alert(one)), None)
        asked = self._open_message()
        return tuple(
            (one.message_id, one.text, tuple(button.label for button in one.buttons))
            for one in (last, asked)
            if one is not None
        )

    async def _screen_changes(self, before: tuple[object, ...], query_id: str = "") -> bool:
        """Wait for the screen, but not long after a tap that was answered and changed nothing."""
        answered = False
        try:
            while self._screen() == before:
                seen = self._sandbox.version(self.telegram_id)
                patience = _AFTERTHOUGHT if answered else _PATIENCE
                await self._sandbox.changed(self.telegram_id, seen, patience)
                answered = answered or bool(query_id and self._sandbox.answered(query_id))
        except TimeoutError:
            return answered
        return True


def _buttons(message: ChatMessage, action: str) -> list[ShownButton]:
    found = []
    for button in message.buttons:
        tap = unpack(button.data)
        if isinstance(tap, SurveyTap) and tap.action == action:
            found.append(button)
    return found


def _menu_button(message: ChatMessage, wanted: MenuTap) -> ShownButton | None:
    for button in message.buttons if message.from_bot else ():
        tap = unpack(button.data)
        if not isinstance(tap, MenuTap) or tap.place != wanted.place:
            continue
        if wanted.arguments in ((), tap.arguments):
            return button
    return None


def _is_alert(message: ChatMessage) -> bool:
    """Tell what a manager is told of a case, by its buttons."""
    taps = [unpack(button.data) for button in message.buttons]
    return any(isinstance(tap, MenuTap) and tap.place.startswith("case") for tap in taps)


def _is_survey(message: ChatMessage) -> bool:
    """Find the place in a survey by its button, or by its text: "2 of 5" in italics."""
    return any(isinstance(unpack(button.data), SurveyTap) for button in message.buttons) or any(
        entity["type"] == "italic" and len(_numbers(_part(message.text, entity))) == 2
        for entity in message.entities
    )


def _part(text: str, entity: Mapping[str, Any]) -> str:
    """Cut an entity's text out; Telegram counts in UTF-16 units."""
    units = text.encode("utf-16-le")
    start, length = entity["offset"] * 2, entity["length"] * 2
    return units[start : start + length].decode("utf-16-le")


def _invitation(message: ChatMessage) -> int:
    """Return the survey that a message belongs to; 0 where no button says."""
    taps = (unpack(button.data) for button in message.buttons)
    return next((tap.invitation_id for tap in taps if isinstance(tap, SurveyTap)), 0)


def _consent(message: ChatMessage) -> ShownButton | None:
    agreed = MenuTap("consent", ("yes",))
    return next((button for button in message.buttons if unpack(button.data) == agreed), None)


def _numbers(text: str) -> list[int]:
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return [int(word) for word in words if word.isdecimal()]


def _bounds(text: str) -> tuple[int, int] | None:
    """Read "from 0 to 1 440 (minutes)" in either language."""
    for line in text.splitlines():
        numbers = _numbers(line.partition("(")[0].translate(_NO_SPACES)) if "(" in line else []
        if len(numbers) == 2:
            return numbers[0], numbers[1]
    return None


def _round(point: int, low: int, high: int) -> int:
    """Say a large amount as people do."""
    step = 30 if high - low >= 240 else 5 if high - low >= 40 else 1
    return min(high, max(low, round(point / step) * step))


def _waking(moment: datetime) -> datetime:
    """Move a moment out of the night."""
    local = moment.astimezone(ZONE)
    if local.hour >= _NIGHT:
        local = (local + timedelta(days=1)).replace(hour=_MORNING)
    elif local.hour < _MORNING:
        local = local.replace(hour=_MORNING)
    return local
