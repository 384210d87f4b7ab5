"""The digest of a part of the company: it names the part, and leaves out what is everybody's."""

import json
import re
from dataclasses import replace

import pytest

from bot.errors import Refused
from bot.operations.reports import digest
from bot.operations.reports.parts import of_part, typed
from scoring.reports.casework import casework
from storage.answering import answers, invitations
from storage.people import people
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from surveys.counts.casework import CaseCounts
from surveys.reports.as_json import read_digest
from surveys.reports.digest import Moved
from surveys.reports.scope import COMPANY, NamedPart, Scope
from tests.bot.world import START, STRANGER, World
from tests.templates.pages import Page, document

HOSTILE = "</title><script>alert(1)</script>"


async def _prepared(world: World) -> int:
    """Let two customers answer, of whom one is wholesale; return their manager's number."""
    async with world.writing() as database, database.transaction() as tx:
        manager = await people.by_external(tx, "M1", "manager")
        assert manager is not None
        for external_id, score in (("C1", 9), ("C2", 2)):
            person = await people.by_external(tx, external_id)
            assert person is not None
            [made] = await invitations.of_person(tx, person.id)
            await answers.keep(tx, made.id, "recommend", str(score), float(score), START)
    return manager.id


async def _made(world: World, scope: Scope) -> digest.Made:
    now = world.sandbox.clock.now()
    return await digest.make(world.settings.database_url, "2026-09", "ru", now, scope)


async def test_a_digest_of_a_part_names_it_and_leaves_out_what_is_the_companys(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
    manager = await _prepared(world)
    whole, part = [
        await _made(world, scope) for scope in (COMPANY, Scope(segment="опт", manager=manager))
    ]
    assert whole.document.part is None
    assert whole.document.nps is not None
    assert part.document.nps is not None
    assert (whole.document.nps.n, part.document.nps.n) == (2, 1)
    named = NamedPart(segment="опт", manager_id=manager, manager="Мария Менеджер")
    assert part.document.part == named
    assert json.loads(part.json())["part"]["manager"] == "Мария Менеджер"
    assert part.document.casework is None
    assert part.document.money is None
    for said in (part.html(), part.text()):
        assert "сегмент «опт», менеджер Мария Менеджер" in said
        assert "есть только по компании в целом" in said
    assert 'id="cases"' in whole.html()
    assert 'id="cases"' not in part.html()
    assert part.png().startswith(b"\x89PNG")


async def test_a_part_that_there_is_not_is_refused_and_a_hostile_name_is_only_a_name(
    world: World,
) -> None:
    with pytest.raises(Refused, match=r"no manager 999999\. Known: \d+ Мария Менеджер\.$"):
        await _made(world, Scope(manager=999_999))
    with pytest.raises(Refused, match=r"no campaign 999999\. Known: —\.$"):
        await _made(world, Scope(campaign=999_999))
    made = await _made(world, Scope(segment=HOSTILE, attribute=(HOSTILE, HOSTILE)))
    assert made.document.empty
    page = Page(made.html())
    assert page.elements["script"] == 0
    assert HOSTILE in "".join(page.text)


async def test_a_number_of_staff_who_manage_nobody_is_no_managers(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.launch("nps")
    async with world.writing() as database, database.transaction() as tx:
        manager = await people.by_external(tx, "M1", "manager")
        admin = await people.add_admin(tx, of_telegram(STRANGER), "Анна", "ru", START)
        assert manager is not None
        with pytest.raises(Refused, match=rf"no manager {admin.id}\. Known: \d+ Мария"):
            await typed(tx, Scope(manager=admin.id))
        # Whose customers were asked is found, whatever became of the manager.
        await people.change(tx, manager.id, is_manager=False, left_at=START)
        part = await typed(tx, Scope(manager=manager.id))
        assert part is not None
        assert part.manager == manager.name


def test_a_part_leaves_out_whatever_is_known_of_the_whole_company_alone() -> None:
    whole = read_digest(json.dumps(document("rich", "ru")))
    counts = CaseCounts(until=START, opened=12, resolved=9, open=4)
    whole = replace(
        whole, casework=casework(counts), moved=Moved(sent_at=START, answers=1, measures=())
    )
    part = of_part(whole, NamedPart(segment="опт"))
    for name in ("effectiveness", "money", "departures", "casework", "moved"):
        assert getattr(whole, name) is not None, name
        assert getattr(part, name) is None, name
    assert whole.scorecard.others
    assert part.scorecard.others == ()


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(segment="нет"), "There is no segment «нет». Known: опт, сети."),
        (Scope(team="нет"), "There is no team «нет». Known: Север."),
        (Scope(attribute=("нет", "1")), "No customer has an attribute «нет». Known: город."),
        (
            Scope(attribute=("город", "нет")),
            "Nobody has «нет» as the attribute «город». Known: Омск.",
        ),
        (Scope(segment="опт", manager=999_999), "There is no manager 999999"),
    ],
)
async def test_what_nobody_has_is_refused_where_it_is_typed(
    world: World, scope: Scope, said: str
) -> None:
    row = PersonRow("customer", "C1", "Анна", segment="опт", attributes={"город": "Омск"})
    async with world.writing() as database, database.transaction() as tx:
        await people_import.apply(tx, [row], START)
        with pytest.raises(Refused, match=re.escape(said)):
            await typed(tx, scope)


async def test_what_somebody_had_when_they_were_asked_is_known_and_few_are_named(
    world: World,
) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
    rows = [
        PersonRow("customer", "C1", "Анна", segment="иные", attributes={"город": "Омск"}),
        *(PersonRow("customer", f"X{n}", f"Имя {n}", segment=f"с{n}") for n in range(9)),
    ]
    async with world.writing() as database, database.transaction() as tx:
        await people_import.apply(
            tx, [*rows, PersonRow("customer", "C3", "Вера", segment="иные")], START
        )
        assert "опт" not in await people.segments(tx)
        part = await typed(tx, Scope(segment="опт"))
        assert part is not None
        assert part.segment == "опт"
        assert await typed(tx, COMPANY) is None
        with pytest.raises(Refused) as refused:
            await typed(tx, Scope(segment="нет"))
    known = refused.value.given["known"]
    assert isinstance(known, list)
    assert (len(known), known[-1]) == (9, "…")
