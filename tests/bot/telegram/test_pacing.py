"""Messages are spaced as Telegram asks, counted where they would be sent."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import pacing
from bot.telegram.pacing import Pacer
from storage.people.addresses import of_telegram


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer: a minute of pacing takes no time."""

    def __init__(self) -> None:
        super().__init__()
        self._moment = 0.0
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._moment

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]  # asyncio's own
            self._moment = max(self._moment, self._scheduled[0].when())  # type: ignore[attr-defined]  # the same
        super()._run_once()  # type: ignore[misc]  # the same


def run(main: Coroutine[Any, Any, list[float]]) -> list[float]:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= one < start + 1 for one in moments) for start in moments)


async def _broadcast(pacer: Pacer, count: int) -> list[float]:
    moments = []
    for _ in range(count):
        await pacer.broadcast_turn()
        moments.append(asyncio.get_running_loop().time())
    return moments


def test_a_broadcast_never_exceeds_the_rate_and_uses_it() -> None:
    moments = run(_broadcast(Pacer(29), 300))
    assert most_in_a_second(moments) <= 30
    assert 299 / (moments[-1] - moments[0]) > 28


@given(st.lists(st.floats(0, 0.2), max_size=60), st.integers(0, 40))
def test_no_second_holds_too_many_however_late_the_program_is_woken(
    stalls: list[float], people: int
) -> None:
    moments: list[float] = []

    async def one(turn: Coroutine[Any, Any, None]) -> None:
        await turn
        moments.append(asyncio.get_running_loop().time())

    async def main() -> list[float]:
        pacer, loop = Pacer(29), asyncio.get_running_loop()
        asked = [asyncio.create_task(one(pacer.reply_turn(of_telegram(n)))) for n in range(people)]
        for number in range(100):
            turn = asyncio.create_task(one(pacer.broadcast_turn()))
            await asyncio.sleep(0)
            if number < len(stalls):
                loop._moment += stalls[number]  # type: ignore[attr-defined]  # the virtual loop's
            await turn
        await asyncio.gather(*asked)
        return moments

    assert most_in_a_second(run(main())) <= 30


def test_a_waiting_person_passes_the_broadcast() -> None:
    async def main() -> list[float]:
        pacer = Pacer(29)
        broadcast = asyncio.create_task(_broadcast(pacer, 100))
        await asyncio.sleep(1)
        asked = asyncio.get_running_loop().time()
        await pacer.reply_turn(of_telegram(1))
        waited = asyncio.get_running_loop().time() - asked
        await broadcast
        return [waited]

    assert run(main())[0] <= 2.1 / 29


def test_one_chat_gets_one_message_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "CHAT_INTERVAL", 1.0)

    async def main() -> list[float]:
        pacer = Pacer(29)
        moments = []
        for _ in range(5):
            await pacer.reply_turn(of_telegram(7))
            moments.append(asyncio.get_running_loop().time())
        return moments

    assert most_in_a_second(run(main())) == 1


def test_a_person_who_floods_the_bot_holds_up_only_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "CHAT_INTERVAL", 1.0)

    async def main() -> list[float]:
        pacer = Pacer(29)
        flood = [asyncio.create_task(pacer.reply_turn(of_telegram(7))) for _ in range(50)]
        moments = await _broadcast(pacer, 100)
        for task in flood:
            task.cancel()
        return moments

    moments = run(main())
    assert moments[-1] - moments[0] < 4


def test_a_chat_rests_for_a_second_and_is_then_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "CHAT_INTERVAL", 1.0)

    async def main() -> list[float]:
        pacer = Pacer(29)
        await pacer.chat_turn(of_telegram(7))
        resting = list(pacer.resting().items())
        await asyncio.sleep(1.0)
        assert not pacer.resting()
        return [int(chat.address) + rest for chat, rest in resting]

    assert run(main()) == [8.0]
