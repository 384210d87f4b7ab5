"""The digest as one JSON-able document: every number unrounded, no text but the data's own.

Scores and their changes are in points, shares in per cent, mirror items on their own scale;
an estimate is {value, low, high, n}. The pages are made from this document alone.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from scoring.changes.gap import MIN_WORD
from scoring.changes.multiple import FAMILY_ERROR
from scoring.estimates.counts import total
from scoring.estimates.nps import DETRACTOR_MAX, PASSIVE_MAX
from scoring.reports.breakdowns import breakdowns
from scoring.reports.digest_measures import comparison, scorecard, share
from scoring.reports.disclosure import MIN_CHANGE, MIN_GAP
from scoring.reports.family import COMPARED, Family, counts_of, family, measured
from scoring.reports.groups import MIN_SCORE, managers, nps_section, told_apart
from scoring.reports.measures import CONFIDENCE
from scoring.reports.mirror import mirror
from surveys.counts.figures import Comment, DigestFigures, Funnel
from surveys.periods import Period

FORMAT: Final = 1
QUOTES: Final = 5
"""Customers' words quoted in each group: the most recent ones."""
QUOTE_WORDS: Final = 2
"""The fewest words a quote has."""
STAGES: Final = ("invited", "delivered", "opened", "started", "finished")
GROUPS: Final = ("detractor", "passive", "promoter", "none")


def digest(figures: DigestFigures, now: datetime, language: str) -> dict[str, Any]:
    """Return the document of a period; `now` is aware, `language` that of the figures' labels."""
    found = family(figures)
    card = scorecard(figures, found)
    return {
        "format": FORMAT,
        "language": language,
        "company": figures.company,
        "zone": figures.zone,
        "generated_at": now.isoformat(),
        "period": _period(figures.current.period),
        "previous": _period(figures.previous.period),
        "answers": max(_answers(figures).values(), default=0),
        "empty": _empty(figures),
        "headline": _headline(figures, found),
        "scorecard": card,
        "nps": nps_section(figures, found),
        "breakdowns": breakdowns(figures),
        **managers(figures),
        "mirror": mirror(figures),
        "funnel": {
            **_funnel(figures.current.funnel, figures.previous.funnel),
            "late": told_apart(figures.asked.early, figures.asked.late),
        },
        "words": _words(figures.comments),
        "moved": None,
        "method": _method(figures, found),
    }


def _period(period: Period) -> dict[str, str]:
    return {
        "key": period.key,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }


def _answers(figures: DigestFigures) -> dict[str, int]:
    names = {row.measure for row in figures.current.measures}
    return {name: total(counts_of(figures.current, name)) for name in names}


def _empty(figures: DigestFigures) -> bool:
    return not (
        any(_answers(figures).values()) or figures.comments or figures.current.funnel.invited
    )


def _headline(figures: DigestFigures, found: Family) -> dict[str, Any]:
    """Choose the first measure with enough answers, else the first with any."""
    answers = {name: total(counts_of(figures.current, name)) for name in COMPARED}
    enough = (name for name in COMPARED if answers[name] >= MIN_CHANGE)
    some = (name for name in COMPARED if answers[name])
    measure = next(enough, next(some, None))
    return {"measure": measure, **comparison(figures, measure or COMPARED[0], found)}


def _funnel(now: Funnel, before: Funnel) -> dict[str, Any]:
    reasons = sorted((now.not_invited or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    stages = {stage: getattr(now, stage) for stage in STAGES}
    return {
        **stages,
        "shares": {stage: 100 * n / max(now.invited, 1) for stage, n in stages.items()},
        "expired": now.expired,
        "unreachable": now.unreachable,
        "unknown": now.unknown,
        "response": share(now.started, now.delivered),
        "completion": share(now.finished, now.started),
        "previous_response": share(before.started, before.delivered),
        "not_invited": [{"reason": reason, "people": people} for reason, people in reasons],
        "not_invited_total": sum(people for _, people in reasons),
    }


def _words(comments: Sequence[Comment]) -> dict[str, Any]:
    groups = [_group(segment, comments) for segment in GROUPS]
    return {
        "total": len(comments),
        "per_group": QUOTES,
        "at_least_words": QUOTE_WORDS,
        "groups": [group for group in groups if group["total"]],
    }


def _group(segment: str, comments: Sequence[Comment]) -> dict[str, Any]:
    found = [comment for comment in comments if _segment(comment.score) == segment]
    long = (comment for comment in found if len(comment.text.split()) >= QUOTE_WORDS)
    recent = sorted(long, key=lambda comment: (-comment.day.toordinal(), comment.text))
    return {
        "segment": segment,
        "total": len(found),
        "quotes": [_quote(comment) for comment in islice(recent, QUOTES)],
    }


def _quote(comment: Comment) -> dict[str, Any]:
    return {
        "text": comment.text,
        "score": comment.score,
        "day": comment.day.isoformat(),
        "question": comment.question,
    }


def _segment(score: int | None) -> str:
    if score is None:
        return "none"
    if score <= DETRACTOR_MAX:
        return "detractor"
    return "passive" if score <= PASSIVE_MAX else "promoter"


def _method(figures: DigestFigures, found: Family) -> dict[str, Any]:
    names = sorted(name for name, n in _answers(figures).items() if n)
    rows = {name: measured(figures.current, name) for name in names}
    return {
        "confidence": CONFIDENCE,
        "compared": found.size,
        "error": FAMILY_ERROR,
        "margins": {"nps": figures.margins.nps, "index": figures.margins.index},
        "minimum": {"score": MIN_SCORE, "change": MIN_CHANGE, "gap": MIN_GAP, "word": MIN_WORD},
        "measures": names,
        "partial": {name: row.partial for name, row in rows.items() if row and row.partial},
    }
