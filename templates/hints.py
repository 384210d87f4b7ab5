"""What others look at first where a criterion is weak: each hint with its source, no promise.

The sentences are our own; the source is where the thought, or the example, comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from surveys.messages import mark


@dataclass(frozen=True, slots=True)
class Hint:
    """A thing to look at, and where that comes from."""

    text: str
    source: str


_REICHHELD = mark("Reichheld and Markey 2011, The Ultimate Question 2.0")
_SERVQUAL = mark("Zeithaml, Parasuraman and Berry 1990, Delivering Quality Service")
_EFFORT = mark("Dixon, Freeman and Toman 2010, Harvard Business Review")
_REINARTZ = mark("Reinartz and Kumar 2002, Harvard Business Review")
_STUDY = mark("Ivanova and Ityaikina 2018, the time study of one company")
_KAZULIN = mark("Kazulin 2021, report on choosing a CRM")
_PRACTICE = mark("Practice of CRM, an article on the effect of a CRM")

HINTS: Final[Mapping[str, tuple[Hint, ...]]] = {
    "loyalty_index": (
        Hint(
            mark(
                "Call unhappy customers back and ask what happened; here that is the list of "
                "cases, with the time until the first call."
            ),
            _REICHHELD,
        ),
    ),
    "service_quality": (
        Hint(
            mark(
                "Look first whether what was promised is kept; customers of the services studied "
                "held that for the most important."
            ),
            _SERVQUAL,
        ),
        Hint(
            mark("Count how often a customer must call again about the same thing."),
            _EFFORT,
        ),
    ),
    "departed_customers": (
        Hint(
            mark(
                "Sort those who left by how they were lost: forgotten, sold the wrong thing, "
                "deadlines missed, documents not ready. The exit survey asks it so."
            ),
            _PRACTICE,
        ),
    ),
    "cost_per_loyal_customer": (
        Hint(
            mark(
                "See whether the money goes to those who also earn it: long-standing customers "
                "were not always the cheaper ones."
            ),
            _REINARTZ,
        ),
    ),
    "automation": (
        Hint(
            mark(
                "Time each operation first: in the example more than half of the minutes a client "
                "went into the contract, not into talking."
            ),
            _STUDY,
        ),
    ),
    "customer_accounting": (
        Hint(
            mark(
                "Begin with one common list of customers, filled in by everybody in one way; "
                "letters and documents come after it."
            ),
            _KAZULIN,
        ),
    ),
    "sales_process": (
        Hint(
            mark("See at which stage deals lie longest, and who gets a reminder of them."),
            _PRACTICE,
        ),
        Hint(
            mark("Compare what managers did in deals that were won and in deals that were lost."),
            _PRACTICE,
        ),
    ),
}
"""Criterion → what to look at. The self-assessment has none: neither way is better."""
