"""What stands in the sections of scores: headline, scorecard, NPS, groups, managers, funnel."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.bot.reports.recomputed.formulas import (
    By,
    Change,
    Ends,
    code,
    levels,
    mean,
    nps,
    nps_change,
    wald,
    wilson,
)
from tests.bot.reports.recomputed.rows import BEFORE, INDICES, NOW, Company, Paths, Row


def estimate(path: str, found: tuple[float, Ends], n: int) -> Paths:
    value, (low, high) = found
    for key, number in {"value": value, "low": low, "high": high, "n": n}.items():
        yield f"{path}/{key}", number


def _score(path: str, scores: Sequence[float]) -> Paths:
    """A group's NPS, where there are ten answers for one."""
    yield f"{path}/n", len(scores)
    yield f"{path}/missing", max(10 - len(scores), 0)
    if len(scores) >= 10:
        yield from estimate(f"{path}/score", nps(scores), len(scores))


def _judged(path: str, change: Change | None, level: float, limit: float) -> Paths:
    if change is None:
        return
    low, high = change.ends(level, limit)
    yield f"{path}/change/value", change.raw
    yield f"{path}/change/low", low
    yield f"{path}/change/high", high
    yield f"{path}/change/shared", change.both
    yield f"{path}/level", level


def _of_nps(company: Company, path: str, level: float) -> Paths:
    """The NPS with its change, as the headline and its section have it."""
    now, before = company.nps(NOW), company.nps(BEFORE)
    yield from _judged(path, company.changes()["nps"], level, 200)
    yield from estimate(f"{path}/previous", nps(list(before.values())), len(before))
    name = "current" if path == "/headline" else "score"
    yield from estimate(f"{path}/{name}", nps(list(now.values())), len(now))


def scorecard(company: Company) -> Paths:
    changes = company.changes()
    level = levels({key: change.p for key, change in changes.items()})
    yield from _of_nps(company, "/headline", level["nps"])
    yield "/scorecard/compared", len(changes)
    yield "/method/compared", len(changes)
    sizes = [len(company.nps(NOW))]
    for place, key in enumerate((*INDICES, "self_assessment")):
        path = f"/scorecard/criteria/{place}"
        asked = {row.person for row in company.of(key, NOW)}
        now, before = company.index(key, NOW), company.index(key, BEFORE)
        sizes.append(len(now))
        yield from _judged(path, changes.get(key), level.get(key, 0.95), 100)
        for name, one in (("current", now), ("previous", before)):
            found = mean(list(one.values()), company.points(key))
            yield from estimate(f"{path}/{name}", found, len(one))
        yield f"{path}/partial", len(asked) - len(now)
        if len(asked) > len(now):
            yield f"/method/partial/{key}", len(asked) - len(now)
        for name, month in (("current", NOW), ("previous", BEFORE)):
            if key == "loyalty_index":
                scores = list(company.nps(month).values())
                yield from estimate(f"{path}/beside/{name}", nps(scores), len(scores))
            if key == "service_quality":
                yield from csat(f"{path}/beside/{name}", csat_of(company, month, "service_quality"))
    yield "/answers", max(sizes)


def csat(path: str, scores: By) -> Paths:
    content = sum(score >= 75 for score in scores.values())
    yield from estimate(path, wilson(content, len(scores)), len(scores))


def csat_of(company: Company, month: str, survey: str) -> By:
    rows = company.of("csat", month)
    return {row.person: row.points for row in rows if row.survey == survey}


def nps_section(company: Company) -> Paths:
    level = levels({key: change.p for key, change in company.changes().items()})
    yield from _of_nps(company, "/nps", level["nps"])
    rows = list(company.recommend(NOW).values())
    scores = [row.score or 0.0 for row in rows]
    yield "/nps/n", len(scores)
    for name, worth in (("detractors", -1), ("passives", 0), ("promoters", 1)):
        count = sum(code(score) == worth for score in scores)
        yield f"/nps/counts/{name}", count
        yield f"/nps/shares/{name}", 100 * count / len(scores)
    for point in range(11):
        yield f"/nps/distribution/{point}", scores.count(point)
    yield from _by_manager("/nps", rows)
    for place, month in enumerate(company.document["nps"]["trend"]):
        yield from _score(f"/nps/trend/{place}", list(company.nps(month["key"]).values()))
    for kind in ("segment", "touchpoint", "channel"):
        for place, group in enumerate(company.document["nps"][f"{kind}s"]):
            chosen = [
                row.score or 0.0
                for row in rows
                if group["group"] in {getattr(row, kind, None), "telegram"}
            ]
            yield from _score(f"/nps/{kind}s/{place}", chosen)
            yield f"/nps/{kind}s/{place}/share", 100 * len(chosen) / len(rows)
    yield from _weighted(company, rows)


