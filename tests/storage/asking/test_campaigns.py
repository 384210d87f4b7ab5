from dataclasses import replace
from datetime import timedelta

import pytest

from storage.answering import deadlines, invitations
from storage.asking import campaigns, ledger, prospects
from storage.asking.campaigns import CampaignDraft
from storage.asking.ledger import Line
from storage.asking.prospects import Prospect
from storage.database import Reader, Transaction
from storage.errors import ConstraintViolated, NotFound
from storage.people import addresses, links, people, wishes
from storage.people.addresses import TELEGRAM, of_telegram
from storage.sending import outbox, tally, uncertain
from storage.sending.outbox import NewMessage
from surveys.campaign.audience import Filter
from surveys.campaign.eligibility import Reason, Rules, decide
from surveys.campaign.plan import Plan
from tests.storage.world import DAY, NOW, World, close_due

RULES = Rules("customers", global_days=30, survey_days=90)


async def _reasons(
    world: World, reader: Reader, days: int = 0, wave_id: int | None = None
) -> dict[int, Reason | None]:
    found = await prospects.candidates(reader, world.surveys["nps"], wave_id=wave_id)
    now = NOW + days * DAY
    return {
        prospect.candidate.person_id: decide(prospect.candidate, RULES, now) for prospect in found
    }


async def test_a_campaign_comes_back_with_its_waves(world: World) -> None:
    async with world.database.transaction() as tx:
        plan = Plan(survey="nps", audience=Filter(segments=("gold",)))
        draft = CampaignDraft(world.definitions["nps"], "Autumn", 14, 4, plan, NOW + DAY)
        campaign = await campaigns.create(tx, draft, world.managers[0], NOW)
        wave = await campaigns.start_wave(tx, campaign.id, "1", NOW, NOW + DAY)
        assert await campaigns.list_all(tx) == [campaign]
        assert await campaigns.waves_of(tx, campaign.id) == [wave]
        assert (campaign.plan, campaign.state, campaign.closes_after_days) == (plan, "running", 14)
        assert await tx.scalar(campaigns.FIRST_DUE) == NOW + DAY
        with pytest.raises(NotFound):
            await campaigns.get(tx, 404)
    with pytest.raises(ConstraintViolated):
        async with world.database.transaction() as tx:
            await campaigns.start_wave(tx, campaign.id, "1", NOW, NOW + DAY)


async def test_candidates_are_the_survey_s_side_with_what_decides(world: World) -> None:
    survey = world.surveys["nps"]
    async with world.database.reading() as reader:
        everybody = await prospects.candidates(reader, survey)
        assert [one.name for one in everybody] == ["Вера", "Глеб", "Дина"]
        assert [one.segment for one in everybody] == ["gold", "gold", None]
        staff = await prospects.candidates(reader, world.surveys["manager_self_assessment"])
        assert [one.candidate.is_staff for one in staff] == [True, True]
        (one,) = await prospects.candidates(reader, survey, among=[world.customers[1]])
        assert isinstance(one, Prospect)
        assert one.manager_id == world.managers[1]


async def test_every_reason_can_be_read_from_the_database(world: World) -> None:
    first, second, third = world.customers
    async with world.database.transaction() as tx:
        assert set((await _reasons(world, tx)).values()) == {None}
        await wishes.opt_out(tx, first, NOW)
        await people.unreachable(tx, of_telegram((1 << 40) + second), NOW)
        await people.decline(tx, third, NOW)
        assert list((await _reasons(world, tx)).values()) == [
            Reason.OPTED_OUT,
            Reason.UNREACHABLE,
            Reason.NOT_CONSENTED,
        ]
        await addresses.unbind(tx, third, TELEGRAM)
        await people.leave_all(tx, [first], NOW)
        found = await _reasons(world, tx)
    assert (found[first], found[third]) == (Reason.LEFT, Reason.NO_LINK)
    async with world.database.transaction() as tx:
        await links.issue(tx, "personal", third, NOW)
        assert (await _reasons(world, tx))[third] is Reason.NO_TELEGRAM


async def test_the_clocks_run_from_what_was_really_asked(world: World) -> None:
    first, second, third = world.customers
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        nps = await world.invite(tx, first, wave_id=wave)
        await invitations.sent(tx, nps.id, 1, NOW)
        other = await world.invite(tx, second, "loyalty")
        await invitations.sent(tx, other.id, 1, NOW)
        lost = await world.invite(tx, third)
        await invitations.failed(tx, lost.id, NOW)
        assert list((await _reasons(world, tx, wave_id=wave)).values()) == [
            Reason.IN_WAVE,
            Reason.SURVEY_OPEN,
            None,
        ]
        await invitations.finish(tx, nps.id, NOW)
        await invitations.finish(tx, other.id, NOW)
        assert list((await _reasons(world, tx, 29)).values()) == [
            Reason.ASKED_THIS_RECENTLY,
            Reason.ASKED_RECENTLY,
            None,
        ]
        assert list((await _reasons(world, tx, 31)).values()) == [
            Reason.ASKED_THIS_RECENTLY,
            None,
            None,
        ]
        assert set((await _reasons(world, tx, 91)).values()) == {None}


