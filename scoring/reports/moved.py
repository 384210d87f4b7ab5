"""What moved since a digest of the same period was sent.

An answer that is changed leaves the period in which it stood, so a digest made again shows other
figures; it says which, instead of leaving two documents that contradict each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Document = Mapping[str, Any]
Figure = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMeasure:
    """One measure, {value, n} as sent and now; None where there were no answers."""

    key: str
    before: dict[str, float] | None
    now: dict[str, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The digest that was sent, and what is otherwise now.

    `answers`: how many scores were changed, added or withdrawn, as far as the NPS shows it;
    `sent_at` as ISO 8601.
    """

    sent_at: str
    answers: int
    measures: tuple[MovedMeasure, ...]


def moved(sent: Document, now: Document) -> Moved | None:
    """Compare two documents of one period; None where every figure is the same.

    None too where the period was not over when the first was sent: answers were still to come.
    """
    if datetime.fromisoformat(sent["generated_at"]) < datetime.fromisoformat(sent["period"]["end"]):
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
    return Moved(sent_at=sent["generated_at"], answers=answers, measures=measures)


def kept(document: Document) -> dict[str, Any]:
    """Return a sent document as it is kept: without customers' words, who may have them erased."""
    return {**document, "words": {**document["words"], "groups": []}, "moved": None}


def _figures(document: Document) -> dict[str, dict[str, float]]:
    rows = [(row["key"], row["current"]) for row in document["scorecard"]["criteria"]]
    if document["nps"]:
        rows.insert(0, ("nps", document["nps"]["score"]))
    return {key: {"value": found["value"], "n": found["n"]} for key, found in rows if found}


def _distribution(document: Document) -> list[int]:
    return list(document["nps"]["distribution"]) if document["nps"] else [0] * 11


def _changed(before: list[int], after: list[int]) -> int:
    came = sum(max(now - then, 0) for then, now in zip(before, after, strict=True))
    left = sum(max(then - now, 0) for then, now in zip(before, after, strict=True))
    return max(came, left)
