"""A case: an unhappy customer whom somebody of the staff gets in touch with. Pure.

What opens one is what is reported at once, and stands in the survey: see `survey.low_answers`.
"""

from datetime import timedelta
from typing import Final, Literal, get_args

State = Literal["open", "taken", "resolved"]
CaseOutcome = Literal["put_right", "not_put_right", "not_reached"]
EventKind = Literal[
    "opened",
    "answer_changed",
    "assigned",
    "taken",
    "note",
    "call_at",
    "resolved",
    "reopened",
    "nagged",
    "escalated",
    "said",
    "replied",
    "recovered",
]
Recovered = Literal["yes", "no"]
"""What the customer says later about whether it was put right."""
STATES: Final[tuple[State, ...]] = get_args(State)
OUTCOMES: Final[tuple[CaseOutcome, ...]] = get_args(CaseOutcome)
EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)
RECOVERED: Final[tuple[Recovered, ...]] = get_args(Recovered)

WORKING_HOURS: Final = timedelta(hours=9)
"""How much working time there is to resolve a case: one whole working day."""
