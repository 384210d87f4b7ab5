"""What stands in the sections of views and words, of drivers and of scales."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import Any

import numpy as np
from scipy import optimize, stats

from tests.bot.reports.recomputed.everything import OF_CUSTOMERS, WORDS
from tests.bot.reports.recomputed.formulas import (
    code,
    levels,
    mean,
    share_change,
    wilson,
    with_pseudo,
)
from tests.bot.reports.recomputed.rows import BEFORE, NOW, Company, Paths, Row
from tests.bot.reports.recomputed.scores import change_of, csat, estimate

Matrix = np.ndarray[Any, Any]
ABOUT = {"delivery": WORDS[0], "manager": WORDS[1], "price": WORDS[2]}
"""Theme → the only words of the company's customers that are about it."""


def mirror(company: Company) -> Paths:
    """Each manager's own view against that of the customers."""
    found = company.document["mirror"]
    items = [one["item"] for one in found["items"]]
    given = {item: _rated(company, item) for item in items}
    profiles = {
        one["manager_id"]: _profile(company, one["manager_id"], given) for one in found["managers"]
    }
    tested = {
        key: _p(*one, 4 * len(items) + 1) for key, one in profiles.items() if len(one[1]) >= 10
    }
    level = levels(tested)
    for place in range(len(items)):
        yield from _scale(f"/mirror/items/{place}")
    for place, manager in enumerate(found["managers"]):
        path, key = f"/mirror/managers/{place}", manager["manager_id"]
        own, whole = profiles[key]
        yield from _scale(f"{path}/profile")
        for name, number in {"n": len(whole), "self": own, "customers": fmean(whole)}.items():
            yield f"{path}/profile/{name}", number
        yield from _gap(f"{path}/profile", own, whole, 4 * len(items) + 1, level[key])
        held = tested[key] <= 1 - level[key]
        yield from _of_items(company, path, key, given, (held, level[key]))


def _of_items(
    company: Company, path: str, key: int, given: Mapping[str, list[Row]], at: tuple[bool, float]
) -> Paths:
    """Single items: stepped down within a manager of whom a word is said, at that level."""
    held, level = at
    mine = {
        item: [row.score or 0.0 for row in rows if row.manager == key]
        for item, rows in given.items()
    }
    own = {
        row.item: row.score or 0.0
        for row in company.of("self_assessment", NOW)
        if row.person == key
    }
    tests = {item: _p(own[item], mine[item], 5) for item in given}
    stepped = levels(tests, 1 - level) if held else dict.fromkeys(given, level)
    for place, (item, rows) in enumerate(given.items()):
        one = f"{path}/items/{place}"
        yield from _scale(one)
        everybody = [row.score or 0.0 for row in rows]
        numbers = {"self": own[item], "n": len(mine[item]), "missing": 0}
        numbers |= {"company/value": fmean(everybody), "company/n": len(everybody)}
        for name, number in numbers.items():
            yield f"{one}/{name}", number
        yield from estimate(f"{one}/customers", mean(mine[item], 5, 1, 5), len(mine[item]))
        yield from _gap(one, own[item], mine[item], 5, stepped[item])


def _rated(company: Company, item: str) -> list[Row]:
    mine = (row for row in company.rows if row.month == NOW and row.survey == "service_quality")
    return [row for row in mine if row.item == item]


def _profile(
    company: Company, key: int, given: Mapping[str, list[Row]]
) -> tuple[float, list[float]]:
    """The manager's own mean, and the means of customers who answered all items."""
    own = [row.score or 0.0 for row in company.of("self_assessment", NOW) if row.person == key]
    people: dict[int, list[float]] = {}
    for row in (row for rows in given.values() for row in rows if row.manager == key):
        people.setdefault(row.person, []).append(row.score or 0.0)
    return fmean(own), [fmean(one) for one in people.values() if len(one) == len(given)]


def _scale(path: str) -> Paths:
    yield f"{path}/low", 1
    yield f"{path}/high", 5


def _p(own: float, customers: Sequence[float], points: int) -> float:
    center, variance = with_pseudo(customers, 1, 5, points, 1)
    t = (own - center) / math.sqrt(variance / len(customers))
    return float(2 * stats.t.sf(abs(t), len(customers) - 1))


def _gap(path: str, own: float, rated: Sequence[float], points: int, level: float) -> Paths:
    value, (low, high) = mean(rated, points, 1, 5, level)
    gap = {"value": own - value, "low": own - high, "high": own - low, "level": level}
    for key, number in gap.items():
        yield f"{path}/gap/{key}", number


def _said(company: Company, month: str, *surveys: str) -> dict[int, list[tuple[str, str]]]:
    """What was written in which invitation, with the segment of its NPS."""
    found: dict[int, list[tuple[str, str]]] = {}
    for row in company.rows:
        if row.kind == "text" and row.month == month and row.survey in surveys:
            scores = [
                code(one.score or 0.0)
                for one in company.rows
                if one.invitation == row.invitation and one.kind == "nps"
            ]
            who = {(): "none", (-1,): "detractor", (0,): "passive", (1,): "promoter"}
            found.setdefault(row.invitation, []).append((who[tuple(scores)], json.loads(row.value)))
    return found


