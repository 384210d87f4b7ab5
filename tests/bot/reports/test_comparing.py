"""Before and after, whole: two waves asked, answered and compared; every number by hand."""

import json
import math
import re
from collections import Counter
from datetime import timedelta

import pytest

from bot.errors import Refused
from bot.operations.reports import comparison as comparison_document
from bot.operations.reports import digest as digest_document
from bot.operations.reports.comparison import ToCompare
from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.database import open_database
from storage.people import people
from tests.bot.world import ADMIN, ANNA, BORIS, MANAGER, World

Z = 1.959963984540054
THEN = {ANNA: "5", BORIS: "9"}
NOW = {ANNA: "9", BORIS: "9"}
OTHERS = 20
"""Customers beside Anna and Boris, whose answers are written as if given."""


async def _claim(world: World) -> None:
    found = re.search(r"start=([\w-]+)", world.announced[-1])
    assert found is not None
    await world.start(ADMIN, found[1])


async def _ask(world: World, label: str, answers: dict[int, str], campaign: int | None) -> int:
    if campaign is None:
        plan = f"survey: nps\nname: Осень <2026>\nlabel: {label}\n"
        asked = await world.operate("start_campaign", text=plan)
    else:
        asked = await world.operate("next_wave", campaign=campaign, label=label)
    await world.settle()
    for person, answer in answers.items():
        await world.tap(person, answer)
        await world.tap(person, "Пропустить")
    wave: int = asked["wave"]
    return wave


async def _others(world: World, wave: int, scores: list[int]) -> None:
    """Write the answers of people who are not played here; the n-th gives the n-th score."""
    now = world.sandbox.clock.now()
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        found = await campaigns.get_wave(tx, wave)
        campaign = await campaigns.get(tx, found.campaign_id)
        given = {}
        for number, score in enumerate(scores):
            person = await people.by_external(tx, f"X{number}")
            if person is None:
                person = await people.add(
                    tx, now, name=f"X{number}", external_id=f"X{number}", is_customer=True
                )
            given[person.id] = [PastAnswer("recommend", str(score), score, now)]
        await past.record(tx, found, campaign.definition_id, "invitation", given)


async def _two_waves(world: World, before: list[int], after: list[int]) -> tuple[int, int, int]:
    async with world.bot():
        await world.arrive("C1", "C2")
        await _claim(world)
        first = await _ask(world, "before", THEN, None)
    await _others(world, first, before)
    await world.sandbox.clock.advance(timedelta(days=100))
    async with world.bot():
        await world.settle()
        listed = await world.operate("list_campaigns")
        campaign: int = listed["campaigns"][0]["campaign"]
        second = await _ask(world, "after", NOW, campaign)
    await _others(world, second, after)
    return campaign, first, second


BEFORE = [3] * 6 + [8] * 8 + [10] * 6
AFTER = [8] * 6 + [8] * 8 + [10] * 6


def _code(score: int) -> int:
    return (score > 6) + (score > 8) - 1


def _paired_by_hand(before: list[int], after: list[int]) -> tuple[float, float, float]:
    """Return the change of the NPS of the same people in points, with its 95 % interval.

    The pseudo-answers .75, 1.5, .75 on each side, which are nobody's twice; the covariance shrinks
    as the variances do (scoring.changes.difference).
    """
    n = len(before)
    first, second = ([_code(score) for score in side] for side in (before, after))
    weight = n + 3
    means = [sum(side) / weight for side in (first, second)]
    variances = [
        (sum(map(abs, side)) + 1.5) / weight - mean**2
        for side, mean in zip((first, second), means, strict=True)
    ]
    raw = [sum(side) / n for side in (first, second)]
    products = sum((a - raw[0]) * (b - raw[1]) for a, b in zip(first, second, strict=True))
    covariance = products / n * n / weight
    error = math.sqrt(sum(v / weight for v in variances) - 2 * n * covariance / weight**2)
    delta = means[1] - means[0]
    return 100 * (raw[1] - raw[0]), 100 * (delta - Z * error), 100 * (delta + Z * error)


async def test_two_waves_of_the_same_people_are_what_a_hand_computes(world: World) -> None:
    campaign, first, second = await _two_waves(world, BEFORE, AFTER)
    then, now = [5, 9, *BEFORE], [9, 9, *AFTER]
    url = world.settings.database_url
    value, low, high = _paired_by_hand(then, now)
    wanted = (ToCompare((str(first), str(second))), ToCompare((), campaign=campaign))
    moment = world.sandbox.clock.now()
    both = [await comparison_document.make(url, asked, "ru", moment) for asked in wanted]
    for made in both:
        document = json.loads(made.json())
        [row] = document["measures"]
        change = row["paired"]["change"]
        assert (row["headline"], row["pairs"], row["verdict"]) == ("paired", 22, "better")
        assert change["value"] == pytest.approx(value)
        assert (change["low"], change["high"]) == pytest.approx((low, high))
        assert row["all"]["before"]["value"] == pytest.approx(100 * sum(map(_code, then)) / 22)
        assert row["all"]["after"]["value"] == pytest.approx(100 * sum(map(_code, now)) / 22)
        assert document["notes"] == ["still_open"]
    text = both[0].text()
    assert "«Осень <2026>», волна «before» от 15 сентября 2026" in text
    assert "NPS: лучше" in text
    assert f"Изменение: +{value:.0f} (" in text
    assert "Осень &lt;2026&gt;" in both[0].message()