async def test_the_ledger_says_why_somebody_was_not_asked(world: World) -> None:
    first, second, _ = world.customers
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        found = [Line(first, due_at=NOW + DAY), Line(second, Reason.NO_TELEGRAM)]
        await ledger.record(tx, wave, found, NOW)
        await world.invite(tx, first, wave_id=wave)
        progress = await campaigns.progress(tx, wave)
        assert (progress.invited, progress.states) == (1, {"queued": 1})
        assert progress.not_asked == {"no_telegram": 1}
        (line,) = await ledger.of_person(tx, second)
        assert (line.wave_id, line.reason, line.decided_at) == (wave, "no_telegram", NOW)
        assert line.state is None
        (asked,) = await ledger.of_person(tx, first)
        assert (asked.reason, asked.due_at, asked.state) == (None, NOW + DAY, "queued")
        assert await ledger.with_reason(tx, wave, [Reason.NO_TELEGRAM]) == [second]
        await ledger.record(tx, wave, [Line(second)], NOW + DAY)
        assert (await campaigns.progress(tx, wave)).not_asked == {}


async def test_a_paused_campaign_sends_nothing_and_a_cancelled_one_never(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        campaign = (await campaigns.get_wave(tx, wave)).campaign_id
        invitation = await world.invite(tx, world.customers[0], wave_id=wave)
        draft = NewMessage(
            "k", of_telegram(1), "customer", 50, NOW, "show", {}, invitation_id=invitation.id
        )
        await outbox.put(tx, draft, NOW)
        await campaigns.pause(tx, campaign)
        assert (await campaigns.get(tx, campaign)).state == "paused"
        assert await outbox.claim(tx, NOW) == []
        await campaigns.resume(tx, campaign)
        assert await tally.by_state(tx) == {"queued": 1}
        assert await campaigns.cancel(tx, campaign, NOW) == 1
        assert await tally.by_state(tx) == {"cancelled": 1}
        assert (await invitations.get(tx, invitation.id)).state == "cancelled"
        assert await close_due(tx, NOW + timedelta(days=20)) == []


async def _in_flight(world: World, tx: Transaction) -> tuple[int, list[int]]:
    """Return a campaign with three messages that are being sent, and their numbers."""
    wave = await world.wave(tx)
    for number, person in enumerate(world.customers[:3]):
        one = await world.invite(tx, person, wave_id=wave)
        draft = NewMessage(f"k{number}", of_telegram(number), "customer", 50, NOW, "show", {})
        await outbox.put(tx, replace(draft, invitation_id=one.id, person_id=person), NOW)
    taken = await outbox.claim(tx, NOW, limit=3)
    return (await campaigns.get_wave(tx, wave)).campaign_id, [one.id for one in taken]


async def test_what_comes_back_after_a_pause_waits_and_after_the_end_is_not_sent(
    world: World,
) -> None:
    async with world.database.transaction() as tx:
        campaign, (first, second, third) = await _in_flight(world, tx)
        await campaigns.pause(tx, campaign)
        await outbox.retry(tx, first, NOW, "refused")
        for one in (second, third):
            await outbox.unknown(tx, one, "timeout", NOW)
        await uncertain.resend(tx, {"": NOW}, NOW, only=second)
        await uncertain.resend(tx, {"": NOW}, NOW)
        assert await tally.by_state(tx) == {"held": 3}
        await campaigns.resume(tx, campaign)
        assert [one.id for one in await outbox.claim(tx, NOW, limit=3)] == [first, second, third]
        await campaigns.cancel(tx, campaign, NOW)
        await outbox.retry(tx, first, NOW, "refused")
        for one in (second, third):
            await outbox.unknown(tx, one, "timeout", NOW)
        await uncertain.resend(tx, {"": NOW}, NOW, only=second)
        await uncertain.resend(tx, {"": NOW}, NOW)
        assert await outbox.claim(tx, NOW, limit=3) == []


async def test_what_comes_back_to_who_wants_no_more_is_not_sent(world: World) -> None:
    async with world.database.transaction() as tx:
        _, (first, second, third) = await _in_flight(world, tx)
        for person in world.customers[:2]:
            await wishes.opt_out(tx, person, NOW)
        await outbox.unknown(tx, second, "timeout", NOW)
        await uncertain.resend(tx, {"": NOW}, NOW, only=second)
        for one in (first, third):
            await outbox.retry(tx, one, NOW, "refused")
        assert [one.id for one in await outbox.claim(tx, NOW, limit=3)] == [third]


async def test_a_paused_campaign_reminds_nobody(world: World) -> None:
    async with world.database.transaction() as tx:
        wave = await world.wave(tx)
        invitation = await world.invite(tx, world.customers[0], wave_id=wave)
        await invitations.sent(tx, invitation.id, 1, NOW)
        await campaigns.pause(tx, (await campaigns.get_wave(tx, wave)).campaign_id)
        assert await deadlines.reminders(tx, NOW + 5 * DAY) == []
