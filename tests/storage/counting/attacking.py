"""An attacker who reads all that is printed of a survey, whenever answers were released.

Digests of a month and of the quarter, each with its previous period, its trend, groups, index and
money, comparisons of periods and of waves, and exported totals. Whose answers are in a printed
number, its bits tell (`tests.solving`); of the NPS and of what money is computed from it, the
numbers of promoters and detractors.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, Literal
from unittest import mock

import pytest
from sqlalchemy import select

from storage.answering import heaps
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.counting.comparisons import comparing
from storage.counting.figures import digest_figures
from storage.database import Database, Reader, Transaction
from storage.exporting.released import totals as released_totals
from storage.people import workspace
from storage.people.workspace import Workspace
from storage.tables.surveys import anonymous_answers as answer_rows
from storage.tables.surveys import anonymous_sheets as sheets
from surveys.counts import anonymity
from surveys.counts.anonymity import Given, Part
from surveys.counts.minima import MIN_ANONYMOUS
from surveys.counts.recommending import nps_code
from surveys.periods import months_until, parse_period, previous, whole_months
from surveys.reports.scope import Scope
from surveys.survey.loading import parse_survey
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import compare, digest
from tests.solving import (
    MOST,
    Everybody,
    answer,
    whose,
)
from tests.storage.world import NOW

ZONE = "Europe/Moscow"
MONTHS = ("2026-07", "2026-08", "2026-09")
PERIODS = ("2026-Q3", "2026-09")
PAIRS = (("2026-08", "2026-09"),)
SURVEY = parse_survey(f"""
key: hidden
title: {{ru: Скрыто, en: Hidden}}
audience: customers
kind: relationship
anonymous: true
period_days: 0
minutes: 1
questions:
  - key: a
    kind: number
    measures: loyalty_index
    max: {MOST}
    unit: &u {{ru: шт., en: pcs}}
    text: &t {{ru: А, en: A}}
  - key: b
    kind: number
    measures: [loyalty_index, service_quality]
    optional: true
    max: {MOST}
    unit: *u
    text: *t
  - key: c
    kind: number
    measures: service_quality
    optional: true
    max: {MOST}
    unit: *u
    text: *t
  - {{key: d, kind: number, measures: own_measure, optional: true, max: {MOST}, unit: *u, text: *t}}
  - {{key: e, kind: number, optional: true, max: {MOST}, unit: *u, text: *t}}
  - key: n
    kind: nps
    measures: nps
    optional: true
    text: *t
    low_label: *t
    high_label: *t
  - {{key: w, kind: text, optional: true, text: *t}}
thanks: {{default: {{ru: Спасибо!, en: Thank you!}}}}
""")
OF_NAMED = (
    "overlap", "mirrors", "profiles", "repeated", "firms", "firms_by_month", "asked", "comments",
    "breakdowns", "alike", "joints", "joints_before", "earlier",
)  # fmt: skip
"""Sections that join several answers of one person: nobody anonymous may be in them."""

PARTS = (
    Scope(segment="gold"),
    Scope(campaign=1),
    Scope(segment="silver", campaign=2),
    Scope(manager=1),
    Scope(team="Север"),
    Scope(attribute=("city", "Омск")),
)

Sheet = tuple[str, str | None, frozenset[str], int]
"""Month, segment, questions answered, and the answer to the NPS."""
Released = Mapping[int, tuple[str, str | None, int]]
"""Whose answer to the NPS is released: month and segment as shown, and the answer."""
SAID = "A word of theirs"
TAG_OF = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3}
"""Questions that one index counts together have one tag."""
LATER_ONES_SKIP: Sequence[Sheet] = [("2026-09", None, frozenset("aden"), 10)] * 6 + [
    ("2026-09", None, frozenset("a"), 10)
] * 6


@contextmanager
def by_sheet() -> Iterator[None]:
    """Count the minimum by sheets, not by answers to each question, as long as the block lasts."""

    def released(parts: Iterable[Part]) -> tuple[list[list[Part]], list[Part]]:
        waiting = list(parts)
        whole = [part for part in waiting if "a" in part.answers]
        return ([waiting], []) if len(whole) >= MIN_ANONYMOUS else ([], waiting)

    with (
        mock.patch.object(heaps, "release", released),
        mock.patch.object(anonymity, "disclosable", frozenset),
    ):
        yield


async def _released(reader: Reader) -> Released:
    """Return the truth, by the numbers that people's answers carry beside their scores."""
    given = select(sheets.c.month, sheets.c.breakdown, answer_rows.c.value, answer_rows.c.score)
    joined = given.join(answer_rows, answer_rows.c.sheet_id == sheets.c.id)
    rows = await reader.all(joined.where(answer_rows.c.question_key == "n"))
    return {int(row["value"]): (row["month"], row["breakdown"], int(row["score"])) for row in rows}