async def test_labels_periods_and_what_is_not_there(world: World) -> None:
    campaign, _, second = await _two_waves(world, BEFORE, AFTER)
    url, now = world.settings.database_url, world.sandbox.clock.now()
    turned = ToCompare(("after", "before"), campaign=campaign)
    [row] = (await comparison_document.make(url, turned, "en", now)).document.measures
    assert row.verdict == "worse"
    quarters = ToCompare(("2026-Q3", "2026-Q4"), survey="nps")
    [same] = (await comparison_document.make(url, quarters, "en", now)).document.measures
    assert same.paired
    assert same.paired.change
    assert row.paired
    assert row.paired.change
    assert same.paired.change.value == -row.paired.change.value
    for wrong in (
        ToCompare((str(second),)),
        ToCompare((str(second), "999")),
        ToCompare((str(second), "<b>")),
        ToCompare(("before", "nothing"), campaign=campaign),
        ToCompare((), campaign=999),
        ToCompare(("2026-Q3",), survey="nps"),
        ToCompare(("2026-Q3", "2026-Q4"), survey="nothing"),
    ):
        with pytest.raises(Refused):
            await comparison_document.make(url, wrong, "ru", now)


async def test_an_admin_compares_two_waves_by_buttons(world: World) -> None:
    await _two_waves(world, BEFORE, AFTER)
    async with world.bot():
        await world.say(ADMIN, "/menu")
        listed = await world.tap(ADMIN, "Кампании")
        assert "Осень" in listed.text
        board = next(label for label in world.labels(ADMIN) if label.startswith("1"))
        await world.tap(ADMIN, board)
        await world.tap(ADMIN, "До и после")
        before = next(label for label in world.labels(ADMIN) if label.startswith("before,"))
        await world.tap(ADMIN, before)
        after = next(label for label in world.labels(ADMIN) if label.startswith("after,"))
        told = await world.tap(ADMIN, after)
        if "NPS" not in told.text:
            await world.settle()
            told = world.screen(ADMIN)
        value, *_ = _paired_by_hand([5, 9, *BEFORE], [9, 9, *AFTER])
        assert "<b>" not in told.text
        assert "NPS: лучше" in told.text
        assert f"+{value:.0f} (" in told.text
        assert "ответивших оба раза" in told.text
        assert await world.forge(ADMIN, "1:m:compare_now:1:999")
        assert await world.forge(ADMIN, "1:m:compare:999")
        assert await world.forge(ADMIN, "1:m:compare_with:1:999")
        assert await world.forge(ADMIN, "1:m:baseline:1:999")


async def test_nobody_but_an_admin_reaches_a_comparison(world: World) -> None:
    await _two_waves(world, BEFORE, AFTER)
    async with world.bot():
        await world.arrive("M1")
        seen = Counter(chat for chat in (ANNA, MANAGER) for _ in world.sandbox.messages(chat))
        for chat in (ANNA, MANAGER):
            for data in ("1:m:compare:1", "1:m:compare_now:1:2", "1:m:baseline:1:1"):
                await world.forge(chat, data)
        await world.settle()
        assert seen == Counter(
            chat for chat in (ANNA, MANAGER) for _ in world.sandbox.messages(chat)
        )


async def test_the_digest_measures_change_from_the_baseline_wave(world: World) -> None:
    _, first, second = await _two_waves(world, BEFORE, AFTER)
    url, now = world.settings.database_url, world.sandbox.clock.now()
    month = now.strftime("%Y-%m")
    document = json.loads((await digest_document.make(url, month, "ru", now)).json())
    found = document["nps"]["baseline"]
    value, low, high = _paired_by_hand([5, 9, *BEFORE], [9, 9, *AFTER])
    assert (found["wave"], found["label"], found["verdict"]) == (first, "before", "better")
    assert document["nps"]["change"] is None, "the month before has no answers"
    assert document["scorecard"]["compared"] == 1
    assert found["change"]["value"] == pytest.approx(value)
    assert (found["change"]["low"], found["change"]["high"]) == pytest.approx((low, high))
    async with world.bot():
        assert (await world.operate("baseline", wave=second))["baselines"][0]["wave"] == second
    made = json.loads((await digest_document.make(url, month, "ru", now)).json())
    assert made["nps"]["baseline"]["wave"] == first, "the chosen one is in the period"
    async with world.bot():
        assert await world.operate("baseline", wave=second, forget=True) == {"baselines": []}
        with pytest.raises(Refused):
            await world.operate("baseline", wave=999)


async def test_the_baseline_is_chosen_by_a_button_and_taken_back(world: World) -> None:
    _, first, _ = await _two_waves(world, BEFORE, AFTER)
    async with world.bot():
        await world.say(ADMIN, "/menu")
        assert not await world.forge(ADMIN, "1:m:baseline:1", world.screen(ADMIN).message_id)
        before = next(label for label in world.labels(ADMIN) if label.startswith("before,"))
        await world.tap(ADMIN, before)
        assert f"✓ {before}" in world.labels(ADMIN)
        assert (await world.operate("baseline"))["baselines"][0]["wave"] == first
        await world.tap(ADMIN, f"✓ {before}")
        assert (await world.operate("baseline"))["baselines"] == []
