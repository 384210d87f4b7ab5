"""Who may do what: every line of the conversation tried by everybody, with what is another's.

The first test goes through the lines themselves, on a real database; the other through the whole
way over HTTP.
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Integer, func, literal_column, select

from bot.chat.conversation import ROUTES, answer
from bot.chat.routing import Route
from bot.chat.surveys.sheets import Handles
from bot.operations.weights.questionnaires import CRITERIA
from bot.rights import Reach, Role, reach
from bot.says.heard import (
    Command,
    Contact,
    Edited,
    File,
    Heard,
    Media,
    Other,
    Sender,
    Tap,
    Words,
)
from bot.says.taps import MenuTap, SurveyTap
from storage.answering import invitations, remarks
from storage.answering.invitations import Invitation
from storage.answering.remarks import Spoken
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.cases import cases
from storage.cases.cases import New
from storage.database import Transaction
from storage.people import addresses, people
from storage.people.addresses import Address, of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import ListedRole, PersonRow
from storage.people.people import Person
from storage.tables.audit import audit
from storage.weights import experts
from tests.bot.world import ANNA, MANAGER, START, STRANGER, World
from tests.engines import ON_POSTGRES, contents

EVERYBODYS = {"consent", "language", "inbox", "seen_updates", "link_failures"}
_CHANGED = (
    "(SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables)"
    if ON_POSTGRES
    else "total_changes()"
)
SECRETS = ("Глеб Чужой", "+79991112233", "Чужие слова", "Чужой Менеджер")
"""What nobody of the team «Север» may see."""
_CONSENTS = {"consent", "withdraw"}
"""Whoever has withdrawn could do less; so they agree again at once."""
OTHERS = (
    PersonRow("manager", "M9", "Чужой Менеджер", team="Юг"),
    PersonRow("customer", "C9", "Глеб Чужой", manager_external_id="M9", phone="+79991112233"),
)


async def _person(tx: Transaction, external_id: str, address: int) -> Person:
    role: ListedRole = "manager" if external_id.startswith("M") else "customer"
    found = await people.by_external(tx, external_id, role)
    assert found is not None
    if found.address is None:
        await addresses.bind(tx, found.id, of_telegram(address))
        await people.consent(tx, found.id, "1", START)
    return await people.get(tx, found.id)


async def _invited(tx: Transaction, person: Person) -> Invitation:
    known = await definitions.latest(tx, "nps")
    assert known is not None
    campaign = await campaigns.create(tx, CampaignDraft(known.id, "Чужая", 14), None, START)
    over = START + timedelta(days=14)
    wave = await campaigns.start_wave(tx, campaign.id, "1", START, over)
    made = await invitations.create(tx, wave.id, person.id, known.id, "campaign", START, over, None)
    await invitations.sent(tx, made.id, 7, START)
    spoken = Spoken(kind="voice", text="Чужие слова", file_id="file", message=1)
    await remarks.add(tx, made, spoken, START)
    return made


async def _company(tx: Transaction) -> tuple[list[Person | None], list[str]]:
    """Make another team; return who is tried, and the ids of what is theirs.

    Tried are a stranger, a customer, a manager and a lead of the team «Север», and an expert.
    """
    await people_import.apply(tx, OTHERS, START)
    await people.add_admin(tx, of_telegram(500), "Админ", "ru", START)
    manager, own = await _person(tx, "M1", MANAGER), await _person(tx, "C1", ANNA)
    other, foreign = await _person(tx, "M9", 509), await _person(tx, "C9", 510)
    lead = await people.add(tx, START, of_telegram(501), name="Старшая")
    await people.set_leads(tx, lead.id, ["Север"])
    expert = await people.add(tx, START, of_telegram(502), name="Эксперт", is_expert=True)
    assert (await experts.invite(tx, CRITERIA, other.id, None, START)).id == 1
    await experts.note(tx, 1, begun_at=START)
    invitation = await _invited(tx, foreign)
    due = START + timedelta(days=1)
    opened = New(invitation.id, foreign.id, other.id, None, "recommend", 3, due)
    assert await cases.open_one(tx, opened, START) == 1
    ids = [str(one) for one in (foreign.id, other.id, invitation.id, 1)]
    return [None, own, manager, await people.get(tx, lead.id), expert], ids


def _heard(route: Route, who: Sender, ids: list[str]) -> Iterator[Heard]:
    """Yield what the line is for, with everything that may be another's."""
    at = (who, 7, START)
    if route.kind is Command and route.name:
        for rest in ("", "Глеб", "79991112233"):
            yield Command(*at, route.name, rest)
    elif route.kind is Tap and route.name == "a survey":
        for number in ids:
            for option in ("2", "9"):
                yield Tap(*at, "key", SurveyTap("answer", int(number), 0, option))
    elif route.kind is Tap and route.name:
        yield Tap(*at, "key", MenuTap(route.name))
        for number in ids:
            for arguments in ((number, "0"), ("1", number, "1")):
                yield Tap(*at, "key", MenuTap(route.name, arguments))