async def _nobody_in_a_part(reader: Reader, key: str) -> None:
    """Hold every part of the company free of them: so parts subtracted leave what is released."""
    period = parse_period(key, ZONE)
    months = months_until(period, ZONE, 3)
    for scope in PARTS:
        figures = await digest_figures(
            reader, period, previous(period, ZONE), months, ZONE, "ru", scope
        )
        for one in fields(figures):
            told = one.name == "margins" or not set(_numbers(getattr(figures, one.name)))
            assert told, (scope, one.name)
        document = digest(figures, NOW, "ru")
        assert document["empty"], scope
        assert SAID not in str(document)


async def _printed(reader: Reader, key: str) -> dict[str, Any]:
    """Return the digest of a period of a company whose money is known."""
    period = parse_period(key, ZONE)
    before = previous(period, ZONE)
    months = months_until(period, ZONE, 3)
    figures = await digest_figures(reader, period, before, months, ZONE, "ru")
    for section in OF_NAMED:
        assert not set(_numbers(getattr(figures, section))), section
    money = samples.rich()
    figures = replace(figures, facts=money.facts, facts_before=money.facts_before)
    document = digest(figures, NOW, "ru")
    assert SAID not in str(document)
    return document


def _numbers(section: object) -> Iterator[float]:
    """Yield every number that somebody may have given, wherever it stands."""
    if isinstance(section, float):
        yield section
    elif isinstance(section, Mapping):
        for key, value in section.items():
            yield from _numbers(key)
            yield from _numbers(value)
    elif isinstance(section, tuple | list):
        for one in section:
            yield from _numbers(one)
    elif is_dataclass(section):
        for one in fields(section):
            yield from _numbers(getattr(section, one.name))


@dataclass
class Attack:
    """Whose answers are in the numbers read so far, by what is counted together."""

    found: dict[str, set[Everybody]] = field(default_factory=lambda: defaultdict(set))

    def indices(self, document: dict[str, Any]) -> None:
        """Solve every number of a document for the people in it."""
        for tag, people in whose(document):
            self.found[f"tag {tag}"].add(people)

    def nps(
        self, released: Released, months: Sequence[str], n: int, total: float, segment: str = ""
    ) -> None:
        """Note a score that was solved for promoters - detractors; it must be the truth."""
        people = {
            person: nps_code(score)
            for person, (month, shown, score) in released.items()
            if month in months and segment in {"", shown}
        }
        assert n == len(people)
        assert total == pytest.approx(sum(people.values()))
        self.found["nps"].add(frozenset(people))


def _of_digest(attack: Attack, released: Released, document: dict[str, Any]) -> None:
    """Solve the digest's scores and its money."""
    now, before = (
        whole_months(parse_period(document[side]["key"], ZONE), ZONE)
        for side in ("period", "previous")
    )
    for row in (document["events"] or {"measures": ()})["measures"]:
        for side, months in (("current", now), ("previous", before)):
            if row["key"] == "nps" and (shown := row[side]):
                attack.nps(released, months, shown["n"], shown["value"] * shown["n"] / 100)
    found = document["nps"]
    for row in found["trend"] if found else ():
        if row["score"]:
            attack.nps(released, [row["key"]], row["n"], row["score"]["value"] * row["n"] / 100)
        else:
            assert row["n"] == 0 or row["n"] >= MIN_ANONYMOUS
    if not found:
        return
    counts = found["counts"]
    attack.nps(released, now, found["n"], counts["promoters"] - counts["detractors"])
    if found["previous"]:
        earlier = found["previous"]
        attack.nps(released, before, earlier["n"], earlier["value"] * earlier["n"] / 100)
    for group in found["segments"]:
        assert group["n"] >= MIN_ANONYMOUS
        if group["score"]:
            total = group["score"]["value"] * group["n"] / 100
            attack.nps(released, now, group["n"], total, group["group"])
    _of_money(released, document, now)


