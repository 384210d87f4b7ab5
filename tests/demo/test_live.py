"""The demo with its page: who acts, who does not, and what happens when the bot dies."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo.living import Living, living

PATIENCE = 60.0
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="it looks into /proc")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with living(
        tmp_path_factory.mktemp("live") / "out", "--customers", "20", "--speed", "fast"
    ) as running:
        yield running


def until(what: Callable[[], bool]) -> None:
    """Wait for other processes."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.1)


def _acting(demo: Living) -> list[int]:
    entries = demo.ask("journal?limit=100000")
    return [entry["user_id"] for entry in entries if entry["kind"] == "person"]


def test_customers_answer_by_themselves_but_never_for_the_three_on_the_page(demo: Living) -> None:
    until(lambda: len(set(_acting(demo))) >= 6)
    untouched = {
        user["id"] for user in demo.ask("users") if user["role"] in {"customer", "manager"}
    } - set(_acting(demo))
    waiting = {
        user
        for user in untouched
        if "1 из" in str([one.get("text") for one in demo.ask(f"chat/{user}")["messages"]])
    }
    roles = {user["role"] for user in demo.ask("users") if user["id"] in waiting}
    assert roles == {"customer", "manager"}


def test_a_bot_that_dies_is_started_again_and_hears_what_was_said(demo: Living) -> None:
    until(lambda: len(demo.bots()) == 1 and demo.ask("state")["connected"])
    (first,) = demo.bots()
    os.kill(first, signal.SIGKILL)
    until(lambda: bool(demo.bots()) and demo.bots() != [first])
    until(lambda: demo.ask("state")["polling"] and not demo.ask("state")["pending"])
    assert first not in demo.bots()