def words(company: Company) -> Paths:
    asked = [one for one in OF_CUSTOMERS if one != "service_request"]
    for path, surveys in (("", asked), ("/events", ["service_request"])):
        now, before = (_said(company, month, *surveys) for month in (NOW, BEFORE))
        said = [one for words in now.values() for one in words]
        where = company.document["events"] if path else company.document
        yield f"{path}/words/total", len(said)
        for place, group in enumerate(where["words"]["groups"]):
            count = sum(segment == group["segment"] for segment, _ in said)
            yield f"{path}/words/groups/{place}/total", count
        yield f"{path}/themes/answers", len(now)
        yield f"{path}/themes/previous", len(before)
        told = sum(any(text != WORDS[3] for _, text in words) for words in now.values())
        yield f"{path}/themes/untold", len(now) - told
        for place, theme in enumerate(where["themes"]["rows"]):
            at, about = f"{path}/themes/rows/{place}", ABOUT[theme["key"]]
            sheets = [words for words in now.values() if any(text == about for _, text in words)]
            then = sum(any(text == about for _, text in words) for words in before.values())
            yield f"{at}/n", len(sheets)
            yield f"{at}/detractors", sum(words[0][0] == "detractor" for words in sheets)
            yield f"{at}/previous", then
            yield from estimate(f"{at}/share", wilson(len(sheets), len(now)), len(now))
            change = share_change((then, len(before)), (len(sheets), len(now)))
            yield from change_of(f"{at}/change", change, 100)


def events(company: Company) -> Paths:
    for place, found in enumerate(company.document["events"]["measures"]):
        for name, month in (("current", NOW), ("previous", BEFORE)):
            path = f"/events/measures/{place}/{name}"
            rows = [
                row for row in company.of(found["key"], month) if row.survey in OF_CUSTOMERS[3:]
            ]
            scores = {row.person: row.points for row in rows}
            if found["key"] == "csat":
                yield from csat(path, scores)
            else:
                raw = [row.score or 0.0 for row in company.of(found["key"], month)]
                yield from estimate(path, mean(raw, 7, 1, 7), len(raw))


def _items(company: Company, measure: str) -> Matrix:
    """The complete answers on 0–100, a row a respondent in the order of their numbers."""
    people = sorted(company.index(measure, NOW))
    given = {(row.person, row.item): row.points for row in company.of(measure, NOW)}
    items = sorted(company.items(measure))
    return np.array([[given[person, item] for item in items] for person in people])


def drivers(company: Company) -> Paths:
    x = _items(company, "service_quality")
    people, items = sorted(company.index("service_quality", NOW)), company.items("service_quality")
    y = np.array([company.nps(NOW).get(person, math.nan) for person in people])
    x, y = x[~np.isnan(y)], y[~np.isnan(y)]
    yield "/drivers/n", len(y)
    yield "/drivers/needed", 10 * len(items)
    left, values, right = np.linalg.svd((x - x.mean(0)) / x.std(0), full_matrices=False)
    beta = (left @ right).T @ ((y - y.mean()) / y.std()) / math.sqrt(len(y))
    loadings = right.T @ np.diag(values) @ right / math.sqrt(len(y))
    weights = dict(zip(sorted(items), loadings**2 @ beta**2, strict=True))
    yield "/drivers/r_squared", sum(weights.values())
    for place, row in enumerate(company.document["drivers"]["drivers"]):
        column = sorted(items).index(row["item"])
        weight = weights[row["item"]]
        yield f"/drivers/drivers/{place}/weight", 100 * weight
        yield f"/drivers/drivers/{place}/share", 100 * weight / sum(weights.values())
        yield f"/drivers/drivers/{place}/correlation", np.corrcoef(x[:, column], y)[0, 1]


def scales(company: Company) -> Paths:
    for place, row in enumerate(company.document["scales"]):
        path, x = f"/scales/{place}", _items(company, row["key"])
        n, k = x.shape
        for name, number in {"items": k, "n": n, "needed": 10}.items():
            yield f"{path}/{name}", number
        if n < 10:
            continue
        alpha = k / (k - 1) * (1 - x.var(axis=0).sum() / x.sum(axis=1).var())
        ends = [float(stats.f.ppf(p, n - 1, (n - 1) * (k - 1))) for p in (0.975, 0.025)]
        yield f"{path}/alpha", alpha
        yield f"{path}/low", 1 - (1 - alpha) * ends[0]
        yield f"{path}/high", 1 - (1 - alpha) * ends[1]
        r = np.corrcoef(x.T)
        off = partial(_unexplained, r, ~np.eye(k, dtype=bool))
        loading = optimize.least_squares(off, np.full(k, 0.7), xtol=1e-12).x
        common = loading.sum() ** 2
        yield f"{path}/omega", common / (common + (1 - loading**2).sum())


def _unexplained(r: Matrix, apart: Matrix, loading: Matrix) -> Matrix:
    return np.asarray((r - np.outer(loading, loading))[apart])
