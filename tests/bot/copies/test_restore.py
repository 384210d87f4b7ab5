"""After a restore no customer gets anything by itself that may have gone out since the copy."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.jobs.upkeep import restoring
from bot.jobs.upkeep.restoring import Restored
from bot.operations.campaigns.launching import launch
from bot.operations.copies.backups import shelf_of
from storage.answering import answers, invitations
from storage.copies import backups, restores
from storage.database import open_database
from storage.errors import CopyChanged, DatabaseBusy, DatabaseForeign, DatabaseMissing
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import outbox
from surveys.campaign.plan import Plan
from tests.bot.delivery.faults import appoint
from tests.bot.world import ADMIN, ANNA, BORIS, START, World
from tests.engines import of_sqlite

pytestmark = of_sqlite("copies of its file")

CUSTOMERS = {ANNA, BORIS}
DAILY = "survey: nps\nwhen: {repeat: daily, at: '15:00'}\n"
AFTER_A_DEAL = "survey: service_request\nwhen: {event: deal-closed, after_hours: 2}\n"
GONE_QUIET = "survey: exit\nwhen: {inactive_days: 180, at: '15:00'}\n"


def _copy(world: World) -> Path:
    return backups.make(shelf_of(world.settings), "hand", world.sandbox.clock.now()).path


async def _restore(world: World, copy: Path) -> Restored:
    return await restoring.restore(world.settings, copy, world.sandbox.clock.now())


def _got(world: World) -> int:
    """Count the messages that customers have."""
    return sum(len(world.sandbox.messages(one)) for one in CUSTOMERS)


async def _came(world: World) -> None:
    await appoint(world)
    async with world.bot():
        await world.arrive("C1", "C2")


async def _released(world: World) -> None:
    """Release by the button that the admin was shown, and let days go by."""
    await world.settle()
    await world.tap(ADMIN, "Отпустить")
    await world.pass_time(days=1)


async def test_what_was_queued_in_the_copy_and_sent_since_is_not_sent_again(world: World) -> None:
    await _came(world)
    await world.operate("start_campaign", survey="nps")  # the bot stands: they are queued
    copy = _copy(world)
    async with world.bot():
        await world.settle()
    before = _got(world)
    assert (await _restore(world, copy)).uncertain == 2
    async with world.bot():
        await world.settle()
        assert "2 сообщения могли уйти" in world.screen(ADMIN).text
        await _released(world)
        assert _got(world) == before, "released, but whose fate is unknown stay"
        said = [one.text for one in world.sandbox.messages(ADMIN)]
        assert (
            "Отпущено: ничего не ждало отправки. Бот снова пишет клиентам, как обычно. 2 сообщения "
            "с неясной судьбой ждут Вашего решения: /outbox"
        ) in said
        listed = await world.say(ADMIN, "/outbox")
        assert "1. Анна, приглашение, " in listed.text
        await world.tap(ADMIN, "Отправить все ещё раз")
    assert _got(world) == before + 2, "an admin has decided"


async def test_until_it_is_released_nothing_goes_to_customers(world: World) -> None:
    await _came(world)
    before = _got(world)
    await _restore(world, _copy(world))
    async with world.bot():
        await world.launch("nps")
        assert _got(world) == before
        await world.pass_time(hours=2)
    async with world.bot():
        await world.pass_time(hours=2)
        assert _got(world) == before, "also across a restart"
        found = await world.operate("release_restored")
        assert found == {"released": 2, "uncertain": 0}
        await world.settle()
        assert _got(world) == before + 2
        with pytest.raises(Refused):
            await world.operate("release_restored")


async def test_a_slot_that_fired_after_the_copy_is_not_fired_again(world: World) -> None:
    await _came(world)
    await world.operate("start_campaign", text=DAILY)
    copy = _copy(world)
    async with world.bot():
        await world.pass_time(hours=4)
    before = _got(world)
    done = await _restore(world, copy)
    assert (done.uncertain, done.waves) == (2, 1)
    async with world.bot():
        await _released(world)
        await world.pass_time(days=2)
        assert _got(world) == before, "the throttle knows of the wave that may have gone out"


async def test_a_slot_after_the_restore_is_fired_as_ever(world: World) -> None:
    await _came(world)
    await world.operate("start_campaign", text=DAILY)
    before = _got(world)
    await _restore(world, _copy(world))
    async with world.bot():
        await _released(world)
    assert _got(world) == before + 2


async def test_an_event_followed_after_the_copy_is_not_followed_again(world: World) -> None:
    await _came(world)
    await world.operate("start_campaign", text=AFTER_A_DEAL)
    await world.operate("tell_event", event="deal-closed", customer="C1", deal="D-7")
    copy = _copy(world)
    async with world.bot():
        await world.pass_time(hours=3)
    before = _got(world)
    assert (await _restore(world, copy)).uncertain == 1
    async with world.bot():
        await _released(world)
    assert _got(world) == before


async def test_customers_gone_quiet_are_not_asked_twice(world: World) -> None:
    await _came(world)
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        anna = await people.by_address(tx, of_telegram(ANNA))
        assert anna is not None
        bought = (START - timedelta(days=200)).date()
        await people.change(tx, anna.id, last_purchase_on=bought)
    await world.operate("start_campaign", text=GONE_QUIET)
    copy = _copy(world)
    async with world.bot():
        await world.pass_time(hours=4)
    before = _got(world)
    assert (await _restore(world, copy)).uncertain == 1
    async with world.bot():
        await _released(world)
        await world.pass_time(days=60)
    reminders = 1
    assert _got(world) <= before + reminders


async def test_a_reminder_sent_after_the_copy_is_not_sent_again(world: World) -> None:
    await _came(world)
    async with world.bot():
        await world.launch("nps")
    copy = _copy(world)
    async with world.bot():
        await world.pass_time(days=5)
    before = _got(world)
    assert (await _restore(world, copy)).uncertain == 2
    async with world.bot():
        await _released(world)
    assert _got(world) == before


async def test_a_wave_being_prepared_when_copied_is_not_sent_again(world: World) -> None:
    await _came(world)
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        await launch(tx, Plan(survey="nps"), None, world.sandbox.clock.now())
    copy = _copy(world)
    async with world.bot():
        await world.settle()
    before = _got(world)
    assert (await _restore(world, copy)).uncertain == 2
    async with world.bot():
        await _released(world)
    assert _got(world) == before


async def test_a_paused_campaigns_messages_are_in_doubt_too(world: World) -> None:
    """It may have been resumed after the copy was made."""
    await _came(world)
    launched = await world.operate("start_campaign", survey="nps")
    await world.operate("pause_campaign", campaign=launched["campaign"])
    copy = _copy(world)
    await world.operate("resume_campaign", campaign=launched["campaign"])
    async with world.bot():
        await world.settle()
    before = _got(world)
    await _restore(world, copy)
    async with world.bot():
        await _released(world)
        await world.operate("resume_campaign", campaign=launched["campaign"])
        await world.settle()
    assert _got(world) == before


async def test_messages_to_staff_come_again_marked(world: World) -> None:
    await _came(world)
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        draft = outbox.NewMessage(
            "d", of_telegram(ADMIN), "staff", 20, START, "show", {"text": "Сводка", "rows": []}
        )
        await outbox.put(tx, draft, START)
    copy = _copy(world)
    await _restore(world, copy)
    async with world.bot():
        await world.settle()
    assert "↻ Сводка" in [message.text for message in world.sandbox.messages(ADMIN)]


async def test_old_buttons_lead_on_in_the_survey_that_may_have_been_sent(world: World) -> None:
    """What was sent after the copy has a number that the copy does not know, nor gives again."""
    await _came(world)
    await world.operate("start_campaign", text=DAILY)
    copy = _copy(world)
    async with world.bot():
        await world.pass_time(hours=4)
    old = world.screen(ANNA)
    await _restore(world, copy)
    async with world.bot():
        shown = await world.tap(ANNA, "9")
        assert "устарела" in world.sandbox.toasts(ANNA)[-1].text
        assert shown.message_id == old.message_id
        await world.tap(ANNA, "9")
        await world.tap(ANNA, "Пропустить")
    async with world.database() as database, database.reading() as reader:
        assert await restores.held(reader)
        anna = await people.by_address(reader, of_telegram(ANNA))
        assert anna is not None
        (asked, *_) = await invitations.of_person(reader, anna.id)
        assert (await answers.given(reader, asked.id))["recommend"] == "9"


async def test_an_old_button_without_a_survey_is_answered_kindly(world: World) -> None:
    await _came(world)
    copy = _copy(world)
    async with world.bot():
        await world.launch("nps")
    await _restore(world, copy)
    async with world.bot():
        await world.tap(ANNA, "9")
        assert "завершён" in world.sandbox.toasts(ANNA)[-1].text


async def test_numbers_given_since_the_copy_are_not_given_again(world: World) -> None:
    await _came(world)
    copy = _copy(world)
    first = await world.operate("start_campaign", survey="nps")
    await _restore(world, copy)
    second = await world.operate("start_campaign", survey="nps")
    assert second["campaign"] > first["campaign"]
    assert second["wave"] > first["wave"]


async def test_who_unsubscribed_since_stays_unsubscribed(world: World) -> None:
    await _came(world)
    await world.operate("start_campaign", survey="nps")
    copy = _copy(world)
    async with world.bot():
        await world.settle()
        await world.say(ANNA, "/stop")
    before = _got(world)
    done = await _restore(world, copy)
    assert (done.unsubscribed, done.uncertain) == (1, 1)
    async with world.bot():
        await _released(world)
        await world.say(ADMIN, "/outbox")
        await world.tap(ADMIN, "Отправить все ещё раз")
    assert _got(world) == before + 1


async def test_it_refuses_while_the_bot_runs(world: World) -> None:
    await _came(world)
    copy = _copy(world)
    async with world.bot():
        with pytest.raises(DatabaseBusy):
            await _restore(world, copy)


async def test_what_is_no_copy_is_refused_and_changes_nothing(world: World, tmp_path: Path) -> None:
    await _came(world)
    path = shelf_of(world.settings).database
    before = path.read_bytes()
    letter = tmp_path / "letter.db"
    letter.write_bytes(b"a letter")
    changed = _copy(world)
    content = bytearray(changed.read_bytes())
    content[content.rindex(b"C1")] ^= 1
    changed.write_bytes(content)
    for file, error in (
        (letter, DatabaseForeign),
        (tmp_path / "none.db", DatabaseMissing),
        (changed, CopyChanged),
    ):
        with pytest.raises(error):
            await _restore(world, file)
    assert path.read_bytes() == before
    assert not [one for one in path.parent.iterdir() if "restor" in one.name]


async def test_what_was_there_before_is_kept_and_can_be_gone_back_to(world: World) -> None:
    await _came(world)
    copy = _copy(world)
    await world.operate("start_campaign", survey="nps")
    done = await _restore(world, copy)
    assert done.aside is not None
    assert not (await world.operate("list_campaigns"))["campaigns"]
    back = await _restore(world, done.aside / "otklik.db")
    assert (await world.operate("list_campaigns"))["campaigns"]
    assert back.uncertain == 2


async def test_nobody_but_an_admin_releases(world: World) -> None:
    await _came(world)
    await _restore(world, _copy(world))
    async with world.bot():
        async with world.database() as database, database.reading() as reader:
            hold = await restores.held(reader)
        assert hold is not None
        await world.forge(ANNA, f"1:m:backups:release:{hold.id}")
        await world.forge(ADMIN, "1:m:backups:release:7")
        async with world.database() as database, database.reading() as reader:
            assert await restores.held(reader) == hold
