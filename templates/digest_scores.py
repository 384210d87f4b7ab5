"""The digest's scores as they are read: scorecard, NPS, its trend and groups, the managers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from templates import charts
from templates.digest_words import (
    DASH,
    MEASURES,
    SEGMENTS,
    TOUCHPOINTS,
    Row,
    Unit,
    answers,
    difference,
    figure,
    interval,
    missing,
    named,
    unit_of,
    unit_of_change,
    verdict,
)
from templates.texts import Texts, mark

View = dict[str, Any]
INDEX_ENDS: Final = (0.0, 100.0)
NPS_ENDS: Final = (-100.0, 100.0)
OF_SCORE: Final = ("detractor",) * 7 + ("passive",) * 2 + ("promoter",) * 2
MONTH_LETTERS: Final = 3
LONGEST_LABEL: Final = 60
CHOSEN_BY_ALL: Final = mark("{share} of the answers by managers’ own invitations")
CHOSEN_BY_ONE: Final = mark("invited by the manager: {share}")


def scorecard(texts: Texts, document: Row) -> list[View]:
    """Return a row a criterion: name, what is shown beside it, value, change, verdict."""
    return [_criterion(texts, row) for row in document["scorecard"]["criteria"]]


def nps(texts: Texts, document: Row) -> View | None:
    """Return the NPS section, None where nobody answered."""
    row = document["nps"]
    if row is None:
        return None
    return {
        "score": estimate(texts, "points", row["score"]),
        "verdict": verdict(texts, "nps", {**row, "current": row["score"]}),
        "word": row["verdict"],
        "change": _compared(texts, "points", row),
        "since": _since(texts, "nps", row["baseline"]),
        "chosen": _chosen(texts, CHOSEN_BY_ALL, row["by_manager"]),
        "segments": _segments(texts, row),
        "distribution": _distribution(texts, row),
        "trend": _trend(texts, row["trend"]),
        "by_segment": [_group(texts, group, {}) for group in row["segments"]],
        "by_touchpoint": [_group(texts, group, TOUCHPOINTS) for group in row["touchpoints"]],
    }


def breakdowns(texts: Texts, document: Row) -> list[View]:
    """Return a table for each of the company's own attributes that has anything to show."""
    return [_breakdown(texts, row) for row in document["breakdowns"] if row["groups"]]


def _breakdown(texts: Texts, row: Row) -> View:
    return {
        "caption": texts("By «{attribute}»", attribute=_cut(row["name"])),
        "rows": [_of_attribute(texts, group) for group in row["groups"]],
        "apart": _apart(texts, row["apart"]),
    }


def _of_attribute(texts: Texts, row: Row) -> View:
    names = {
        "value": _cut(row["label"]),
        "others": texts.plural("others ({n} value)", "others ({n} values)", row["values"]),
        "unstated": texts("not stated"),
    }
    name, ours = names[row["kind"]], row["kind"] != "value"
    return {**_group(texts, row, {}), "name": name, "ours": ours}


