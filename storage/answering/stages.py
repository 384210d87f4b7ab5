"""How far an invitation came, as SQL."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, Label, case, func, or_, true

from storage.tables.surveys import invitations
from surveys.counts.stages import STAGES, Stage

_FINISHED: Final = invitations.c.finished_at.is_not(None)
_STARTED: Final = or_(invitations.c.started_at.is_not(None), _FINISHED)
_OPENED: Final = or_(invitations.c.opened_at.is_not(None), _STARTED)
DELIVERED: Final = or_(invitations.c.sent_at.is_not(None), _OPENED)
"""Whoever opened the survey has received it, also by a link or where the fate is unknown."""
REACHED: Final[Mapping[Stage, ColumnElement[bool]]] = {
    "invited": true(),
    "delivered": DELIVERED,
    "opened": _OPENED,
    "started": _STARTED,
    "finished": _FINISHED,
}
FURTHEST: Final = case(
    *((REACHED[stage], place) for place, stage in reversed([*enumerate(STAGES)])), else_=0
)
"""The last stage that an invitation reached, as its place among the stages."""


def counted() -> list[Label[int]]:
    """Return the number of invitations at each stage, as columns."""
    return [func.count(case((REACHED[stage], 1))).label(stage) for stage in STAGES]