def _by_manager(path: str, rows: Sequence[Row]) -> Paths:
    theirs = sum(row.touchpoint == "manager" for row in rows)
    yield f"{path}/by_manager/n", theirs
    yield f"{path}/by_manager/share", 100 * theirs / len(rows)


def _weighted(company: Company, rows: Sequence[Row]) -> Paths:
    delivered = [
        one["segment"]
        for one in company.invited
        if str(one["created_at"])[:7] == NOW and one["survey"] in {"nps", "loyalty"}
    ]
    found = company.document["nps"]["weighted"]
    weights: dict[str, float] = {}
    down = up = kish = 0.0
    for place, part in enumerate(found["parts"]):
        [name] = part["segments"]
        scores = [row.score or 0.0 for row in rows if row.segment == name]
        weight = delivered.count(name) / len(delivered)
        weights[name] = weight
        up += weight * sum(code(score) == 1 for score in scores) / len(scores)
        down += weight * sum(code(score) == -1 for score in scores) / len(scores)
        kish += weight**2 / len(scores)
        yield f"/nps/weighted/parts/{place}/answers", len(scores)
        yield f"/nps/weighted/parts/{place}/weight", weight
    assert sum(weights.values()) == pytest.approx(1)
    value = 100 * (up - down)
    low, high = wald(down, up, 1 / kish, value)
    numbers = {"n": len(rows), "kish": 1 / kish, "score": value, "low": low, "high": high}
    for key, number in {**numbers, "level": 0.95}.items():
        yield f"/nps/weighted/{key}", number


def groups(company: Company) -> Paths:
    rows = list(company.recommend(NOW).values())
    [table] = company.document["breakdowns"]
    values = len(table["groups"])
    for key, number in {"n": len(rows), "apart": 0, "values": values}.items():
        yield f"/breakdowns/0/{key}", number
    for place, group in enumerate(table["groups"]):
        path = f"/breakdowns/0/groups/{place}"
        chosen = [
            row.score or 0.0
            for row in rows
            if json.loads(row.attributes or "{}").get("city") == group["group"]
        ]
        yield from _score(path, chosen)
        yield f"{path}/share", 100 * len(chosen) / len(rows)
        yield f"{path}/values", 1
    for place, manager in enumerate(company.document["managers"]):
        mine = [row for row in rows if row.manager == manager["manager_id"]]
        yield from _score(f"/managers/{place}", [row.score or 0.0 for row in mine])
        yield from _by_manager(f"/managers/{place}", mine)


def funnel(company: Company) -> Paths:
    def of(month: str) -> list[dict[str, Any]]:
        mine = (one for one in company.invited if one["audience"] == "customers")
        return [one for one in mine if str(one["created_at"])[:7] == month]

    now, path = of(NOW), "/funnel"
    stages = {"invited": "created_at", "delivered": "sent_at", "opened": "opened_at"}
    stages |= {"started": "started_at", "finished": "finished_at"}
    counts = {name: sum(one[column] is not None for one in now) for name, column in stages.items()}
    for name, count in counts.items():
        yield f"{path}/{name}", count
        yield f"{path}/shares/{name}", 100 * count / len(now)
    for state in ("expired", "unreachable", "unknown"):
        yield f"{path}/{state}", sum(one["state"] == state for one in now)
    yield f"{path}/not_invited_total", 0
    before = of(BEFORE)
    began = sum(one["started_at"] is not None for one in before)
    shares = {
        "response": (counts["started"], counts["delivered"]),
        "completion": (counts["finished"], counts["started"]),
        "previous_response": (began, len(before)),
    }
    for name, (count, n) in shares.items():
        yield from estimate(f"{path}/{name}", wilson(count, n), n)
    rows = company.recommend(NOW).values()
    late = [bool(row.reminded and row.at >= row.reminded) for row in rows]
    apart = [
        {row.person: row.score or 0.0 for row, one in zip(rows, late, strict=True) if one == wanted}
        for wanted in (False, True)
    ]
    for name, scores in zip(("first", "second"), apart, strict=True):
        yield from estimate(f"{path}/late/{name}", nps(list(scores.values())), len(scores))
    yield from change_of(f"{path}/late/change", nps_change(*apart), 200)


def change_of(path: str, change: Change, limit: float) -> Paths:
    low, high = change.ends(0.95, limit)
    yield f"{path}/value", change.raw
    yield f"{path}/low", low
    yield f"{path}/high", high