def _apart(texts: Texts, n: int) -> str:
    if n == 0:
        return ""
    return texts.plural(
        "{n} anonymous answer is in no group here.",
        "{n} anonymous answers are in no group here.",
        n,
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def managers(texts: Texts, document: Row) -> list[View]:
    """Return a row a manager, in the document's order."""
    return [
        {
            "name": row["name"],
            "rank": DASH if row["rank"] is None else texts.number(row["rank"]),
            "chosen": _chosen(texts, CHOSEN_BY_ONE, row["by_manager"]),
            **_scored(texts, row),
        }
        for row in document["managers"]
    ]


def _chosen(texts: Texts, said: str, row: Row | None) -> str:
    return "" if row is None else texts(said, share=texts.percent(row["share"] / 100))


def estimate(texts: Texts, unit: Unit, row: Row | None) -> View | None:
    """Return a value with its interval and n in words, None where there is none."""
    if row is None:
        return None
    return {
        "value": figure(texts, unit, row["value"]),
        "interval": interval(texts, unit, row),
        "n": texts.number(row["n"]),
        "answers": answers(texts, row["n"]),
    }


def whisker(row: Row | None, ends: tuple[float, float]) -> charts.Whisker | None:
    """Return the drawing of an estimate, None where there is none."""
    if row is None:
        return None
    return charts.whisker(row["low"], row["value"], row["high"], ends)


def _criterion(texts: Texts, row: Row) -> View:
    unit = unit_of(row["key"])
    return {
        "name": named(texts, MEASURES, row["key"]),
        "beside": _beside(texts, row["beside"]),
        "partial": _partial(texts, row["partial"]),
        "now": estimate(texts, unit, row["current"]),
        "before": estimate(texts, unit, row["previous"]),
        "whisker": whisker(row["current"], INDEX_ENDS),
        "verdict": verdict(texts, row["key"], row),
        "word": "none" if row["key"] == "self_assessment" else row["verdict"],
        "change": _compared(texts, unit, row),
        "since": _since(texts, row["key"], row["baseline"]) if row["current"] else None,
    }


def _compared(texts: Texts, unit: Unit, row: Row) -> View | None:
    if row["change"] is None or row["verdict"] == "too_few":
        return None
    unit = unit_of_change(unit, row["change"])
    return {
        "value": difference(texts, unit, row["change"]["value"]),
        "interval": interval(texts, unit, row["change"], change=True),
        "detectable": figure(texts, "index", row["detectable"]),
    }


def _since(texts: Texts, key: str, row: Row | None) -> View | None:
    """Return the change since the baseline wave, None where there is no such wave."""
    if row is None:
        return None
    month = texts.month(datetime.fromisoformat(row["start"]).date())
    known = {**row, "current": row["value"], "previous": row["value"]}
    said = verdict(texts, key, known) if row["same_wording"] else texts("asked in other words")
    return {
        "wave": texts("since «{wave}», {month}", wave=row["label"] or row["name"], month=month),
        "change": _compared(texts, unit_of(key), row),
        "verdict": said,
        "word": "none" if key == "self_assessment" else row["verdict"],
    }


def _beside(texts: Texts, row: Row | None) -> View | None:
    if row is None:
        return None
    unit = unit_of(row["key"])
    return {
        "name": named(texts, MEASURES, row["key"]),
        "now": estimate(texts, unit, row["current"]),
        "before": estimate(texts, unit, row["previous"]),
    }


def _partial(texts: Texts, n: int) -> str:
    if n == 0:
        return ""
    return texts.plural("{n} incomplete answer left out", "{n} incomplete answers left out", n)


def _segments(texts: Texts, row: Row) -> list[View]:
    return [
        {
            "key": key.removesuffix("s"),
            "name": texts(name),
            "count": texts.number(row["counts"][key]),
            "share": texts.percent(row["shares"][key] / 100),
        }
        for key, name in SEGMENTS.items()
    ]


def _distribution(texts: Texts, row: Row) -> View:
    counts: Sequence[int] = row["distribution"]
    columns = [
        {"bar": bar, "kind": kind, "score": score, "count": texts.number(count)}
        for score, (bar, kind, count) in enumerate(
            zip(charts.bars(counts), OF_SCORE, counts, strict=True)
        )
    ]
    said = (f"{score}: {texts.number(count)}" for score, count in enumerate(counts))
    return {"columns": columns, "box": charts.DISTRIBUTION_BOX, "said": "; ".join(said)}


def _trend(texts: Texts, rows: Sequence[Row]) -> View | None:
    if not any(row["score"] for row in rows):
        return None
    drawn = charts.trend([_point(row["score"]) for row in rows])
    months = [
        _month(texts, row, mark, first=number == 0)
        for number, (row, mark) in enumerate(zip(rows, drawn.marks, strict=True))
    ]
    return {
        "chart": drawn,
        "box": charts.TREND_BOX,
        "grid": [{"y": y, "label": texts.number(at, sign=True)} for at, y in drawn.grid],
        "months": months,
        "said": "; ".join(month["said"] for month in months),
        "gaps": any(row["score"] is None for row in rows),
    }


def _point(row: Row | None) -> tuple[float, float, float] | None:
    return None if row is None else (row["low"], row["value"], row["high"])


def _month(texts: Texts, row: Row, mark: charts.Mark, *, first: bool) -> View:
    start = month_of(row["key"])
    known = estimate(texts, "points", row["score"])
    said = f"{known['value']} ({known['interval']})" if known else missing(texts, row["missing"])
    return {
        "mark": mark,
        "label": texts.month(start, short=True)[:MONTH_LETTERS],
        "year": str(start.year) if first or start.month == 1 else "",
        "n": texts.number(row["n"]),
        "said": f"{texts.month(start)}: {said}",
    }


def month_of(key: str) -> date:
    """Return the first day of a month's period key: in the company's zone, whatever UTC says."""
    year, month = key.split("-")
    return date(int(year), int(month), 1)


def _group(texts: Texts, row: Row, names: Mapping[str, str]) -> View:
    label = named(texts, names, row["group"]) if row["group"] in names else row["label"]
    return {
        "name": label or row["group"] or DASH,
        "ours": False,
        "share": texts.percent(row["share"] / 100),
        **_scored(texts, row),
    }


def _scored(texts: Texts, row: Row) -> View:
    return {
        "n": texts.number(row["n"]),
        "score": estimate(texts, "points", row["score"]),
        "whisker": whisker(row["score"], NPS_ENDS),
        "missing": missing(texts, row["missing"]),
    }
