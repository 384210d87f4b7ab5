"""The digest's people and words as they are read: mirror, funnel, quotes, how it was computed."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from templates import charts
from templates.digest_scores import View, estimate, moved_by, scored, whisker
from templates.digest_words import (
    AGREEMENT,
    DASH,
    MEASURES,
    SPEAKERS,
    Row,
    difference,
    digits_of,
    figure,
    interval,
    level,
    missing,
    named,
)
from templates.reasons import COUNTED
from templates.texts import Texts, mark

STAGES: Final = {
    "invited": mark("Invited"),
    "delivered": mark("Delivered"),
    "opened": mark("Opened"),
    "started": mark("Started"),
    "finished": mark("Finished"),
}
FATES: Final = {
    "expired": mark("not finished in time"),
    "unreachable": mark("could not be reached"),
    "unknown": mark("delivery unknown"),
}


def mirror(texts: Texts, document: Row) -> list[View]:
    """Return a table a manager: own view, customers' and company's of each mirror item."""
    return [_manager(texts, row) for row in document["mirror"]["managers"]]


def funnel(texts: Texts, document: Row) -> View | None:
    """Return the funnel, None where nobody was invited and nobody was passed over."""
    row = document["funnel"]
    if not (row["invited"] or row["not_invited_total"]):
        return None
    return {
        "stages": [_stage(texts, row, key) for key in STAGES],
        "response": estimate(texts, "share", row["response"]),
        "completion": estimate(texts, "share", row["completion"]),
        "previous": estimate(texts, "share", row["previous_response"]),
        "late": _late(texts, row["late"]),
        "fates": _listed(texts, [(named(texts, FATES, key), row[key]) for key in FATES]),
        "not_invited": texts.number(row["not_invited_total"]) if row["not_invited"] else "",
        "reasons": ", ".join(_not_asked(texts, each) for each in row["not_invited"]),
    }


def _late(texts: Texts, row: Row | None) -> str:
    """Say how those answered whom only the reminder brought, empty where they were too few."""
    if row is None:
        return ""
    return texts(
        "NPS of those who answered before the reminder: {early}; after it: {late}; difference "
        "{change}. Whoever needed a reminder is likest those who never answered.",
        early=scored(texts, row["first"]),
        late=scored(texts, row["second"]),
        change=moved_by(texts, row["change"]),
    )


def _not_asked(texts: Texts, row: Row) -> str:
    one, many = COUNTED[row["reason"]]
    n = row["people"]
    return texts.plural(one, many, n)


def words(texts: Texts, document: Row) -> View | None:
    """Return customers' words by segment, None where nobody wrote any."""
    row = document["words"]
    if not row["total"]:
        return None
    return {
        "total": texts.plural("{n} comment", "{n} comments", row["total"]),
        "rule": texts(
            "Quoted are the {n} most recent ones of each group that have at least {words} words, "
            "unabridged.",
            n=row["per_group"],
            words=row["at_least_words"],
        ),
        "groups": [_speakers(texts, group) for group in row["groups"]],
    }


def method(texts: Texts, document: Row) -> View:
    """Return what goes into the definitions, written out."""
    row = document["method"]
    return {
        "confidence": texts.percent(row["confidence"]),
        "error": texts.percent(row["error"]),
        "compared": row["compared"] and texts.plural("{n} change", "{n} changes", row["compared"]),
        "score": texts.number(row["minimum"]["score"]),
        "change": texts.number(row["minimum"]["change"]),
        "gap": texts.number(row["minimum"]["gap"]),
        "word": texts.number(row["minimum"]["word"]),
        "margins": {key: texts.number(value, None) for key, value in row["margins"].items()},
        "measures": row["measures"],
        "partial": "; ".join(
            f"{named(texts, MEASURES, key)}: {texts.number(n)}" for key, n in row["partial"].items()
        ),
    }


def _manager(texts: Texts, row: Row) -> View:
    items: Sequence[Row] = row["items"]
    ends = {(item["low"], item["high"]) for item in items}
    return {
        "name": row["name"],
        "profile": row["profile"] and _profile(texts, row["profile"]),
        "items": [_item(texts, item) for item in items],
        "ends": [texts.number(end) for end in ends.pop()] if len(ends) == 1 else [],
        "missing": ""
        if any(item["customers"] for item in items)
        else missing(texts, min(item["missing"] for item in items)),
    }


def _profile(texts: Texts, row: Row) -> View:
    return {
        "self": figure(texts, "item", row["self"]),
        "customers": figure(texts, "item", row["customers"]),
        "n": texts.number(row["n"]),
        **_gap(texts, row),
    }


def _item(texts: Texts, row: Row) -> View:
    ends = (row["low"], row["high"])
    return {
        "label": row["label"],
        "self": DASH if row["self"] is None else figure(texts, "item", row["self"]),
        "customers": estimate(texts, "item", row["customers"]),
        "company": row["company"] and figure(texts, "item", row["company"]["value"]),
        **_gap(texts, row),
        "missing": missing(texts, row["missing"]) if row["missing"] else "",
        "whisker": whisker(row["customers"], ends),
        "self_at": _at(row["self"], ends),
        "company_at": _at(row["company"] and row["company"]["value"], ends),
    }


def _gap(texts: Texts, row: Row) -> View:
    gap = row["gap"]
    written = gap and {
        "value": difference(texts, "item", gap["value"], digits_of("item", gap)),
        "interval": interval(texts, "item", gap, change=True),
        "level": level(texts, gap["level"]),
    }
    return {
        "gap": written,
        "agreement": row["agreement"] and named(texts, AGREEMENT, row["agreement"]),
        "word": row["agreement"] or "none",
    }


def _at(value: float | None, ends: tuple[float, float]) -> float | None:
    return None if value is None else charts.position(value, *ends, 0, charts.ROW_WIDTH)


def _stage(texts: Texts, row: Row, key: str) -> View:
    share = row["shares"][key]
    return {
        "name": named(texts, STAGES, key),
        "n": texts.number(row[key]),
        "share": texts.percent(share / 100),
        "width": charts.position(share, 0, 100, 0, charts.ROW_WIDTH),
    }


def _listed(texts: Texts, rows: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{texts.number(n)} {name}" for name, n in rows if n)


def _speakers(texts: Texts, row: Row) -> View:
    return {
        "key": row["segment"],
        "name": named(texts, SPEAKERS, row["segment"]),
        "total": texts.plural("{n} comment", "{n} comments", row["total"]),
        "quotes": [_quote(texts, quote) for quote in row["quotes"]],
    }


def _quote(texts: Texts, row: Row) -> dict[str, Any]:
    return {
        "text": row["text"],
        "score": "" if row["score"] is None else texts("score {score}", score=row["score"]),
        "day": texts.date(date.fromisoformat(row["day"])),
        "iso": row["day"],
    }
