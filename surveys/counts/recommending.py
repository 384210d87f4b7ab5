"""The answers to the NPS question: eleven points, three segments."""

from typing import Final, Literal, get_args

NpsSegment = Literal["detractor", "passive", "promoter"]
NPS_SEGMENTS: Final[tuple[NpsSegment, ...]] = get_args(NpsSegment)
DETRACTOR_MAX: Final = 6
PASSIVE_MAX: Final = 8
SCORE_MAX: Final = 10
SCORES: Final = range(SCORE_MAX + 1)


def nps_segment(score: float) -> NpsSegment:
    """Name the segment: detractor 0–6, passive 7–8, promoter 9–10 [Reichheld 2003]."""
    if score <= DETRACTOR_MAX:
        return "detractor"
    return "passive" if score <= PASSIVE_MAX else "promoter"


def nps_code(score: float) -> int:
    """Return −1 for a detractor's score, 0 for a passive's, +1 for a promoter's."""
    return (score > PASSIVE_MAX) - (score <= DETRACTOR_MAX)
