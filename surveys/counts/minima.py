"""The fewest answers about which anything is said: one place for storage, scoring and the bot."""

from typing import Final

MIN_ANONYMOUS: Final = 5
"""Nothing is told of fewer anonymous respondents than this."""
MIN_GAP: Final = 5
"""The fewest customers for their view of a manager, and for the gap to the manager's own."""
MIN_SCORE: Final = 10
"""The fewest answers for the score of a group, a manager or a month."""
MIN_CHANGE: Final = 10
"""The fewest answers on each side for a word about a change."""
MIN_WORD: Final = 10
"""The fewest customers for a word about a manager."""
MIN_MONTHS: Final = 8
"""The fewest months, each with `MIN_SCORE` answers, for a word about all of them together."""
MIN_MEDIAN: Final = 6
"""The fewest times for the interval of their median: of fewer no two ranks hold it in 95 %."""
MIN_PAIRS: Final = 5
"""The fewest people asked twice for a word about their mean: from there on Student's t errs in less
than 5 % of unchanged waves (simulated: .00 of indices, .04 of skewed minutes). NPS and shares need
`MIN_CHANGE`. Below it the two answers of the same people are not compared at all."""
