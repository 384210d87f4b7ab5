"""The digest's words: which of the customers' comments are quoted."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Final

from surveys.counts.figures import Comment
from surveys.counts.recommending import NPS_SEGMENTS, nps_segment
from surveys.reports.words import Quote, QuotedGroup, QuotedWords, Speakers

QUOTES: Final = 5
"""Customers' words quoted in each group: the most recent ones."""
QUOTE_WORDS: Final = 2
"""The fewest words a quote has."""


def quoted(comments: Sequence[Comment], but: Collection[str] = ()) -> QuotedWords:
    """Return the comments by segment, with the quotes chosen from each, none of them twice.

    `but` are sentences, as `said` returns them, that are quoted elsewhere.
    """
    speakers: tuple[Speakers, ...] = (*NPS_SEGMENTS, "none")
    groups: list[QuotedGroup] = []
    for segment in speakers:
        found = [comment for comment in comments if _speaker(comment) == segment]
        but = {*but, *(said(quote.text) for group in groups for quote in group.quotes)}
        if found:
            groups.append(_group(segment, found, but))
    return QuotedWords(
        total=len(comments),
        per_group=QUOTES,
        at_least_words=QUOTE_WORDS,
        groups=tuple(groups),
    )


def sayings(comments: Iterable[Comment], but: Collection[str] = ()) -> list[Comment]:
    """Return the comments that are long enough to quote, the latest first, each sentence once."""
    long = (comment for comment in comments if len(comment.text.split()) >= QUOTE_WORDS)
    recent = sorted(long, key=lambda comment: (-comment.day.toordinal(), comment.text))
    once = {said(comment.text): comment for comment in reversed(recent)}
    return [
        comment
        for comment in recent
        if once[said(comment.text)] is comment and said(comment.text) not in but
    ]


def said(text: str) -> str:
    """Return a sentence's letters in lower case, by which repeated sentences are recognised."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е")))


def _group(segment: Speakers, found: Sequence[Comment], but: Collection[str]) -> QuotedGroup:
    return QuotedGroup(
        segment=segment,
        total=len(found),
        quotes=tuple(quote(comment) for comment in islice(sayings(found, but), QUOTES)),
    )


def quote(comment: Comment) -> Quote:
    """Return a comment as it is quoted."""
    return Quote(text=comment.text, score=comment.score, day=comment.day, question=comment.question)


def _speaker(comment: Comment) -> Speakers:
    return "none" if comment.score is None else nps_segment(comment.score)