def _is_ones_own(route: Route, heard: Heard) -> bool:
    """Tell what everybody may do with themselves: come in, agree, stop, choose a language."""
    if route.name in {"case_trial", "card_at", "card_off"}:
        return True  # a message to oneself, and when one's own card comes
    everybodys = reach(route.action, {Role.STRANGER}) is not None
    return everybodys and not isinstance(getattr(heard, "button", None), SurveyTap)


def _free(who: Sender, ids: list[str]) -> Iterator[Heard]:
    """Yield what anybody may send without a button, about what may be another's."""
    at = (who, 7, START)
    for text in ("Глеб", "79991112233", *ids, f"/card {ids[0]}", "0", "да"):
        yield Words(*at, text)
        yield Words(*at, text, forwarded=True)
        yield Edited(*at, text)
    for number in ids:
        yield Words(*at, "3", below=SurveyTap("answer", int(number), 0))
    yield File(*at, "file", "people.csv", 100, "Глеб")
    yield Media(*at, "voice", "file", "Глеб")
    yield Contact(*at, "+79991112233", "510")
    yield Other(*at)


async def tried_by_everybody(world: World) -> tuple[int, list[str]]:
    """Return how much was tried in a company of others, and what of it succeeded.

    What is written freely may be noted, as somebody's own: a stranger's button for sharing their
    number, a customer's letter that waits for a yes. It must show nothing of another's.
    """
    tried, successes = 0, list[str]()
    lines_of_audit = select(func.count()).select_from(audit).scalar_subquery()
    changed = literal_column(_CHANGED, Integer)
    changes = select(changed - lines_of_audit)  # the record of deeds is meant to grow
    async with world.writing() as database, database.transaction() as tx:
        everybody, ids = await _company(tx)
        handles = Handles()
        for person in everybody:
            address = person.address.address if person and person.address else "99"
            who = Sender("telegram", address, "Имя", "ru")
            lines: list[tuple[Route | None, Heard]] = []
            lines += [(route, one) for route in ROUTES for one in _heard(route, who, ids)]
            lines += [(None, one) for one in _free(who, ids)]
            for route, heard in lines:
                before = await tx.scalar(changes)
                present = await people.by_address(tx, Address(*who.at))
                said = repr(await answer(heard, present, tx, START, handles))
                changed = await tx.scalar(changes) != before
                shown = any(secret in said for secret in SECRETS)
                tried += 1
                if person is not None and route is not None and route.name in _CONSENTS:
                    await people.consent(tx, person.id, "1", START)
                own = route is None or _is_ones_own(route, heard)
                if shown or (changed and not own):
                    successes.append(f"{person and person.name}: {heard}")
        noted = await tx.scalars(select(audit.c.about_id).where(audit.c.about_id.is_not(None)))
        if int(ids[0]) in noted:
            successes.append("a deed is noted about another")
    return tried, successes


async def test_everything_tried_by_everybody_with_what_is_anothers(world: World) -> None:
    """Nothing is shown that is another's, and nothing changes but what is one's own."""
    tried, successes = await tried_by_everybody(world)
    assert successes == []
    assert tried > 2_000
    for route in ROUTES:
        for role in (Role.STRANGER, Role.CUSTOMER, Role.MANAGER, Role.LEAD):
            assert reach(route.action, {role}) is not Reach.ALL, route
    async with world.writing() as database, database.transaction() as tx:
        foreign = await people.by_external(tx, "C9")
        assert foreign is not None
        ids = [str(foreign.id)]
        handles = Handles()
        card = Tap(Sender("telegram", "509"), 7, START, "key", MenuTap("card", (ids[0],)))
        admin = await people.by_address(tx, Address("telegram", "509"))
        said = repr(await answer(card, admin, tx, START, handles))
        assert "Глеб Чужой" in said, "the test can fail"


def _contents(world: World) -> dict[str, list[tuple[object, ...]]]:
    found = contents(world.settings.database_url)
    return {name: rows for name, rows in found.items() if name not in EVERYBODYS}


async def test_no_command_of_the_admins_does_anything_for_others(world: World) -> None:
    async with world.bot():
        await world.arrive("M1", "C1")
        await world.start(STRANGER)
        before = _contents(world)
        for command in ("/menu", "/digest", "/outbox", "/why Анна", "/people", "/card Борис"):
            for telegram_id in (ANNA, STRANGER):
                await world.say(telegram_id, command)
        for place in ("launch", "admin_off_do", "list_take", "publish", "card"):
            for telegram_id in (MANAGER, ANNA, STRANGER):
                await world.forge(telegram_id, MenuTap(place, ("1", "1")).pack())
        assert _contents(world) == before
