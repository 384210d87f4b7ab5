"""What `otklik doctor` says of updates, messages and jobs that wait or have failed."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.cli.upkeep.doctor.finding import Finding
from storage.sending.errands import Errand
from storage.sending.inbox import Parked
from surveys.messages import Message

MANY_WAITING = 100


def waiting(count: int) -> Finding:
    """Judge how many updates wait to be handled."""
    if count < MANY_WAITING:
        return Finding("fine", Message("inbox"), Message("{n} waiting.", {"n": count}))
    message = Message("{n} waiting. Is the bot running? Start: otklik run", {"n": count})
    return Finding("bad", Message("inbox"), message)


def parked(one: Parked) -> Finding:
    """Name an update that was put aside after its last try."""
    said = Message(
        "put aside on {moment} after {n} tries, with {error}. Please report it; to try it "
        "again: otklik doctor --retry",
        {"moment": one.parked_at, "n": one.attempts, "error": one.error},
    )
    return Finding("bad", Message("update {id}", {"id": str(one.update_id)}), said)


def put_off(one: Errand) -> Finding:
    """Name an errand that has failed and will be tried again."""
    said = Message(
        "{kind} {id} failed {n} times; it is tried again by itself, and the log says why.",
        {"kind": one.kind, "id": str(one.id), "n": one.attempts},
    )
    return Finding("look", Message("jobs"), said)


def sending(
    doubtful: int, paused: datetime | None, failures: Mapping[str, int], now: datetime
) -> Iterator[Finding]:
    """Say what keeps messages from going out; `failures`: error → messages."""
    if doubtful:
        message = Message(
            "{n} of unknown fate. An admin decides about them in the chat: /outbox",
            {"n": doubtful},
        )
        yield Finding("look", Message("messages"), message)
    if paused is not None and paused > now:
        message = Message(
            "Telegram asked to wait until {moment}; sending goes on by itself.", {"moment": paused}
        )
        yield Finding("look", Message("sending"), message)
    for error, count in failures.items():
        message = Message("{n} could not be sent: {error}", {"n": count, "error": error})
        yield Finding("look", Message("messages"), message)
