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
    digits_of,
    figure,
    interval,
    level,
    missing,
    named,
    size,
    unit_of,
    verdict,
    within,
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
    minimum = _minimum(document)
    return [_criterion(texts, row, minimum) for row in document["scorecard"]["criteria"]]


def _minimum(document: Row) -> int:
    """Return the fewest answers on each side of a change that gets a word."""
    found: int = document["method"]["minimum"]["change"]
    return found


def nps(texts: Texts, document: Row) -> View | None:
    """Return the NPS section, None where nobody answered."""
    row = document["nps"]
    if row is None:
        return None
    minimum = _minimum(document)
    return {
        "score": estimate(texts, "points", row["score"]),
        "verdict": verdict(texts, "nps", {**row, "current": row["score"]}, minimum),
        "within": within(texts, row),
        "word": row["verdict"],
        "change": _compared(texts, "points", row),
        "since": _since(texts, "nps", row["baseline"], minimum),
        "chosen": _chosen(texts, CHOSEN_BY_ALL, row["by_manager"]),
        "segments": _segments(texts, row),
        "distribution": _distribution(texts, row),
        "trend": _trend(texts, row["trend"]),
        "slope": _slope(texts, row["slope"]),
        "weighted": _weighted(texts, row["weighted"]),
        "firms": _firms(texts, row["firms"]),
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
            "chosen": "; ".join(
                filter(
                    None,
                    [
                        _chosen(texts, CHOSEN_BY_ONE, row["by_manager"]),
                        _own_choice(texts, row["own_choice"]),
                    ],
                )
            ),
            **_scored(texts, row),
            "drawn_at": None
            if row["drawn"] is None
            else charts.position(row["drawn"], *NPS_ENDS, 0, charts.ROW_WIDTH),
        }
        for row in document["managers"]
    ]


def scored(texts: Texts, row: Row) -> str:
    """Write a score with its interval and n in one line."""
    ends = interval(texts, "points", row)
    return f"{figure(texts, 'points', row['value'])} ({ends}; n = {texts.number(row['n'])})"


def moved_by(texts: Texts, row: Row) -> str:
    """Write a difference of scores with its interval in one line."""
    value = difference(texts, "points", row["value"], digits_of("points", row))
    return f"{value} ({interval(texts, 'points', row, change=True)})"


def _own_choice(texts: Texts, row: Row | None) -> str:
    if row is None:
        return ""
    return texts(
        "NPS of the company’s invitations {company}, of the manager’s own {own}; difference "
        "{change}",
        company=scored(texts, row["first"]),
        own=scored(texts, row["second"]),
        change=moved_by(texts, row["change"]),
    )


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


def _criterion(texts: Texts, row: Row, minimum: int) -> View:
    unit = unit_of(row["key"])
    return {
        "name": named(texts, MEASURES, row["key"]),
        "beside": _beside(texts, row["beside"]),
        "partial": _partial(texts, row["partial"]),
        "now": estimate(texts, unit, row["current"]),
        "before": estimate(texts, unit, row["previous"]),
        "whisker": whisker(row["current"], INDEX_ENDS),
        "verdict": verdict(texts, row["key"], row, minimum),
        "within": within(texts, row),
        "word": "none" if row["key"] == "self_assessment" else row["verdict"],
        "change": _compared(texts, unit, row),
        "since": _since(texts, row["key"], row["baseline"], minimum) if row["current"] else None,
    }


def _compared(texts: Texts, unit: Unit, row: Row) -> View | None:
    if row["change"] is None or row["verdict"] == "too_few":
        return None
    change = row["change"]
    return {
        "value": difference(texts, unit, change["value"], digits_of(unit, change)),
        "interval": interval(texts, unit, change, change=True),
        "level": level(texts, row["level"]),
    }


def _since(texts: Texts, key: str, row: Row | None, minimum: int) -> View | None:
    """Return the change since the baseline wave, None where there is no such wave."""
    if row is None:
        return None
    month = texts.month(datetime.fromisoformat(row["start"]).date())
    known = {**row, "current": row["value"], "previous": row["value"]}
    if row["same_wording"]:
        said = verdict(texts, key, known, minimum)
    else:
        said = texts("asked in other words")
    return {
        "wave": texts("since «{wave}», {month}", wave=row["label"] or row["name"], month=month),
        "change": _compared(texts, unit_of(key), row),
        "verdict": said,
        "within": within(texts, row),
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
    limits = [row["limits"] and (row["limits"]["low"], row["limits"]["high"]) for row in rows]
    drawn = charts.trend([_point(row["score"]) for row in rows], limits)
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
        "limits": any(row["limits"] for row in rows),
    }


def _weighted(texts: Texts, row: Row | None) -> str:
    """Say what the score would be with the mix of segments that was asked."""
    if row is None:
        return ""
    said = texts(
        "Weighted to the customers invited, by segment: {score} ({interval}; {answers}, as good as "
        "{kish}). It corrects the mix of segments and nothing else.",
        score=figure(texts, "points", row["score"]),
        interval=interval(texts, "points", row),
        answers=answers(texts, row["n"]),
        kish=texts.number(row["kish"]),
    )
    empty = [name or texts("not stated") for name in row["empty"]]
    if not empty:
        return said
    nobody = texts("Nobody answered of: {segments}.", segments=", ".join(empty))
    return f"{said} {nobody}"


def _firms(texts: Texts, row: Row | None) -> str:
    """Say what colleagues of one firm mean for the score."""
    if row is None:
        return ""
    one = row["by_firm"]
    return texts(
        "One vote a firm: {score} ({interval}; {firms}). Colleagues answer alike: taken into "
        "account, the interval of all answers is {wider}.",
        score=figure(texts, "points", one["mean"]),
        interval=interval(texts, "points", one),
        firms=texts.plural("{n} firm", "{n} firms", row["firms"]),
        wider=interval(texts, "points", row),
    )


def _slope(texts: Texts, row: Row | None) -> View | None:
    """Return the sentence on the twelve months together, with its word."""
    if row is None:
        return None
    values = {
        "points": size(texts, "points", row["change"]),
        "interval": interval(texts, "points", row["change"], change=True),
        "level": level(texts, row["level"]),
    }
    months = texts.plural("Over {n} month", "Over {n} months", row["months"])
    if row["verdict"] == "better":
        said = texts("a rise of {points} ({interval}, {level})", **values)
    elif row["verdict"] == "worse":
        said = texts("a fall of {points} ({interval}, {level})", **values)
    else:
        said = texts("no evidence of a trend ({interval}, {level})", **values)
    return {"said": f"{months}: {said}.", "word": row["verdict"]}


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
