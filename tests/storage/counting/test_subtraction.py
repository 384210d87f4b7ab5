"""No two digests, breakdowns or comparisons give away what one anonymous respondent said.

The attacker looks at everything after every single answer: each month and the quarter, in total and
by segment, each index, each amount, each side of a comparison. Every respondent gives one number of
their own to all questions, so each figure shows who is in it. Figures that are sums over sets of
people can be added and subtracted into figures about those people only whom all of them hold alike;
so whoever is in some of them must be there together with four others, always.

The sections of a digest (index, drivers, scales, money, mirrors, firms) are functions of
`DigestFigures`, so all of that is looked through: whose numbers stand in each section.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring.reports.digest import digest
from storage.answering import heaps
from storage.asking import definitions
from storage.counting import alike as of_respondents
from storage.counting import sides
from storage.counting.figures import digest_figures, period_figures
from storage.counting.scores import items_of
from storage.counting.sides import AnswerSource
from storage.database import Database, Reader, open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from storage.tables.surveys import invitations
from surveys.counts import anonymity
from surveys.counts.anonymity import Part
from surveys.counts.figures import Counts, DigestFigures
from surveys.counts.minima import MIN_ANONYMOUS
from surveys.periods import months_until, parse_period, previous
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey
from tests.storage.world import NOW

ZONE = "Europe/Moscow"
MONTHS = ("2026-07", "2026-08", "2026-09")
MOST = 100
SURVEY = parse_survey("""
key: hidden
title: {ru: Скрыто, en: Hidden}
audience: customers
kind: relationship
anonymous: true
period_days: 0
minutes: 1
questions:
  - key: a
    kind: number
    measures: loyalty_index
    max: 100
    unit: &u {ru: шт., en: pcs}
    text: &t {ru: А, en: A}
  - key: b
    kind: number
    measures: [loyalty_index, service_quality]
    optional: true
    max: 100
    unit: *u
    text: *t
  - {key: c, kind: number, measures: service_quality, optional: true, max: 100, unit: *u, text: *t}
  - {key: d, kind: number, measures: own_measure, optional: true, max: 100, unit: *u, text: *t}
  - {key: e, kind: number, optional: true, max: 100, unit: *u, text: *t}
