"""The digest's words: which of the customers' comments are quoted."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from surveys.counts.figures import Comment
from surveys.counts.recommending import NPS_SEGMENTS, nps_segment
from surveys.reports.digest import Quote, QuotedGroup, QuotedWords, Speakers

QUOTES: Final = 5
"""Customers' words quoted in each group: the most recent ones."""
QUOTE_WORDS: Final = 2
"""The fewest words a quote has."""


def quoted(comments: Sequence[Comment]) -> QuotedWords:
    """Return the comments by segment, with the quotes chosen from each."""
    speakers: tuple[Speakers, ...] = (*NPS_SEGMENTS, "none")
    groups = [_group(segment, comments) for segment in speakers]
    return QuotedWords(
        total=len(comments),
        per_group=QUOTES,
        at_least_words=QUOTE_WORDS,
        groups=tuple(group for group in groups if group.total),
    )


def _group(segment: Speakers, comments: Sequence[Comment]) -> QuotedGroup:
    found = [comment for comment in comments if _speaker(comment) == segment]
    long = (comment for comment in found if len(comment.text.split()) >= QUOTE_WORDS)
    recent = sorted(long, key=lambda comment: (-comment.day.toordinal(), comment.text))
    return QuotedGroup(
        segment=segment,
        total=len(found),
        quotes=tuple(_quote(comment) for comment in islice(recent, QUOTES)),
    )


def _quote(comment: Comment) -> Quote:
    return Quote(text=comment.text, score=comment.score, day=comment.day, question=comment.question)


def _speaker(comment: Comment) -> Speakers:
    return "none" if comment.score is None else nps_segment(comment.score)
