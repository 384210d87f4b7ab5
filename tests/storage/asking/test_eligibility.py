"""What SQL says of everybody is what the rule says of each one."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.asking import eligibility
from storage.database import Database, Transaction, open_database
from storage.people.addresses import of_telegram
from storage.tables.people import addresses, links, people
from storage.tables.surveys import INVITATION_STATES, decisions, invitations
from surveys.campaign.eligibility import Candidate, Reason, Rules, decide
from surveys.survey.definition import Audience
from tests.engines import database_in
from tests.examples import per_hundred
from tests.storage.world import DAY, NOW, World

UNFINISHED = {"queued", "sent", "opened", "started", "unknown"}
SURVEYS = ("nps", "loyalty", "manager_self_assessment")


@dataclass(frozen=True)
class Asked:
    """An earlier invitation; `here`: in the wave that is being decided."""

    key: str
    state: str
    minutes: int
    sent: bool
    by_link: bool
    closed: bool
    finished: bool
    here: bool

    @property
    def counts(self) -> bool:
        return not (self.by_link and not self.sent)


@dataclass(frozen=True)
class Known:
    """What is known of somebody, as the test tells it."""

    manager: bool
    past: bool
    left: bool
    consented: bool
    reachable: bool
    opted_out: bool
    address: bool
    link: str
    awaited: str
    asked: tuple[Asked, ...]


yes_or_no = st.booleans()
mostly = st.sampled_from((True, True, True, False))
asked = st.builds(
    Asked,
    key=st.sampled_from(SURVEYS),
    state=st.sampled_from(INVITATION_STATES),
    # Around the limits of a day and of thirty, to the minute.
    minutes=st.one_of(
        st.integers(0, 60 * 24 * 100), st.integers(1439, 1441), st.integers(43199, 43201)
    ),
    sent=mostly,
    by_link=yes_or_no,
    closed=mostly,
    finished=yes_or_no,
    here=st.sampled_from((False, False, False, True)),
)
known = st.builds(
    Known,
    manager=yes_or_no,
    past=st.sampled_from((False, False, False, True)),
    left=st.sampled_from((False, False, False, True)),
    consented=mostly,
    reachable=mostly,
    opted_out=st.sampled_from((False, False, False, True)),
    address=mostly,
    link=st.sampled_from(("none", "usable", "revoked", "admin")),
    awaited=st.sampled_from(("", "", "here", "elsewhere")),
    asked=st.lists(asked, max_size=3).map(tuple),
)
rules = st.builds(
    Rules,
    audience=st.sampled_from(("customers", "managers")),
    global_days=st.sampled_from((0, 1, 30)),
    survey_days=st.sampled_from((0, 1, 30, 90)),
    paused=st.sampled_from((False, False, True)),
    cancelled=st.sampled_from((False, False, True)),
)


def told(one: Known, person_id: int, key: str) -> Candidate:
    """Return what the rule is told of somebody, in plain Python."""
    were = [each for each in one.asked if each.counts]
    real = [each for each in were if each.state not in {"unreachable", "cancelled"}]
    moments = [(each.key, NOW - timedelta(minutes=each.minutes)) for each in real]
    still_open = any(each.state in UNFINISHED and not each.closed for each in were)
    here = [each for each in one.asked if each.here]
    return Candidate(
        person_id=person_id,
        has_telegram=one.address,
        consented=one.consented,
        reachable=one.reachable,
        opted_out=one.opted_out,
        is_staff=one.manager,
        left=one.left,
        last_asked_at=max((moment for _, moment in moments), default=None),
        last_asked_this_survey_at=max((at for asked, at in moments if asked == key), default=None),
        has_open_survey=still_open or one.awaited == "elsewhere",
        in_wave=bool(here),
        answered=any(each.finished for each in here),
        has_link=one.link == "usable",
    )


async def write(
    tx: Transaction, world: World, crowd: Sequence[Known], waves: Sequence[int]
) -> dict[int, Known]:
    """Write a crowd; each invitation is in a wave of its own, but for the wave that is decided."""
    here, *others = waves
    found: dict[int, Known] = {}
    for one in crowd:
        person_id: int = await tx.scalar(
            tx.insert(people)
            .values(
                name="Ольга",
                is_manager=one.manager,
                is_customer=not one.manager,
                is_past=one.past,
                left_at=NOW if one.left else None,
                consented_at=NOW if one.consented else None,
                unreachable_at=None if one.reachable else NOW,
                opted_out_at=NOW if one.opted_out else None,
                created_at=NOW,
            )
            .returning(people.c.id)
        )
        found[person_id] = one
        if one.address:
            there = {**of_telegram(person_id)._asdict(), "is_written_to": True}
            await tx.run(tx.insert(addresses).values(person_id=person_id, **there))
        if one.link != "none":
            await tx.run(
                tx.insert(links).values(
                    token_hash=f"{person_id}",
                    kind="admin" if one.link == "admin" else "personal",
                    person_id=person_id,
                    created_at=NOW,
                    revoked_at=NOW if one.link == "revoked" else None,
                )
            )
        if one.awaited:
            waits = {"wave_id": here if one.awaited == "here" else others[0], "place": 1}
            line = {**waits, "person_id": person_id, "decided_at": NOW}
            await tx.run(tx.insert(decisions).values(line))
        free = iter(others)
        for each in one.asked:
            wave_id = here if each.here else next(free)
            await tx.run(tx.insert(invitations).values(_row(world, each, person_id, wave_id)))
    return found


def _row(world: World, each: Asked, person_id: int, wave_id: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=each.minutes)
    return {
        "wave_id": wave_id,
        "person_id": person_id,
        "definition_id": world.definitions[each.key],
        "touchpoint": "link" if each.by_link else "invitation",
        "state": each.state,
        "created_at": at - DAY if each.sent else at,
        "sent_at": at if each.sent else None,
        "finished_at": at if each.finished else None,
        "closed_at": at if each.closed else None,
        "closes_at": NOW + DAY,
    }


class Done(Exception):
    """Nothing of an example stays."""


@asynccontextmanager
async def undone(database: Database) -> AsyncIterator[Transaction]:
    """Give a transaction of which nothing stays."""
    with suppress(Done):
        async with database.transaction() as tx:
            yield tx
            raise Done


async def agree(world: World, crowd: Sequence[Known], rules: Rules) -> set[Reason | None]:
    """Compare SQL with the rule, page by page and for some; return the reasons there were."""
    audience: Audience = rules.audience
    survey = world.surveys["nps" if audience == "customers" else "manager_self_assessment"]
    async with undone(world.database) as tx:
        waves = [await world.wave(tx) for _ in range(5)]
        there = await write(tx, world, crowd, waves)
        expected = {
            person_id: decide(told(one, person_id, survey.key), rules, NOW)
            for person_id, one in there.items()
            if one.manager is (audience == "managers") and not one.past
        }
        pages = eligibility.pages(tx, survey, rules, NOW, waves[0])
        of_all = {one.person_id: one.reason async for page in pages for one in page}
        some = list(there)[::2]
        of_some = await eligibility.among(tx, survey, rules, NOW, some, waves[0])
    assert {person: reason for person, reason in of_all.items() if person in there} == expected
    assert {one.person_id: one.reason for one in of_some} == {
        person: expected[person] for person in some if person in expected
    }
    return set(expected.values())


def once(each: Known) -> Known:
    """Return somebody whose invitations are in the wave that is decided at most once."""
    here = [number for number, one in enumerate(each.asked) if one.here]
    kept = [one for number, one in enumerate(each.asked) if number not in here[1:]]
    return replace(each, asked=tuple(kept))


@pytest.fixture(scope="module")
def company() -> Iterator[tuple[asyncio.Runner, World]]:
    """One SQLite database for all examples; each undoes what it writes."""
    runner, folder = asyncio.Runner(), TemporaryDirectory()
    opened = open_database(database_in(Path(folder.name)))
    yield runner, runner.run(World.build(runner.run(opened.__aenter__())))
    runner.run(opened.__aexit__(None, None, None))
    runner.close()
    folder.cleanup()


@settings(max_examples=per_hundred(25))
@given(crowd=st.lists(known.map(once), min_size=1, max_size=8), rules=rules)
def test_sql_says_of_everybody_what_the_rule_says_of_each(
    company: tuple[asyncio.Runner, World], crowd: list[Known], rules: Rules
) -> None:
    runner, world = company
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(eligibility, "PAGE", 3)
        runner.run(agree(world, crowd, rules))


async def test_numbers_that_a_restore_left_out_are_not_looked_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, found = 0, eligibility._found

    async def counted(*given: Any) -> list[eligibility.Eligible]:
        nonlocal looked
        looked += 1
        assert looked < 10, "a page of nobody after another"
        return await found(*given)

    monkeypatch.setattr(eligibility, "_found", counted)
    rules = Rules("customers", 90, 30)
    async with undone(world.database) as tx:
        later = [1_000_000_000 + number for number in range(2)]
        for number in later:
            plain = {"id": number, "name": "Анна", "name_key": "анна", "created_at": NOW}
            await tx.run(people.insert().values(is_customer=True, **plain))
        pages = eligibility.pages(tx, world.surveys["nps"], rules, NOW)
        of_all = [one.person_id async for page in pages for one in page]
    assert of_all[-2:] == later


async def test_both_databases_know_every_reason_that_a_person_can_give(world: World) -> None:
    fine = Known(False, False, False, True, True, False, True, "none", "", ())
    recent = Asked("nps", "finished", 60, True, False, True, True, False)
    crowd = [
        fine,
        replace(fine, left=True),
        replace(fine, asked=(Asked("nps", "finished", 60, True, False, True, True, True),)),
        replace(fine, asked=(Asked("nps", "sent", 60, True, False, False, False, True),)),
        replace(fine, address=False),
        replace(fine, address=False, link="usable"),
        replace(fine, consented=False),
        replace(fine, opted_out=True),
        replace(fine, reachable=False),
        replace(fine, awaited="elsewhere"),
        replace(fine, asked=(recent,)),
        replace(fine, asked=(Asked("loyalty", "finished", 60, True, False, True, True, False),)),
        replace(fine, manager=True),
        replace(fine, past=True),
    ]
    Random(1).shuffle(crowd)
    customers = Rules("customers", global_days=30, survey_days=90)
    found = await agree(world, crowd, customers)
    assert found == {None, *Reason} - {
        Reason.OUTSIDE_AUDIENCE,
        Reason.CAMPAIGN_PAUSED,
        Reason.CAMPAIGN_CANCELLED,
        Reason.NOT_SAMPLED,
        Reason.QUOTA_FULL,
        Reason.QUIET_NOW,
    }
    managers = Rules("managers", global_days=30, survey_days=90, cancelled=True)
    assert await agree(world, crowd, managers) == {Reason.CAMPAIGN_CANCELLED}
