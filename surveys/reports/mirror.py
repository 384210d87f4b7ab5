"""The digest's mirror: managers by themselves and by their customers."""

from dataclasses import dataclass

from surveys.reports.estimates import Agreement, Estimate, Figure, RangeAtLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorHead:
    """A mirror item and the ends of its scale."""

    item: str
    label: str
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorRow(MirrorHead):
    """One item of one manager, on the item's own scale; the gap is self minus customers.

    `missing` more customers are needed for the customers' view.
    """

    self: float | None
    customers: Estimate | None
    n: int
    company: Figure | None
    gap: RangeAtLevel | None
    agreement: Agreement | None
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorWhole:
    """One manager over all items, on the items' scale where they share one, else on 0–100."""

    n: int
    low: float
    high: float
    self: float
    customers: float
    gap: RangeAtLevel
    agreement: Agreement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorManager:
    """One manager: all items together, where there are enough customers, and each by itself."""

    manager_id: int
    name: str
    profile: MirrorWhole | None
    items: tuple[MirrorRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """All mirror items and managers."""

    items: tuple[MirrorHead, ...]
    managers: tuple[MirrorManager, ...]
