"""Why customers leave, as two sides tell it: those who left, and the managers who lost them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

EXIT: Final = "exit"
"""The catalog's survey of customers who left, and its question."""
REASON: Final = "reason"
LOSSES: Final = "operational_losses"
"""The catalog's survey in which managers count them, by the same reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """`told`: reason → customers who gave it, each with the latest answer of the period.

    `counted`: reason → customers lost, as `managers` of them counted; `labels`: reason → its name.
    """

    told: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    managers: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
