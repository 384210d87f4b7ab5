"""What a message of a campaign costs, against aiogram's own loop at the same pace."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.bots import Service, cpu_seconds, process, telegram
from tests.bench.scale import Scale
from tests.bench.taps import asked, running, sqlite
from tests.bench.timing import Ratio, of_rounds

_TOLD_BY = 3
"""The base sends a third of the messages: at a pace they take long, and each takes the same."""


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare CPU a message, and show how evenly they were sent."""
    mine, base, moments = [], [], []
    few = max(scale.messages // _TOLD_BY, 2)
    for _ in range(scale.rounds):
        with TemporaryDirectory() as folder, telegram() as here, telegram() as there:
            url = sqlite(Path(folder) / "otklik.db")
            asked(url, scale.messages)
            with process("tests.bench.bare.broadcast", there.url, str(few)) as theirs:
                base.append(each(there, theirs, few)[0])
            with running(here, url) as ours:
                mine.append(each(here, ours, scale.messages)[0])
                moments.append(sorted(here.told()["sent"]))
    yield of_rounds("broadcast: CPU a message", mine, "aiogram's own send loop", base, "≤ 2.0")
    most = [float(max(_within_a_second(sent))) for sent in moments]
    limit = [30.0] * len(most)
    what = "messages in the fullest second"
    yield of_rounds(what, most, "Telegram's 30", limit, "≤ 1", unit="messages")
    rates = [(len(sent) - 1) / (sent[-1] - sent[0]) for sent in moments]
    what = "messages a second, sustained"
    yield of_rounds(what, rates, "Telegram's 30", limit, "≥ 0.963", unit="a second")


def each(
    service: Service, pid: int, messages: int, also: Callable[[], float] = float
) -> tuple[float, float]:
    """Return the CPU seconds a message, from the first to the last: the program's, and others'."""
    service.wait_for_sent(1)
    begun, others = cpu_seconds(pid), also()
    already = len(service.told()["sent"])
    service.wait_for_sent(messages)
    count = max(messages - already, 1)
    return (cpu_seconds(pid) - begun) / count, (also() - others) / count


def _within_a_second(sent: Sequence[float]) -> list[int]:
    return [bisect_left(sent, moment + 1) - at for at, moment in enumerate(sent)]
