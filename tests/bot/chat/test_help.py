"""/help: every line is of something that its reader can use."""

import re

from bot.chat.conversation import answer
from bot.chat.surveys.sheets import Handles
from bot.operations.weights.questionnaires import CRITERIA
from bot.says.heard import Command, Sender
from storage.database import Transaction
from storage.people import addresses, people, workspace
from storage.people.addresses import Address, of_telegram
from storage.people.lists.listed import ListedRole
from storage.people.people import Person
from storage.weights import experts
from tests.bot.world import START, World

REFUSED = (
    "Здравствуйте! Этот бот",
    "Такой команды я не знаю",
    "Страниц здесь пока нет",
    "Пока Вы работаете в компании",
    "Здесь Вы ни на что не соглашались",
)
"""How a command is refused, or has nothing to say."""
ADMINS = ["menu", "people", "digest", "web", "export", "card", "why", "outbox", "audit"]
EVERYBODYS = ["start", "language", "mydata"]


async def _staff(tx: Transaction) -> dict[str, Person]:
    """Return somebody of each role, and of those that people hold together."""
    await people.add_admin(tx, of_telegram(500), "Админ", "ru", START)
    admin = await people.by_address(tx, of_telegram(500))
    assert admin is not None
    lead = await people.add(tx, START, of_telegram(501), name="Старшая")
    await people.set_leads(tx, lead.id, ["Север"])
    expert = await people.add(tx, START, of_telegram(502), name="Эксперт", is_expert=True)
    await experts.invite(tx, CRITERIA, expert.id, None, START)
    both = await _listed(tx, "M1", "manager", 503)
    alone = await people.add(tx, START, of_telegram(504), name="Сам", is_manager=True)
    await people.set_leads(tx, both.id, ["Север"])
    customer = await _listed(tx, "C1", "customer", 505)
    for one in (lead, expert, both, alone, customer):
        await people.consent(tx, one.id, "1", START)
    held = {
        "admin": admin, "lead": lead, "expert": expert, "manager": alone,
        "manager and lead": both, "customer": customer,
    }  # fmt: skip
    return {role: await people.get(tx, one.id) for role, one in held.items()}


async def _listed(tx: Transaction, external_id: str, role: ListedRole, address: int) -> Person:
    found = await people.by_external(tx, external_id, role)
    assert found is not None
    await addresses.bind(tx, found.id, of_telegram(address))
    return found


async def _said(tx: Transaction, person: Person, command: str) -> str:
    assert person.address is not None
    at = Sender("telegram", person.address.address, "Имя", "ru")
    present = await people.by_address(tx, Address(*at.at))
    heard = Command(at, 7, START, command, "Анна" if command in {"card", "why"} else "")
    return repr(await answer(heard, present, tx, START, Handles()))


def _commands(said: str) -> list[str]:
    return re.findall(r"(?:^|\\n|text=')/([a-z]+)", said)


async def test_each_role_is_offered_what_it_can_use(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        await workspace.set_web_url(tx, "https://otklik.example")
        held = await _staff(tx)
        offered = {role: _commands(await _said(tx, one, "help")) for role, one in held.items()}
        assert {role: sorted({*found} - {*EVERYBODYS}) for role, found in offered.items()} == {
            "admin": sorted({*ADMINS}),
            "lead": ["card", "consent", "menu", "web"],
            "expert": ["consent", "menu"],
            "manager": ["card", "consent", "menu", "stop", "web"],
            "manager and lead": ["card", "consent", "menu", "stop", "web"],
            "customer": ["consent", "forget", "stop"],
        }  # fmt: skip
        for role, commands in offered.items():
            assert {*EVERYBODYS} <= {*commands}
            for command in commands:
                said = await _said(tx, held[role], command)
                assert not any(refusal in said for refusal in REFUSED), (role, command, said)


async def test_the_page_is_called_what_it_is(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        held = await _staff(tx)
        for one in held.values():
            assert "/web" not in await _said(tx, one, "help"), "there are no pages yet"
        await workspace.set_web_url(tx, "https://otklik.example")
        assert "моя команда на странице" in await _said(tx, held["lead"], "help")
        assert "моя карточка на странице" in await _said(tx, held["manager"], "help")
        assert "моя карточка на странице" in await _said(tx, held["manager and lead"], "help")
        assert "дайджест на странице" in await _said(tx, held["admin"], "help")


async def test_a_lead_without_questionnaires_is_promised_none(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        held = await _staff(tx)
        for command in ("menu", "help"):
            said = await _said(tx, held["lead"], command)
            assert "нкет" not in said
            assert "карточка," not in said
        assert "анкеты приходят" in await _said(tx, held["manager"], "menu")
