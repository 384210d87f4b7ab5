"""Two waves and two periods, counted: who stands on which side, who on both."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from storage.answering import anonymous, past
from storage.answering.past import PastAnswer
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.counting import figures
from storage.counting.comparisons import baselines, comparing
from storage.database import Database, Reader
from storage.errors import NotFound
from surveys.counts.comparing import ComparisonFigures, MeasurePair
from surveys.periods import parse_period
from surveys.survey.loading import parse_survey
from tests.storage.world import NOW, World, add_customer, add_manager

LATER = NOW + timedelta(days=120)
MUCH_LATER = LATER + timedelta(days=60)
ZONE = "Europe/Moscow"
"""Waves of 7 September and of 5 January; now is after both."""


async def _campaign(world: World, key: str) -> int:
    async with world.database.transaction() as tx:
        draft = CampaignDraft(world.definitions[key], f"Кампания {key}", 14)
        return (await campaigns.create(tx, draft, None, NOW)).id


async def _wave(
    world: World,
    key: str,
    given: Mapping[int, Mapping[str, float]],
    at: datetime,
    *,
    label: str,
    campaign: int | None = None,
) -> int:
    """Make a wave in which everybody of `given` answers these questions a day later."""
    number = campaign if campaign is not None else await _campaign(world, key)
    answered = at + timedelta(days=1)
    async with world.database.transaction() as tx:
        wave = await campaigns.start_wave(tx, number, label, at, at + timedelta(days=14))
        rows = {
            person: [
                PastAnswer(question, str(int(value)), value, answered)
                for question, value in answers.items()
            ]
            for person, answers in given.items()
        }
        await past.record(tx, wave, world.definitions[key], "invitation", rows)
    return wave.id


async def _people(world: World, count: int) -> Sequence[int]:
    async with world.database.transaction() as tx:
        return [await add_customer(tx, f"К{number}") for number in range(count)]


async def _compare(world: World, before: int, after: int) -> ComparisonFigures:
    async with world.database.reading() as reader:
        return await comparing.of_waves(reader, before, after, "ru", MUCH_LATER)


def _measure(found: ComparisonFigures, key: str) -> MeasurePair:
    return next(pair for pair in found.measures if pair.measure == key)


async def test_who_answered_both_waves_is_a_pair(database: Database) -> None:
    world = await World.build(database)
    anna, boris, vera, gleb = await _people(world, 4)
    first = await _wave(
        world,
        "nps",
        {anna: {"recommend": 3}, boris: {"recommend": 9}, vera: {}, gleb: {"recommend": 7}},
        NOW,
        label="before",
    )
    second = await _wave(
        world,
        "nps",
        {anna: {"recommend": 9}, boris: {"recommend": 9}, vera: {"recommend": 5}},
        LATER,
        label="after",
    )
    found = await _compare(world, first, second)
    nps = _measure(found, "nps")
    assert nps.before == {3: 1, 7: 1, 9: 1}
    assert nps.after == {5: 1, 9: 2}
    assert nps.both == {(3, 9): 1, (9, 9): 1}
    assert (nps.same_wording, nps.better, nps.anonymous) == (True, "up", False)
    assert (found.before.label, found.after.label) == ("before", "after")
    assert (found.before.delivered, found.before.answered) == (4, 3)
    assert (found.refusal, found.notes) == (None, ())


async def test_an_index_counts_who_answered_all_of_it_and_numbers_keep_their_unit(
    database: Database,
) -> None:
    world = await World.build(database)
    async with database.transaction() as tx:
        oleg = await add_manager(tx, "Олег")
    survey = world.surveys["manager_self_assessment"]
    asked = [one.key for one in survey.questions if "customer_accounting" in one.measures]
    assert len(asked) == 3
    half = {world.managers[0]: dict.fromkeys(asked[:2], 4.0)}
    whole = {person: dict.fromkeys(asked, 3.0) for person in (world.managers[1], oleg)}
    then = {person: given | {"routine_minutes": 90.0} for person, given in (half | whole).items()}
    now = {person: dict.fromkeys(asked, 5.0) | {"routine_minutes": 30.0} for person in then}
    first = await _wave(world, "manager_self_assessment", then, NOW, label="before")
    second = await _wave(world, "manager_self_assessment", now, LATER, label="after")
    found = await _compare(world, first, second)
    accounting = _measure(found, "customer_accounting")
    assert (accounting.before, accounting.partial_before) == ({50.0: 2}, 1)
    assert (accounting.after, accounting.partial_after) == ({100.0: 3}, 0)
    assert accounting.both == {(50.0, 100.0): 2}
    minutes = _measure(found, "routine_minutes")
    assert (minutes.before, minutes.after, minutes.both) == ({90: 3}, {30: 3}, {(90, 30): 3})
    assert (minutes.better, minutes.step, minutes.unit) == ("down", 1.0, "минут")
    assert "минут" in minutes.label
    assert _measure(found, "self_assessment").better is None


async def test_other_kinds_sides_and_the_same_wave_are_refused(database: Database) -> None:
    world = await World.build(database)
    asked = {
        key: await _wave(world, key, {}, NOW, label=key)
        for key in ("nps", "service_request", "manager_self_assessment", "service_quality")
    }
    reasons = {
        key: (await _compare(world, asked["nps"], wave)).refusal for key, wave in asked.items()
    }
    assert reasons == {
        "nps": "same",
        "service_request": "kinds",
        "manager_self_assessment": "audiences",
        "service_quality": "nothing",
    }
    with pytest.raises(NotFound):
        await _compare(world, asked["nps"], 999)


async def test_another_wording_is_another_series_and_other_texts_are_not(
    database: Database,
) -> None:
    world = await World.build(database)
    [anna] = await _people(world, 1)
    first = await _wave(world, "nps", {anna: {"recommend": 3}}, NOW, label="before")
    content = world.surveys["nps"].model_dump(mode="json", by_alias=True)
    other = content | {"minutes": 5}
    await world.publish(type(world.surveys["nps"]).model_validate(other))
    second = await _wave(world, "nps", {anna: {"recommend": 9}}, LATER, label="after")
    found = await _compare(world, first, second)
    assert _measure(found, "nps").same_wording
    assert found.notes == ("versions",)
    content["questions"][0]["text"]["en"] = "Would you recommend {company}?"
    await world.publish(type(world.surveys["nps"]).model_validate(content))
    third = await _wave(world, "nps", {anna: {"recommend": 9}}, LATER, label="again")
    assert not _measure(await _compare(world, first, third), "nps").same_wording


async def test_in_a_period_the_last_answer_counts_whichever_survey_asked(
    database: Database,
) -> None:
    world = await World.build(database)
    anna, boris = await _people(world, 2)
    await _wave(world, "nps", {anna: {"recommend": 2}, boris: {"recommend": 9}}, NOW, label="1")
    again = NOW + timedelta(days=20)
    await _wave(world, "loyalty", {anna: {"recommend": 8}}, again, label="2")
    await _wave(world, "nps", {anna: {"recommend": 10}}, LATER, label="3")
    async with database.reading() as reader:
        survey = await definitions.latest(reader, "nps")
        assert survey is not None
        sides = (parse_period("2026-Q3", ZONE), parse_period("2027-Q1", ZONE))
        found = await comparing.of_periods(reader, survey, *sides, "ru", MUCH_LATER)
        overlapping = await comparing.of_periods(
            reader, survey, parse_period("2026", ZONE), sides[0], "ru", MUCH_LATER
        )
    nps = _measure(found, "nps")
    assert (nps.before, nps.after, nps.both) == ({8: 1, 9: 1}, {10: 1}, {(8, 10): 1})
    assert nps.same_wording
    assert "still_open" in found.notes
    assert overlapping.refusal == "overlap"


ANONYMOUS = """
key: mood
title: {ru: Настроение, en: Mood}
audience: customers
kind: relationship
anonymous: true
period_days: 0
minutes: 1
questions:
  - key: mood
    kind: scale
    measures: service_quality
    text: {ru: "Как дела?", en: "How are you?"}
    low_label: {ru: плохо, en: bad}
    high_label: {ru: хорошо, en: good}