thanks: {default: {ru: Спасибо!, en: Thank you!}}
""")
TOGETHER = {"loyalty_index": "abc", "service_quality": "abc", "own_measure": "d", "e": "e"}
OF_NAMED = (
    "overlap", "mirrors", "profiles", "repeated", "firms", "firms_by_month", "asked", "comments",
    "breakdowns", "alike", "joints", "joints_before", "earlier",
)  # fmt: skip
"""Sections that join several answers of one person: nobody anonymous may be in them."""

Sheet = tuple[str, str | None, frozenset[str]]
sheets = st.lists(
    st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(["gold", "silver", None]),
        st.sets(st.sampled_from("bcde")).map(lambda keys: frozenset({"a", *keys})),
    ),
    min_size=5,
    max_size=24,
)
alike = st.builds(
    lambda chosen, some: [one for one in some if one[2] in chosen] + some[:3],
    st.sets(st.sampled_from([frozenset("a"), frozenset("abcde"), frozenset("ade")])),
    st.lists(
        st.tuples(
            st.sampled_from(MONTHS),
            st.sampled_from(["gold", "silver", None]),
            st.sampled_from([frozenset("a"), frozenset("abcde"), frozenset("ade")]),
        ),
        min_size=10,
        max_size=24,
    ),
)


def _people(counts: Counts, scale: float) -> frozenset[int]:
    assert set(counts.values()) <= {1}
    return frozenset(round(score / scale) for score in counts)


async def _figures(reader: Reader) -> Iterator[tuple[str, frozenset[int], int]]:
    """Return index or question, who is in the figure, and how many are left out of it."""
    found = []
    for key in (*MONTHS, "2026-Q3"):
        counted = await period_figures(reader, parse_period(key, ZONE), ZONE)
        found += [
            (one.measure, _people(one.counts, 100 / MOST), one.partial) for one in counted.measures
        ]
        months = MONTHS if key == "2026-Q3" else (key,)
        source = AnswerSource(invitations.c.id < 0, "relationship", months)
        for measure, asked in (await sides.indices(reader, source, await items_of(reader))).items():
            found.append((measure, _people(asked.counts, 100 / MOST), asked.partial))
        for question, amount in (await sides.amounts(reader, source))[0].items():
            found.append((question, _people(amount.counts, 1), 0))
    return iter(found)


async def _of_digest(reader: Reader, key: str) -> list[tuple[str, frozenset[int], int]]:
    """Return who is in the index and in each measure of the digest of a period."""
    period = parse_period(key, ZONE)
    before = previous(period, ZONE)
    figures = await digest_figures(
        reader, period, before, months_until(period, ZONE, 3), ZONE, "ru"
    )
    for section in OF_NAMED:
        assert not set(_numbers(getattr(figures, section))), section
    document = digest(figures, NOW, "ru")
    assert document.drivers is not None
    assert document.drivers.n == 0
    assert document.scales == ()
    index = document.effectiveness and document.effectiveness.index
    of_measure = _measures(figures)
    return [
        *of_measure,
        *(one for one in of_measure if index and one[0] in index.weights),
    ]


def _measures(figures: DigestFigures) -> list[tuple[str, frozenset[int], int]]:
    counted = [
        *figures.current.measures,
        *figures.previous.measures,
        *(row for month in figures.months for row in month.measures),
        *(one.counts for one in figures.baselines.values()),
        *figures.events.current,
        *figures.events.previous,
    ]
    return [(row.measure, _people(row.counts, 100 / MOST), row.partial) for row in counted]


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
        for field in fields(section):
            yield from _numbers(getattr(section, field.name))


async def _attacked(database: Database, given: Sequence[Sheet]) -> Mapping[str, Counter[object]]:
    """Return for each set of questions how many people no figure tells apart."""
    seen: dict[str, list[frozenset[int]]] = defaultdict(list)
    async with database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Ромашка"))
        number = await definitions.save(tx, Survey.model_validate(SURVEY), NOW)
    for person, (month, segment, keys) in enumerate(given):
        answers = {key: (f"{person + 1}", float(person + 1)) for key in keys}
        async with database.transaction() as tx:
            await heaps.add(tx, number, Part(month, segment, answers))
        if not database.keys.spent:
            continue  # nothing was released: the figures are those of before
        database.keys.spent = False
        async with database.reading() as reader:
            for measure, people, partial in await _figures(reader):
                seen[TOGETHER[measure]].append(people)
                assert partial == 0 or partial >= MIN_ANONYMOUS
    async with database.reading() as reader:
        for measure, people, partial in await _of_digest(reader, "2026-Q3"):
            seen[TOGETHER[measure]].append(people)
            assert partial == 0 or partial >= MIN_ANONYMOUS
    return {
        together: Counter(
            signature
            for person in range(len(given))
            if any(signature := tuple(person + 1 in people for people in found))
        )
        for together, found in seen.items()
    }


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],  # an example takes a database: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(given=st.one_of(sheets, alike))
async def test_no_figures_together_tell_of_fewer_than_five(
    tmp_path_factory: pytest.TempPathFactory, given: list[Sheet]
) -> None:
    path = tmp_path_factory.mktemp("attacked") / "otklik.db"
    async with open_database(f"sqlite:///{path}") as database:
        for indistinct in (await _attacked(database, given)).values():
            assert min(indistinct.values(), default=MIN_ANONYMOUS) >= MIN_ANONYMOUS


async def test_a_batch_of_sheets_gave_one_answer_away(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five answered an optional question, then one of five: 6 · 41.667 − 5 · 50 = 0 was theirs."""
    given: Sequence[Sheet] = [("2026-09", None, frozenset("ad"))] * 6 + [
        ("2026-09", None, frozenset("a"))
    ] * 4
    path = tmp_path_factory.mktemp("attacked") / "otklik.db"
    async with open_database(f"sqlite:///{path}") as database:
        assert set((await _attacked(database, given))["d"].values()) == {5}

    def by_sheet(waiting: list[Part]) -> tuple[list[list[Part]], list[Part]]:
        whole = [part for part in waiting if "a" in part.answers]
        return ([list(waiting)], []) if len(whole) >= MIN_ANONYMOUS else ([], list(waiting))

    monkeypatch.setattr(heaps, "release", lambda parts: by_sheet(list(parts)))
    monkeypatch.setattr(anonymity, "disclosable", frozenset)
    path = tmp_path_factory.mktemp("unguarded") / "otklik.db"
    async with open_database(f"sqlite:///{path}") as database:
        assert 1 in (await _attacked(database, given))["d"].values()


async def test_answers_of_one_respondent_joined_would_be_found(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What drivers and scales rest on, with anonymous respondents in it."""
    given: Sequence[Sheet] = [("2026-09", None, frozenset("abc"))] * 5

    async def unguarded(*_: object) -> list[Any]:
        return [("service_quality", {"b": 1.0, "c": 1.0}, None, 1, None)]

    monkeypatch.setattr(of_respondents, "counted", unguarded)
    path = tmp_path_factory.mktemp("joined") / "otklik.db"
    async with open_database(f"sqlite:///{path}") as database:
        with pytest.raises(AssertionError, match="alike"):
            await _attacked(database, given)
