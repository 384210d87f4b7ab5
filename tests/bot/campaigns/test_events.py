"""Events from the command line and over HTTP, and the invitations that follow them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal

import aiohttp
import pytest

from bot.errors import Refused
from bot.events.endpoint import Endpoint, listening
from storage.asking import events, ledger
from storage.database import open_database
from storage.errors import DealOfAnother
from storage.people import cards, people
from storage.people.circles import EVERYBODY
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.sending import tally
from tests.bot.world import ADMIN, ANNA, START, World
from tests.engines import on_both

TOKEN = "a-token-of-sixteen"
AFTER_A_DEAL = "survey: service_request\nwhen: {event: deal-closed, after_hours: 2}\n"


@asynccontextmanager
async def endpoint(world: World) -> AsyncIterator[str]:
    """Serve events on a free port of the loopback, without the bot."""
    async with (
        open_database(world.settings.database_url) as database,
        listening(
            Endpoint("127.0.0.1", 0, TOKEN), database, world.sandbox.clock.now, lambda: None
        ) as port,
    ):
        yield f"http://127.0.0.1:{port}/events"


@on_both
async def test_a_deal_of_another_customer_is_reported_and_changes_nothing(world: World) -> None:
    await world.operate("add_admin", telegram_id=ADMIN)
    told = {"event": "deal-closed", "customer": "C1", "deal": "D-7"}
    await world.operate("tell_event", **told)
    with pytest.raises(DealOfAnother, match="D-7"):
        await world.operate("tell_event", **(told | {"customer": "C2"}))
    async with aiohttp.ClientSession() as session, endpoint(world) as url:
        for customer, status in (("C2", 409), ("C2", 409), ("C1", 200)):
            asked = {"customer": customer, "deal": "D-7", "token": TOKEN}
            async with session.get(f"{url}/deal-closed", params=asked) as answer:
                assert answer.status == status
    async with world.database() as database, database.reading() as reader:
        boris = await people.by_external(reader, "C2")
        assert boris is not None
        assert boris.last_purchase_on is None
        assert await tally.by_state(reader) == {"queued": 1}


async def test_an_event_is_followed_after_its_wait_once_a_deal(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        campaign = await world.operate("start_campaign", text=AFTER_A_DEAL)
        assert campaign["wave"] is None
        told = {"event": "deal-closed", "customer": "C1", "deal": "D-7", "manager": "M1"}
        first = await world.operate("tell_event", **told)
        assert first["campaigns"] == [campaign["campaign"]]
        assert (await world.operate("tell_event", **told))["repeated"]
        before = len(world.sandbox.messages(ANNA))
        await world.pass_time(hours=1)
        assert len(world.sandbox.messages(ANNA)) == before
        await world.pass_time(hours=1, minutes=1)
        assert len(world.sandbox.messages(ANNA)) == before + 1
        assert world.labels(ANNA)[:7] == ["1", "2", "3", "4", "5", "6", "7"]
        await world.operate("tell_event", **(told | {"deal": "D-8"}))
        await world.pass_time(hours=3)
        assert len(world.sandbox.messages(ANNA)) == before + 1
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_external(reader, "C1")
        assert anna is not None
        lines = await ledger.of_person(reader, anna.id)
        assert [(line.label, line.reason) for line in lines] == [
            ("D-8", "survey_open"),
            ("D-7", None),
        ]


async def test_the_card_of_an_event_campaign_adds_up_its_waves(world: World) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        campaign = (await world.operate("start_campaign", text=AFTER_A_DEAL))["campaign"]
        for customer in ("C1", "C2"):
            told = {"event": "deal-closed", "customer": customer, "deal": f"D-{customer}"}
            await world.operate("tell_event", **told)
        await world.pass_time(hours=2, minutes=1)
        status = await world.operate("campaign_status", campaign=campaign)
        assert (status["waves"], status["progress"]["invited"]) == (2, 2)
        await world.say(ADMIN, "/menu")
        assert "приглашено 2" in (await world.tap(ADMIN, "Кампании")).text
        card = next(label for label in world.labels(ADMIN) if label.startswith("1"))
        assert "приглашено 2, доставлено 2" in (await world.tap(ADMIN, card)).text


async def test_a_deal_without_a_number_is_of_the_companys_day(world: World) -> None:
    """In Moscow, where the day is three hours older than in Greenwich."""
    told = {"event": "deal-closed", "customer": "C1"}
    days = [(15, 20), (15, 21), (16, 10), (16, 21)]
    repeated = []
    for day, hour in days:
        await world.sandbox.clock.set(START.replace(day=day, hour=hour, minute=30))
        repeated.append((await world.operate("tell_event", **told))["repeated"])
    assert repeated == [False, False, True, False]


async def test_a_deal_kept_by_an_earlier_version_is_the_same_deal(world: World) -> None:
    after_midnight = START.replace(hour=21, minute=30)
    async with world.writing() as database, database.transaction() as tx:
        anna = await people.by_external(tx, "C1")
        assert anna is not None
        before = "C1@2026-09-15"
        await events.add(tx, "deal-closed", before, anna.id, None, after_midnight)
    await world.sandbox.clock.set(after_midnight + timedelta(hours=9))
    told = {"event": "deal-closed", "customer": "C1"}
    assert (await world.operate("tell_event", **told))["repeated"]
    async with world.database() as database, database.reading() as reader:
        card = await cards.card(reader, anna.id, EVERYBODY, latest=5)
        assert card is not None
        assert [deal.number for deal in card.deals] == [None]


async def test_a_paused_campaign_drops_its_events_and_says_so(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        campaign = (await world.operate("start_campaign", text=AFTER_A_DEAL))["campaign"]
        await world.operate("pause_campaign", campaign=campaign)
        await world.operate("tell_event", event="deal-closed", customer="C1", deal="1")
        await world.pass_time(hours=3)
        await world.operate("resume_campaign", campaign=campaign)
        await world.pass_time(hours=3)
        why = await world.operate("why", person="Анна")
    assert why["people"][0]["ledger"][0]["outcome"] == "campaign_paused"


async def test_a_relationship_survey_does_not_follow_events(world: World) -> None:
    with pytest.raises(Refused, match="relationship survey"):
        await world.operate("start_campaign", text="survey: nps\nwhen: {event: deal-closed}")


async def test_the_endpoint_takes_query_form_and_json(world: World) -> None:
    async with endpoint(world) as url, aiohttp.ClientSession() as session:
        query = {"token": TOKEN, "customer": "C1", "deal": "1"}
        async with session.get(f"{url}/deal-closed", params=query) as answer:
            assert (answer.status, (await answer.json())["repeated"]) == (200, False)
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        form = {"customer": "C1", "deal": "2", "manager": "M1"}
        async with session.post(f"{url}/deal-closed", data=form, headers=bearer) as answer:
            assert not (await answer.json())["repeated"]
        async with session.post(f"{url}/deal-closed", json=form, headers=bearer) as answer:
            assert (await answer.json())["repeated"]
        amocrm = {
            "leads[status][0][id]": "3",
            "leads[status][0][responsible_user_id]": "M1",
            "leads[status][0][price]": "700",
        }
        address = f"{url}/deal-closed?customer=C1&token={TOKEN}"
        async with session.post(address, data=amocrm) as answer:
            assert not (await answer.json())["repeated"]
        async with session.post(address, data=amocrm) as answer:
            assert (await answer.json())["repeated"]
        precise = b'{"customer": "C1", "deal": "4", "amount": 12500.50}'
        typed = bearer | {"Content-Type": "application/json"}
        async with session.post(f"{url}/deal-closed", data=precise, headers=typed) as answer:
            assert answer.status == 200
        unclear = {"customer": "C1", "deal": "5", "amount": "12,500"}
        async with session.post(f"{url}/deal-closed", data=unclear, headers=bearer) as answer:
            assert answer.status == 200
    async with world.database() as database, database.reading() as reader:
        anna = await people.by_external(reader, "C1")
        assert anna is not None
        card = await cards.card(reader, anna.id, EVERYBODY)
    assert card is not None
    assert [(one.number, one.manager, one.amount) for one in card.deals] == [
        ("5", None, None),
        ("4", None, Decimal("12500.50")),
        ("3", "Мария Менеджер", Decimal(700)),
        ("2", "Мария Менеджер", None),
        ("1", None, None),
    ]


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("/deal-closed?customer=C1", {}, b"", 403),
        ("/deal-closed?customer=C1&token=wrong", {}, b"", 403),
        ("/deal-closed?customer=C1&token=%FF%FE", {}, b"", 403),
        ("/deal-closed", {"Authorization": f"Bearer {TOKEN}"}, b"", 400),
        (f"/deal-closed?customer=nobody&token={TOKEN}", {}, b"", 404),
        (f"/Deal%20closed?customer=C1&token={TOKEN}", {}, b"", 400),
        (f"/x?customer={'9' * 101}&token={TOKEN}", {}, b"", 400),
        (f"/x?token={TOKEN}", {"Content-Type": "application/json"}, b"[1]", 400),
        (f"/x?token={TOKEN}", {"Content-Type": "application/json"}, b"\xff", 400),
        (f"/x?token={TOKEN}", {"Content-Type": "application/json"}, b"[" * 60_000, 400),
        (f"/x?token={TOKEN}", {"Content-Type": "application/json"}, b"1" * 70_000, 413),
    ],
)
async def test_the_endpoint_refuses_what_is_not_right(
    world: World, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with (
        endpoint(world) as url,
        aiohttp.ClientSession() as session,
        session.post(url + path, data=body, headers=headers) as answer,
    ):
        assert answer.status == status
        assert TOKEN not in await answer.text()


async def test_customers_gone_quiet_get_the_exit_survey_once(world: World) -> None:
    plan = "survey: exit\nwhen: {inactive_days: 180, at: '12:00'}\n"
    async with open_database(world.settings.database_url) as database, database.transaction() as tx:
        for key, day in (("C1", date(2026, 1, 10)), ("C2", date(2026, 9, 1))):
            person = await people.by_external(tx, key)
            assert person is not None
            await people.change(tx, person.id, last_purchase_on=day)
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.operate("start_campaign", text=plan)
        before = len(world.sandbox.messages(ANNA))
        for _ in range(3):
            await world.pass_time(days=1)
        assert len(world.sandbox.messages(ANNA)) == before + 1
        listed = await world.operate("list_campaigns")
        assert [row["progress"]["invited"] for row in listed["campaigns"]] == [1]


async def test_whose_deal_closed_last_week_is_not_asked_why_they_left(world: World) -> None:
    stale = PersonRow(
        role="customer", external_id="C1", name="Анна", last_purchase_on=date(2026, 1, 10)
    )
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        await people_import.apply(tx, [stale], world.sandbox.clock.now())
    async with world.bot():
        await world.arrive("C1")
        await world.operate("tell_event", event="deal-closed", customer="C1", deal="D-1")
        await world.operate("start_campaign", text="survey: exit\nwhen: {inactive_days: 180}\n")
        before = len(world.sandbox.messages(ANNA))
        await world.pass_time(days=2)
        assert len(world.sandbox.messages(ANNA)) == before
        await world.pass_time(days=200)
        assert len(world.sandbox.messages(ANNA)) > before


async def test_an_old_list_does_not_take_a_deal_back(world: World) -> None:
    stale = PersonRow(
        role="customer", external_id="C1", name="Анна", last_purchase_on=date(2026, 1, 10)
    )
    await world.operate("tell_event", event="deal-closed", customer="C1", deal="D-1")
    await world.operate("tell_event", event="visit", customer="C2", deal="V-1")
    url = world.settings.database_url
    async with open_database(url) as database, database.transaction() as tx:
        await people_import.apply(tx, [stale], world.sandbox.clock.now())
        again = await people_import.apply(tx, [stale], world.sandbox.clock.now())
        anna, boris = [await people.by_external(tx, key) for key in ("C1", "C2")]
    assert again.unchanged == 1
    assert anna is not None
    assert boris is not None
    assert (anna.last_purchase_on, boris.last_purchase_on) == (date(2026, 9, 15), None)


async def test_a_sum_that_cannot_be_read_is_refused_where_somebody_reads_the_answer(
    world: World,
) -> None:
    told = {"event": "deal-closed", "customer": "C1", "deal": "D-1"}
    with pytest.raises(Refused, match="amount"):
        await world.operate("tell_event", **told, amount="12,500")
    assert not (await world.operate("tell_event", **told, amount="12 500,50"))["repeated"]
