"""What late answers tell of those who never answered; and who chose whom to ask.

People who answer only after the reminder are more like those who never answer than people who
answer at once [Armstrong & Overton 1977, Journal of Marketing Research 14, 396–402]. Where the two
differ, the score would differ too if all had answered. It corrects nothing and gets no word.
"""

from dataclasses import dataclass
from typing import Final

from scoring.changes import difference
from scoring.changes.difference import EstimatedChange
from scoring.errors import enough
from scoring.estimates import nps
from scoring.estimates.counts import Counts, total
from scoring.estimates.nps import NpsEstimate
from surveys.counts.minima import MIN_CHANGE
from surveys.messages import mark

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Two groups of one period's respondents: their scores, and second − first."""

    first: NpsEstimate
    second: NpsEstimate
    change: EstimatedChange


def apart(first: Counts, second: Counts) -> Apart:
    """Return two groups of 0–10 answers compared, at 95 %.

    Nobody is in both groups. Raises NotEnoughData below ten answers in either.
    """
    enough(mark("answers to be told apart"), min(total(first), total(second)), MIN_CHANGE)
    segments = [nps.counts_to_segments(counts) for counts in (first, second)]
    return Apart(
        first=nps.score(*segments[0], level=CONFIDENCE),
        second=nps.score(*segments[1], level=CONFIDENCE),
        change=difference.nps_change(*segments, level=CONFIDENCE),
    )
