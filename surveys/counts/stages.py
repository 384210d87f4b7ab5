"""The stages of an invitation, from being made to being answered in full."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar, get_args

Stage = Literal["invited", "delivered", "opened", "started", "finished"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Stages(Generic[N]):
    """How many invitations, or which share of them, came so far; each stage includes the next."""

    invited: N
    delivered: N
    opened: N
    started: N
    finished: N

    def by_stage(self) -> Mapping[str, N]:
        """Return each stage with its number, in their order."""
        return {stage: getattr(self, stage) for stage in STAGES}
