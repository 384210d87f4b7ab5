"""What customers wrote about: each theme with its share, its change and two quotes.

A customer's words in one survey count once, however many comments they are. Changes have
intervals and no verdict: of a dozen themes one moves by chance alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from scoring.changes.difference import share_change
from scoring.estimates.shares import wilson
from scoring.reports.words import QUOTE_WORDS, quote, said, sayings
from surveys.counts.figures import Comment
from surveys.counts.minima import MIN_CHANGE, MIN_SCORE
from surveys.counts.recommending import nps_segment
from surveys.reports.estimates import Estimate, Range
from surveys.reports.words import CountedTheme, CountedThemes, Quote

QUOTES: Final = 2
"""Quotes of a theme: the latest of a detractor and the latest of anybody else."""


def themes(
    comments: Sequence[Comment], earlier: Sequence[Comment], names: Mapping[str, str]
) -> CountedThemes | None:
    """Return the themes of comments, the most frequent first; None where nobody wrote.

    `names` maps each theme's key to its name; its order decides between themes of equal count.
    """
    if not comments or not names:
        return None
    answers, before = _sheets(comments), _sheets(earlier)
    told = _sheets(comment for comment in comments if comment.themes)
    found = {key: [comment for comment in comments if key in comment.themes] for key in names}
    order = sorted(names, key=lambda key: -len(_sheets(found[key])))
    rows: list[CountedTheme] = []
    quoted: set[str] = set()
    for key in order:
        if found[key]:
            past = _sheets(comment for comment in earlier if key in comment.themes)
            counts = (len(past), len(before))
            rows.append(_theme(key, names[key], found[key], len(answers), counts, quoted))
            quoted |= {said(quote.text) for quote in rows[-1].quotes}
    return CountedThemes(
        answers=len(answers),
        previous=len(before),
        untold=len(answers) - len(told),
        per_theme=QUOTES,
        at_least_words=QUOTE_WORDS,
        rows=tuple(rows),
    )


def quotes_of(found: CountedThemes | None) -> set[str]:
    """Return the sentences that themes quote, as `said` returns them."""
    rows = () if found is None else found.rows
    return {said(quote.text) for row in rows for quote in row.quotes}


def _theme(
    key: str,
    name: str,
    comments: Sequence[Comment],
    answers: int,
    before: tuple[int, int],
    quoted: Collection[str],
) -> CountedTheme:
    sheets = _sheets(comments)
    unhappy = _sheets(comment for comment in comments if _is_detractor(comment))
    return CountedTheme(
        key=key,
        name=name,
        n=len(sheets),
        detractors=len(unhappy),
        share=_share(len(sheets), answers),
        previous=before[0],
        change=_change((len(sheets), answers), before),
        quotes=_quotes(comments, quoted),
    )


def _sheets(comments: Iterable[Comment]) -> set[int]:
    return {comment.sheet for comment in comments}


def _is_detractor(comment: Comment) -> bool:
    return comment.score is not None and nps_segment(comment.score) == "detractor"


def _share(count: int, n: int) -> Estimate | None:
    if n < MIN_SCORE:
        return None
    found = wilson(count, n)
    return Estimate(value=found.share, low=found.low, high=found.high, n=n)


def _change(now: tuple[int, int], before: tuple[int, int]) -> Range | None:
    if min(now[1], before[1]) < MIN_CHANGE:
        return None
    found = share_change(wilson(*before), wilson(*now))
    return Range(value=found.difference, low=found.low, high=found.high)


def _quotes(comments: Sequence[Comment], but: Collection[str]) -> tuple[Quote, ...]:
    """Quote the latest of a detractor, then of anybody else; of one kind alone its latest two."""
    long = sayings(comments, but)
    unhappy = [comment for comment in long if _is_detractor(comment)]
    others = [comment for comment in long if not _is_detractor(comment)]
    first = [*unhappy[:1], *others[:1]]
    rest = (comment for comment in long if comment not in first)
    chosen = [*first, *islice(rest, QUOTES - len(first))]
    return tuple(map(quote, chosen))
