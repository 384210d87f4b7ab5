"""A campaign's state in words, for the chat and the command line."""

from collections.abc import Collection, Mapping
from datetime import datetime
from math import ceil
from typing import Any

from surveys.campaign.plan import Trigger
from surveys.counts.stages import STAGES
from surveys.messages import mark
from templates.texts import Texts

STATES: Mapping[str, str] = {
    "running": mark("is running"),
    "paused": mark("is paused"),
    "cancelled": mark("was cancelled"),
}
IS_OVER = mark("is over")
NAMED = mark("{name} of {moment} {state}")
"""A campaign by its name, when it was begun, and how it stands: names may be alike."""
WHEN: Mapping[Trigger, str] = {
    "repeat": mark("by recurrence"),
    "event": mark("after an event"),
    "inactivity": mark("when there was no purchase for long"),
}
FATES: Mapping[str, str] = {
    "preparing": mark("being prepared: {n}"),
    "waiting": mark("waiting: {n}"),
    "held": mark("held back by the pause: {n}"),
    "failed": mark("not delivered: {n}"),
    "unknown": mark("perhaps delivered, nobody knows: {n}"),
    "cancelled": mark("never sent: {n}"),
}
"""What became of the messages not sent, by the fields of `campaign_queue.Account`."""


def is_over(state: str, how: Trigger, closes_at: datetime | None, now: datetime) -> bool:
    """Whether a campaign asks nobody any more, though nobody ended it: it asked once.

    `closes_at` is its latest wave's.
    """
    return state == "running" and how == "once" and closes_at is not None and closes_at <= now


def standing(state: str, *, over: bool) -> str:
    """Return how a campaign stands, as a message."""
    return IS_OVER if over else STATES[state]


def noticed(texts: Texts, n: int, fall: float) -> str:
    """Say which change this many answers show, before anybody is asked."""
    points = ceil(fall)
    return texts.plural(
        "With {answers}, now and next time, a fall of the NPS from {n} point on is noticed with a "
        "probability of 80%.",
        "With {answers}, now and next time, a fall of the NPS from {n} points on is noticed with a "
        "probability of 80%.",
        points,
        answers=texts.plural("{n} answer", "{n} answers", n),
    )


SUMMED: Collection[Trigger] = ("event", "inactivity")
"""Triggers that make many small waves: a campaign's progress is added up over all of them."""


def far(texts: Texts, status: Mapping[str, Any]) -> str:
    """Say how far a campaign, or its latest wave, has come, from its status as JSON."""
    said = funnel(texts, status["progress"])
    if status["waves"] == 1 or status["when"] in SUMMED:
        return said
    return texts("the latest wave: {funnel}", funnel=said)


def funnel(texts: Texts, counts: Mapping[str, int]) -> str:
    """Return how far a wave came."""
    return texts(
        "invited {invited}, delivered {delivered}, started {started}, finished {finished}",
        **{name: texts.number(counts[name]) for name in STAGES},
    )