def _of_money(released: Released, document: dict[str, Any], months: Sequence[str]) -> None:
    """Solve the cost of a loyal customer for the number of promoters: of those of the NPS."""
    [row] = [
        one for one in document["scorecard"]["others"] if one["key"] == "cost_per_loyal_customer"
    ]
    if row["value"] is None:
        return
    spent, active = 3 * (70_000 + 35_000 + 18_000), 246
    n = document["nps"]["n"]
    promoters = spent / (active * row["value"]) * n
    truth = [score for month, _, score in released.values() if month in months]
    assert promoters == pytest.approx(sum(nps_code(score) > 0 for score in truth))


def _of_comparison(
    attack: Attack, released: Released, document: dict[str, Any], sides: Sequence[str]
) -> None:
    attack.indices(document)
    for row in document["measures"]:
        for part in row["partial"].values():
            assert part == 0 or part >= MIN_ANONYMOUS
        for side, key in zip(("before", "after"), sides, strict=True):
            found = row["all"][side]
            if row["key"] == "nps" and found:
                attack.nps(released, [key], found["n"], found["value"] * found["n"] / 100)


def _in_cell(released: Released, month: str, group: str | None) -> Everybody:
    """Return whose answers to the NPS are in a row of exported totals."""
    return frozenset(person for person, shown in released.items() if shown[:2] == (month, group))


async def _waves(tx: Transaction, number: int) -> None:
    """Begin a wave in July and one in September, of which digests and comparisons may tell."""
    for start in (NOW - timedelta(days=62), NOW):
        draft = CampaignDraft(number, "Hidden", 14)
        campaign = await campaigns.create(tx, draft, None, start)
        await campaigns.start_wave(tx, campaign.id, "1", start, start + timedelta(days=14))


async def _read(reader: Reader, attack: Attack) -> None:
    """Read and solve all documents as they are now."""
    released = await _released(reader)
    for key in PERIODS:
        document = await _printed(reader, key)
        attack.indices(document)
        _of_digest(attack, released, document)
        for partial in document["method"]["partial"].values():
            assert partial >= MIN_ANONYMOUS
    survey = await definitions.latest(reader, "hidden")
    assert survey is not None
    for pair in PAIRS:
        before, after = (parse_period(key, ZONE) for key in pair)
        figures = await comparing.of_periods(reader, survey, before, after, "ru", NOW)
        _of_comparison(attack, released, compare(figures), pair)
    for total in await released_totals(reader, None, None):
        attack.indices({"n": total.n, "value": total.mean})
        if total.question == "n":
            attack.found["nps"].add(_in_cell(released, total.month, total.group))
            assert total.n == len(_in_cell(released, total.month, total.group))
    waves = await comparing.of_waves(reader, 1, 2, "ru", NOW)
    assert waves.refusal is None
    _of_comparison(attack, released, compare(waves), (MONTHS[0], MONTHS[2]))


async def attacked(
    database: Database,
    given: Sequence[Sheet],
    kind: Literal["relationship", "transactional"] = "relationship",
    readings: int = 3,
) -> Attack:
    """Let people answer one by one; what was released meanwhile is read some times."""
    attack = Attack()
    async with database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Ромашка"))
        number = await definitions.save(tx, SURVEY.model_copy(update={"kind": kind}), NOW)
        await _waves(tx, number)
    every = -(-len(given) // readings)
    for person, (month, segment, keys, score) in enumerate(given):
        answers: dict[str, Given] = {
            key: (f"{person}", answer(person, TAG_OF[key])) for key in keys - {"n"}
        }
        if "n" in keys:
            answers["n"] = (f"{person}", float(score))
        answers["w"] = (f'"{SAID} {person}"', None)
        async with database.transaction() as tx:
            await heaps.add(tx, number, Part(month, segment, answers))
        if (person + 1) % every == 0 or person + 1 == len(given):
            async with database.reading() as reader:
                await _read(reader, attack)
    async with database.reading() as reader:  # what is released stays: none is in a part earlier
        for key in PERIODS:
            await _nobody_in_a_part(reader, key)
    return attack
