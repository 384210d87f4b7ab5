"""How a campaign stands, in words: for the chat and the command line."""

from collections.abc import Mapping
from math import ceil

from surveys.campaign.plan import How
from surveys.counts.stages import STAGES
from templates.texts import Texts, mark

STATES: Mapping[str, str] = {
    "running": mark("is running"),
    "paused": mark("is paused"),
    "cancelled": mark("was cancelled"),
}
WHEN: Mapping[How, str] = {
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
"""What became of the messages not sent, by the fields of `storage.asking.campaigns.Account`."""


def noticed(texts: Texts, n: int, fall: float) -> str:
    """Say what a change so many answers show, before anybody is asked."""
    points = ceil(fall)
    return texts.plural(
        "With {answers}, now and next time, a fall of the NPS from {n} point on is noticed with a "
        "probability of 80%.",
        "With {answers}, now and next time, a fall of the NPS from {n} points on is noticed with a "
        "probability of 80%.",
        points,
        answers=texts.plural("{n} answer", "{n} answers", n),
    )


def funnel(texts: Texts, counts: Mapping[str, int]) -> str:
    """Return how far a wave came."""
    return texts(
        "invited {invited}, delivered {delivered}, started {started}, finished {finished}",
        **{name: texts.number(counts[name]) for name in STAGES},
    )
