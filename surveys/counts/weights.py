"""Weights of the criteria that a company has adopted: a dated version, and how it came to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

WEIGHED: Final = (
    "loyalty_index",
    "service_quality",
    "departed_customers",
    "cost_per_loyal_customer",
    "automation",
    "customer_accounting",
    "sales_process",
)
"""The criteria that have a weight; the self-assessment is read beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A version of the weights (sum 1), from so many experts' comparisons.

    Without `weights` it was decided that all criteria weigh the same. `consistency_ratio` is that
    of the joint judgements, None where too few were made for one.
    """

    version: int
    adopted_at: datetime
    weights: Mapping[str, float]
    experts: int
    consistency_ratio: float | None
