"""What moved since a digest of the same period was sent.

An answer that is changed leaves the period in which it stood, so a digest made again shows other
figures. It says which, instead of leaving two documents that contradict each other.
"""

from collections.abc import Sequence
from dataclasses import replace

from surveys.counts.measures import NPS
from surveys.reports.digest import Digest, Moved, MovedMeasure
from surveys.reports.estimates import Figure
from surveys.reports.words import CountedThemes


def moved(sent: Digest, now: Digest) -> Moved | None:
    """Compare two digests of one period; None where every figure is the same.

    None too if the first was sent before the period was over, when answers were still to come.
    """
    if sent.generated_at < sent.period.end:
        return None
    before, after = _figures(sent), _figures(now)
    measures = tuple(
        MovedMeasure(key=key, before=before.get(key), now=after.get(key))
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    )
    answers = _changed(_distribution(sent), _distribution(now))
    if not measures and not answers:
        return None
    return Moved(sent_at=sent.generated_at, answers=answers, measures=measures)


def kept(document: Digest) -> Digest:
    """Return a sent document as it is kept: without words, for customers may erase theirs."""
    events = document.events
    if events is not None:
        words = replace(events.words, groups=())
        events = replace(events, words=words, themes=_unquoted(events.themes))
    return replace(
        document,
        words=replace(document.words, groups=()),
        themes=_unquoted(document.themes),
        events=events,
        moved=None,
    )


def _unquoted(themes: CountedThemes | None) -> CountedThemes | None:
    if themes is None:
        return None
    return replace(themes, rows=tuple(replace(row, quotes=()) for row in themes.rows))


def _figures(document: Digest) -> dict[str, Figure]:
    rows = [(row.key, row.current) for row in document.scorecard.criteria]
    if document.nps:
        rows.insert(0, (NPS, document.nps.score))
    return {key: Figure(value=found.value, n=found.n) for key, found in rows if found}


def _distribution(document: Digest) -> Sequence[int]:
    return document.nps.distribution if document.nps else [0] * 11


def _changed(before: Sequence[int], after: Sequence[int]) -> int:
    came = sum(max(now - then, 0) for then, now in zip(before, after, strict=True))
    left = sum(max(then - now, 0) for then, now in zip(before, after, strict=True))
    return max(came, left)
