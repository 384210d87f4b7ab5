"""The customers' attributes: kept by invitations, counted against plain Python over all rows."""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import select, text

from storage.answering import anonymous, answers, invitation_batches, past
from storage.answering.past import PastAnswer
from storage.asking import campaigns
from storage.counting import attributes
from storage.counting.figures import digest_figures, period_figures
from storage.people import people, workspace
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.tables.surveys import invitations as table
from surveys.counts.figures import Breakdown
from surveys.periods import parse_period, previous
from surveys.survey.definition import Survey
from tests.storage.world import NOW, World

ZONE = "Europe/Moscow"
PERIOD = parse_period("2026-09", ZONE)
HOSTILE = "a\"b'c$.d[0]\\{e}%"
CITIES = ("Пермь", "Казань", "<b>Омск</b>", 'О\'Хара "и Ко"', "x" * 500)


async def _list(world: World, number: int, said: dict[str, str], segment: str = "gold") -> int:
    """Bring a customer in, or in again, as a list has them."""
    row = PersonRow("customer", str(number), f"Клиент {number}", segment=segment, attributes=said)
    async with world.database.transaction() as tx:
        await people_import.apply(tx, [row], NOW)
        person = await people.by_external(tx, str(number))
    assert person is not None
    return person.id


async def _say(
    world: World, person_id: int, score: int, at: datetime = NOW, key: str = "nps"
) -> int:
    """Invite a person and let them answer."""
    async with world.database.transaction() as tx:
        made = await world.invite(tx, person_id, key)
        await answers.keep(tx, made.id, "recommend", str(score), float(score), at)
    return made.id


async def _kept(world: World) -> dict[int, str | None]:
    async with world.database.reading() as reader:
        rows = await reader.all(select(table.c.person_id, table.c.attributes))
    return {row["person_id"]: row["attributes"] for row in rows}


async def _broken_down(world: World, *names: str) -> tuple[Breakdown, ...]:
    async with world.database.reading() as reader:
        return await attributes.breakdowns(reader, PERIOD, names)


async def test_an_invitation_keeps_the_attributes_as_they_were(world: World) -> None:
    moved = await _list(world, 1, {"город": "Пермь", "статус": "новый"})
    await _say(world, moved, 9)
    await _list(world, 1, {"город": "Казань", "статус": "постоянный"}, segment="silver")
    assert json.loads((await _kept(world))[moved] or "") == {"город": "Пермь", "статус": "новый"}
    (city,) = await _broken_down(world, "город")
    assert city == Breakdown("город", {"Пермь": {9.0: 1}}, {})


async def test_no_attributes_are_kept_as_nothing(world: World) -> None:
    await _say(world, world.customers[0], 9)
    assert (await _kept(world))[world.customers[0]] is None
    assert await _broken_down(world, "город") == (Breakdown("город", {}, {9.0: 1}),)


async def test_a_wave_brought_in_at_once_keeps_them_too(world: World) -> None:
    answered = await _list(world, 1, {"город": "Пермь"})
    given = {answered: [PastAnswer("recommend", "7", 7.0, NOW)], world.customers[0]: []}
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx))
        await past.record(tx, wave, world.definitions["nps"], "campaign", given)
    kept = await _kept(world)
    assert (kept[answered], kept[world.customers[0]]) == ('{"город": "Пермь"}', None)


