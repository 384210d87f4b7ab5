"""Two waves asked after events are compared measure by measure, apart from the relationship."""

import json

from bot.operations.reports import comparison
from bot.operations.reports.comparison import MadeComparison, ToCompare
from tests.bot.world import ANNA, BORIS, World


async def _wave(world: World, answers: dict[int, tuple[str, str]], campaign: int | None) -> int:
    """Ask after a request; return the wave."""
    if campaign is None:
        asked = await world.operate("start_campaign", survey="service_request")
    else:
        asked = await world.operate("next_wave", campaign=campaign, label="after")
    await world.settle()
    for person, points in answers.items():
        for point in points:
            await world.tap(person, point)
        await world.tap(person, "Пропустить")
    wave: int = asked["wave"]
    return wave


async def _compared(world: World, asked: ToCompare) -> MadeComparison:
    now = world.sandbox.clock.now()
    return await comparison.make(world.settings.database_url, asked, "ru", now)


async def test_ease_and_satisfaction_are_both_shown_and_never_pooled(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        first = await _wave(world, {ANNA: ("3", "2"), BORIS: ("5", "4")}, None)
        [campaign] = (await world.operate("list_campaigns"))["campaigns"]
        await world.pass_time(days=31)
        related = await world.launch("nps")
        await world.tap(ANNA, "10")
        await world.tap(ANNA, "Пропустить")
        await world.tap(BORIS, "10")
        await world.tap(BORIS, "Пропустить")
        await world.pass_time(days=31)
        second = await _wave(world, {ANNA: ("6", "5"), BORIS: ("6", "4")}, campaign["campaign"])
    made = await _compared(world, ToCompare((str(first), str(second))))
    rows = {row["key"]: row["all"] for row in json.loads(made.json())["measures"]}
    assert set(rows) == {"ces", "csat"}
    assert (rows["ces"]["before"]["value"], rows["ces"]["after"]["value"]) == (4, 6)
    assert (rows["csat"]["before"]["value"], rows["csat"]["after"]["value"]) == (50, 100)
    assert {rows[key][side]["n"] for key in rows for side in ("before", "after")} == {2}
    assert "CES" in made.text()
    assert "CSAT" in made.text()
    assert "NPS" not in made.text()
    assert (
        await _compared(world, ToCompare((), campaign=campaign["campaign"]))
    ).text() == made.text()
    mixed = json.loads(
        (await _compared(world, ToCompare((str(first), str(related["wave"]))))).json()
    )
    assert mixed["refusal"] is not None
    assert mixed["measures"] == []