thanks: {default: {ru: Спасибо!, en: Thank you!}}
"""


async def _anonymous_wave(world: World, people: Sequence[int], at: datetime, campaign: int) -> int:
    async with world.database.transaction() as tx:
        label = at.date().isoformat()
        wave = await campaigns.start_wave(tx, campaign, label, at, at + timedelta(days=7))
        for person in people:
            asked = await world.invite(tx, person, "mood", at, wave_id=wave.id)
            handle = await anonymous.begin(tx, asked.id, at)
            await anonymous.answer(tx, handle, "mood", "4", 4.0)
            await anonymous.finish(tx, handle, asked.id, at)
    return wave.id


async def test_anonymous_waves_are_told_by_their_months_and_have_no_pairs(
    database: Database,
) -> None:
    world = await World.build(database)
    await world.publish(parse_survey(ANONYMOUS))
    campaign = await _campaign(world, "mood")
    people = await _people(world, 6)
    first = await _anonymous_wave(world, people, NOW, campaign)
    second = await _anonymous_wave(world, people[:5], LATER, campaign)
    found = await _compare(world, first, second)
    mood = _measure(found, "service_quality")
    # The sixth answer waits for four of the next wave; the last of those waits then.
    assert (mood.before, mood.after, mood.both) == ({75.0: 5}, {75.0: 5}, {})
    assert mood.anonymous
    assert found.notes == ("anonymous",)
    third = await _anonymous_wave(world, people[:5], LATER + timedelta(days=9), campaign)
    assert (await _compare(world, first, third)).refusal == "mixed"


async def test_three_anonymous_answers_among_named_ones_are_left_out(database: Database) -> None:
    world = await World.build(database)
    text = ANONYMOUS.replace("    kind: scale\n", "    kind: scale\n    optional: true\n")
    await world.publish(parse_survey(text))
    people = await _people(world, 5)
    async with database.transaction() as tx:
        for number, person in enumerate(people):
            asked = await world.invite(tx, person, "mood", NOW)
            handle = await anonymous.begin(tx, asked.id, NOW)
            if number < 3:
                await anonymous.answer(tx, handle, "mood", "5", 5.0)
            await anonymous.finish(tx, handle, asked.id, NOW)
    asked_named = [
        one.key
        for one in world.surveys["service_quality"].questions
        if "service_quality" in one.measures
    ]
    named = {people[0]: dict.fromkeys(asked_named, 1.0)}
    await _wave(world, "service_quality", named, NOW, label="1")
    async with database.reading() as reader:
        survey = await definitions.latest(reader, "service_quality")
        assert survey is not None
        sides = (parse_period("2026-09", ZONE), parse_period("2026-12", ZONE))
        found = await comparing.of_periods(reader, survey, *sides, "ru", MUCH_LATER)
    quality = _measure(found, "service_quality")
    assert (quality.before, quality.anonymous) == ({0.0: 1}, False)


async def _baseline(reader: Reader, key: str) -> int | None:
    found = await baselines.of_period(reader, parse_period(key, ZONE), ZONE)
    return found["nps"].wave if "nps" in found else None


async def test_the_baseline_is_the_chosen_wave_else_the_latest_labelled_before(
    database: Database,
) -> None:
    world = await World.build(database)
    anna, boris = await _people(world, 2)
    given = {anna: {"recommend": 3}, boris: {"recommend": 9}}
    first = await _wave(world, "nps", given, NOW, label="Before")
    second = await _wave(world, "nps", given, NOW + timedelta(days=40), label="до")
    third = await _wave(world, "nps", given, NOW + timedelta(days=80), label="autumn")
    await _wave(world, "nps", {anna: {"recommend": 10}}, LATER, label="after")
    async with database.reading() as reader:
        assert await _baseline(reader, "2026-09") is None
        assert await _baseline(reader, "2026-10") == first
        assert await _baseline(reader, "2027-01") == second
        assert await baselines.chosen(reader) == {}
    async with database.transaction() as tx:
        assert await baselines.choose(tx, second, NOW) == "nps"
        assert await baselines.choose(tx, third, NOW) == "nps"
    async with database.reading() as reader:
        assert await baselines.chosen(reader) == {"nps": third}
        assert await _baseline(reader, "2027-01") == third
        assert await _baseline(reader, "2026-11") == second, "the chosen one had not begun"
        found = (await baselines.of_period(reader, parse_period("2027-01", ZONE), ZONE))["nps"]
        assert (found.counts.counts, found.both) == ({3: 1, 9: 1}, {(3, 10): 1})
        assert (found.name, found.label, found.same_wording) == ("Кампания nps", "autumn", True)
    async with database.transaction() as tx:
        assert await baselines.forget(tx, "nps")
        assert not await baselines.forget(tx, "nps")
        with pytest.raises(NotFound):
            await baselines.choose(tx, 999, NOW)


async def test_what_the_waves_hold_is_what_their_months_hold(database: Database) -> None:
    """The digest of a month in which only one wave was answered has the wave's own figures."""
    world = await World.build(database)
    people = await _people(world, 9)
    given = {person: {"recommend": float(number)} for number, person in enumerate(people)}
    first = await _wave(world, "nps", given, NOW, label="before")
    second = await _wave(world, "nps", dict(list(given.items())[4:]), LATER, label="after")
    found = _measure(await _compare(world, first, second), "nps")
    async with database.reading() as reader:
        september, january = parse_period("2026-09", ZONE), parse_period("2027-01", ZONE)
        counted = await figures.digest_figures(reader, january, september, (), ZONE, "ru")
    assert counted.overlap["nps"] == found.both
    assert counted.current.measures[0].counts == found.after
    assert counted.previous.measures[0].counts == found.before


async def test_what_lies_between_two_compared_periods_is_no_part_of_either(
    database: Database,
) -> None:
    world = await World.build(database)
    people = await _people(world, 4)
    given = {person: {"recommend": float(number)} for number, person in enumerate(people)}
    await _wave(world, "nps", dict(list(given.items())[:3]), NOW, label="before")
    between = {person: {"recommend": 10.0} for person in people}
    await _wave(world, "nps", between, NOW + timedelta(days=60), label="between")
    await _wave(world, "nps", dict(list(given.items())[2:]), LATER, label="after")
    async with database.reading() as reader:
        september, january = parse_period("2026-09", ZONE), parse_period("2027-01", ZONE)
        counted = await figures.digest_figures(reader, january, september, (), ZONE, "ru")
    assert counted.overlap["nps"] == {(2, 2): 1}