async def test_counts_are_those_of_a_recomputation_from_all_rows(world: World) -> None:
    """Some moved between two answers, some have no value, some answered in another month."""
    random = Random(11)
    for number in range(24):
        for _ in range(random.randint(1, 3)):
            said = {"город": random.choice(CITIES), HOSTILE: str(number % 4), "пусто": "нет"}
            if random.random() < 0.2:
                del said["город"]
            person_id = await _list(world, number, said)
            at = PERIOD.start + timedelta(minutes=random.randint(-20_000, 43_000))
            await _say(world, person_id, random.randint(0, 10), at)
    async with world.database.reading() as reader:
        rows = await reader.all(
            text(
                "SELECT i.person_id, i.attributes, a.score, a.answered_at, a.id"
                " FROM answers a JOIN invitations i ON i.id = a.invitation_id"
            )
        )
    latest: dict[int, tuple[datetime, int, str, float]] = {}
    for row in rows:
        at = row["answered_at"]
        at = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(UTC)
        if PERIOD.start <= at < PERIOD.end:
            one = (at, row["id"], row["attributes"], row["score"])
            latest[row["person_id"]] = max(one, latest.get(row["person_id"], one))
    for name, found in zip(
        ("город", HOSTILE), await _broken_down(world, "город", HOSTILE), strict=True
    ):
        expected: dict[str | None, Counter[float]] = defaultdict(Counter)
        for _, _, kept, score in latest.values():
            expected[json.loads(kept).get(name)][score] += 1
        assert (found.attribute, found.unstated) == (name, expected.pop(None, {}))
        assert found.values == expected
        assert len(found.values) > 3


async def test_anonymous_answers_stand_in_no_attribute(world: World) -> None:
    survey = world.surveys["nps"].model_copy(update={"key": "quiet", "anonymous": True})
    await world.publish(Survey.model_validate(survey.model_dump(by_alias=True)))
    listed = [await _list(world, number, {"город": "Пермь"}) for number in range(5)]
    for person_id in listed:
        async with world.database.transaction() as tx:
            invitation = await world.invite(tx, person_id, "quiet")
            handle = await anonymous.begin(tx, invitation.id, NOW)
            await anonymous.answer(tx, handle, "recommend", "9", 9.0)
            await anonymous.finish(tx, handle, invitation.id, NOW)
    await _say(world, listed[0], 3)
    async with world.database.reading() as reader:
        counted = await period_figures(reader, PERIOD, ZONE)
    everybody = next(one for one in counted.measures if one.group_kind == "all")
    assert everybody.counts == {3.0: 1, 9.0: 5}
    assert await _broken_down(world, "город") == (Breakdown("город", {"Пермь": {3.0: 1}}, {}),)


async def test_people_invited_many_at_once_keep_them_too(world: World) -> None:
    person_id = await _list(world, 1, {"город": "Пермь"})
    async with world.database.transaction() as tx:
        wave = await campaigns.get_wave(tx, await world.wave(tx))
        wanted = {person_id: None, world.customers[0]: None}
        definition_id = world.definitions["nps"]
        await invitation_batches.create(tx, wave, definition_id, "invitation", wanted, NOW)
    kept = await _kept(world)
    assert kept == {person_id: '{"город": "Пермь"}', world.customers[0]: None}


async def test_the_digest_counts_what_the_company_chose(world: World) -> None:
    await _say(world, await _list(world, 1, {"город": "Пермь", "статус": "новый"}), 10)

    async def chosen() -> list[str]:
        async with world.database.reading() as reader:
            found = await digest_figures(reader, PERIOD, previous(PERIOD, ZONE), (), ZONE, "ru")
        return [one.attribute for one in found.breakdowns]

    assert await chosen() == []
    async with world.database.transaction() as tx:
        space = await workspace.get(tx)
        await workspace.save(tx, replace(space, break_down_by=("статус", "город")))
    assert await chosen() == ["статус", "город"]


async def test_attributes_are_known_with_the_number_of_their_values(world: World) -> None:
    for number, city in enumerate(CITIES):
        await _list(world, number, {"город": city, HOSTILE: "один"})
    async with world.database.reading() as reader:
        assert await attributes.known(reader) == {HOSTILE: 1, "город": len(CITIES)}


async def test_only_the_latest_customers_are_looked_at_where_it_must_be_quick(world: World) -> None:
    for number, city in enumerate(CITIES):
        await _list(world, number, {"город": city} if number else {"старое": city})
    async with world.database.reading() as reader:
        assert await attributes.known(reader, 2) == {"город": 2}
        assert await attributes.known(reader, 50) == {"город": len(CITIES) - 1, "старое": 1}
