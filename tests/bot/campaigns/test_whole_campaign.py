"""One whole campaign through the local Telegram, the clock frozen between its moments.

Invited, reminded, answered, expired, nobody twice; every one of the rest with a reason that is
true; and the same campaign again, which asks nobody of them.
"""

from collections import Counter
from datetime import datetime, timedelta

from storage.answering import invitations
from storage.asking import ledger
from storage.database import open_database
from storage.people import addresses, people, wishes
from storage.people.addresses import of_telegram
from storage.people.people import Person
from tests.bot.world import ANNA, BORIS, STRANGER, World

LATE, SILENT, BLOCKER, STOPPER = 21, 22, 23, 24
EXTRA = {"C4": SILENT, "C5": BLOCKER, "C6": STOPPER, "C7": None, "C8": LATE}


async def _more_people(world: World) -> None:
    """Add customers of every kind: silent, blocking, stopped, without a link, late, gone."""
    now = world.sandbox.clock.now()
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        for key, telegram_id in EXTRA.items():
            made = await people.add(tx, now, name=key, external_id=key, is_customer=True)
            if telegram_id is not None and key != "C8":
                await addresses.bind(tx, made.id, of_telegram(telegram_id))
                await people.set_language(tx, made.id, "ru")
                await people.consent(tx, made.id, "1", now)
        gone = await people.add(tx, now, name="C9", external_id="C9", is_customer=True)
        await people.leave_all(tx, [gone.id], now)
        stopper = await people.by_address(tx, of_telegram(STOPPER))
        assert stopper is not None
        await wishes.opt_out(tx, stopper.id, now)
    for telegram_id in (SILENT, BLOCKER, STOPPER, LATE):
        world.sandbox.add_user(f"User{telegram_id}", user_id=telegram_id)


async def _everybody(world: World) -> dict[str, Person]:
    async with world.database() as database, database.reading() as reader:
        keys = ("C1", "C2", "C3", *EXTRA, "C9")
        found = {key: await people.by_external(reader, key) for key in keys}
    return {key: person for key, person in found.items() if person is not None}


async def _ledger(world: World, wave: int) -> dict[str, tuple[str | None, str | None]]:
    """Return everybody's reason and the state of their invitation in a wave."""
    lines = {}
    for key, person in (await _everybody(world)).items():
        async with world.database() as database, database.reading() as reader:
            for line in await ledger.of_person(reader, person.id):
                if line.wave_id == wave:
                    lines[key] = (line.reason, line.state)
    return lines


def _questions(world: World, telegram_id: int) -> int:
    """Count the messages with a scale that somebody got."""
    return sum(
        1 for one in world.sandbox.messages(telegram_id) if "порекомендуете" in (one.text or "")
    )


async def test_a_whole_campaign(world: World) -> None:
    await _more_people(world)
    for telegram_id in (SILENT, BLOCKER, STOPPER):
        world.sandbox.start(telegram_id)
    async with world.bot():
        await world.settle()
        await world.arrive("C1", "C2")
        stopper = await people_by(world, "C6")
        assert stopper.opted_out_at is None, "/start brings invitations back"
        await world.say(STOPPER, "/stop")
        world.sandbox.block(BLOCKER)
        await world.settle()

        launched = await world.launch("nps")
        assert launched["invited"] == 3
        wave = launched["wave"]
        links = (await world.operate("wave_links", wave=wave))["links"]
        assert [row["id"] for row in links] == ["C3", "C7", "C8"]

        await world.tap(ANNA, "9")
        await world.tap(ANNA, "Пропустить")
        await world.tap(BORIS, "3")
        token = next(row["link"] for row in links if row["id"] == "C8").rpartition("=")[2]
        await world.pass_time(days=1)
        await world.start(LATE, token)
        await world.tap(LATE, "Согласен")
        assert world.labels(LATE)[:2] == ["0", "1"]

        for _ in range(20):
            await world.pass_time(days=1)
        asked = {chat: _questions(world, chat) for chat in (ANNA, SILENT, LATE, BLOCKER, STOPPER)}
        assert asked[BLOCKER] == asked[STOPPER] == 0
        assert asked[ANNA] == 0, "an answered question has turned into thanks"
        assert len(world.sandbox.messages(STRANGER)) == 0

        again = await world.operate("preview_campaign", survey="nps")
        assert again["invited"] == 0
        assert again["reasons"] == {
            "asked_this_recently": 4,
            "no_telegram": 2,
            "left": 1,
            "opted_out": 1,
            "unreachable": 1,
        }

    lines = await _ledger(world, wave)
    assert lines == {
        "C1": (None, "finished"),
        "C2": (None, "expired"),
        "C3": ("no_telegram", "expired"),
        "C4": (None, "expired"),
        "C5": ("unreachable", None),
        "C6": ("opted_out", None),
        "C7": ("no_link", "expired"),
        "C8": (None, "expired"),
        "C9": ("left", None),
    }
    await _nobody_was_asked_twice(world)


async def people_by(world: World, key: str) -> Person:
    """Return a customer by the CRM's id."""
    return (await _everybody(world))[key]


async def _nobody_was_asked_twice(world: World) -> None:
    """Hold the journal of what Telegram delivered against the ledger."""
    reminded: Counter[str] = Counter()
    for key, person in (await _everybody(world)).items():
        async with world.database() as database, database.reading() as reader:
            made = await invitations.of_person(reader, person.id)
        assert len(made) <= 1, key
        reminded[key] = sum(one.reminded_at is not None for one in made)
        if made and made[0].reminded_at is not None:
            assert _after(made[0].reminded_at, made[0].sent_at) >= timedelta(days=4)
    assert reminded == {
        "C1": 0, "C2": 1, "C3": 0, "C4": 1, "C5": 0, "C6": 0, "C7": 0, "C8": 1, "C9": 0
    }  # fmt: skip


def _after(later: datetime, earlier: datetime | None) -> timedelta:
    assert earlier is not None
    return later - earlier


async def test_before_and_after_are_two_waves_of_one_campaign(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        plan = "survey: nps\nlabel: before\n"
        first = await world.operate("start_campaign", text=plan)
        await world.settle()
        await world.tap(ANNA, "5")
        await world.pass_time(days=100)
        second = await world.operate("next_wave", campaign=first["campaign"], label="after")
        assert second["invited"] == 1
        await world.settle()
        assert world.labels(ANNA)[:2] == ["0", "1"]
        listed = (await world.operate("list_campaigns"))["campaigns"]
        assert [row["label"] for row in listed] == ["after", "before"]


async def test_a_recurring_campaign_fires_each_slot_once_over_restarts(world: World) -> None:
    plan = "survey: nps\nwhen: {repeat: monthly, at: '12:00'}\n"
    async with world.bot():
        await world.arrive("C1", "C2")
        started = await world.operate("start_campaign", text=plan)
        assert started["next_at"] == "2026-10-01T12:00:00+03:00"
        await world.pass_time(days=17)
    await world.sandbox.clock.advance(timedelta(days=75))
    async with world.bot():
        await world.settle()
        listed = (await world.operate("list_campaigns"))["campaigns"]
        assert [row["label"] for row in listed] == ["2026-11-01", "2026-10-01"]
        assert [row["progress"]["invited"] for row in listed] == [0, 2]
        status = await world.operate("campaign_status", campaign=started["campaign"])
        assert status["next_at"] == "2027-01-01T12:00:00+03:00"
