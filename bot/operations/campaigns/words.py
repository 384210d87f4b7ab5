"""How a campaign stands, in words: for the chat and the command line."""

from collections.abc import Mapping

from surveys.campaign.plan import How
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


STAGES = ("invited", "delivered", "started", "finished")


def funnel(texts: Texts, counts: Mapping[str, int]) -> str:
    """Return how far a wave came."""
    return texts(
        "invited {invited}, delivered {delivered}, started {started}, finished {finished}",
        **{name: texts.number(counts[name]) for name in STAGES},
    )
