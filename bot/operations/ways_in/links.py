"""Ways in: personal links for letters, cards and single people, open ones for everybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.operations.compose import texts_for
from bot.operations.nameless import check_named
from bot.operations.ways_in.admins import deep_link
from bot.operations.ways_in.letters import letter_of
from bot.says.greeting import hello
from storage.database import Database, Reader, Transaction
from storage.people import link_conflicts, links, people, workspace
from storage.people.link_conflicts import ConflictKind
from storage.people.lists.listed import ListedRole
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.messages import mark
from surveys.survey.definition import Survey
from surveys.survey.placeholders import in_sentence

_ROLES: dict[str | None, ListedRole | None] = {
    None: None,
    "customer": "customer",
    "manager": "manager",
}
CONFLICTS: dict[ConflictKind, str] = {
    "taken": mark("Another Telegram account came by the link or number of {person}."),
    "other_person": mark("{owner} came by the link or number of {person}."),
    "staff": mark("{owner}, one of the staff, came by a customer's link. Staff is never counted."),
    "shared_phone": mark("Somebody came with a phone number that several people here have."),
}
_LONGEST_LABEL = 60
_LONGEST_DAYS = 3650


async def workspace_with_name(reader: Reader) -> Workspace:
    """Return the settings; refuse where the bot's name, which links need, is not known yet."""
    space = await workspace.get(reader)
    if not space.bot_username:
        raise Refused(mark("The bot's name is not known yet: start it once with otklik run."))
    return space


async def issue_for(
    tx: Transaction,
    persons: Sequence[Person],
    space: Workspace,
    now: datetime,
    touchpoint: str | None = None,
    survey: Survey | None = None,
) -> list[dict[str, str]]:
    """Make a new personal link for each; links given out before stay valid until revoked.

    `survey` is what they are made for, None where that is whatever is asked when they come. Refuses
    where the company has no name: whoever opens a link reads who asks.
    """
    check_named(space)
    ids = [person.id for person in persons]
    survey_key = None if survey is None else survey.key
    tokens = await links.issue_many(tx, ids, now, touchpoint, survey_key)
    managers = await people.by_ids(tx, {one.manager_id for one in persons if one.manager_id})
    rows = []
    for person, token in zip(persons, tokens, strict=True):
        row = _row(person, way_in(space, token, person), space)
        if space.web_url and person.is_customer:
            manager = managers.get(person.manager_id or 0)
            name = "" if manager is None else manager.name
            texts = texts_for(person, space)
            row["letter"] = letter_of(person, row["link"], survey, name, space, texts)
        rows.append(row)
    return rows


def way_in(space: Workspace, token: str, person: Person | None = None) -> str:
    """Return the address that a link's token opens: a customer's page, else the bot.

    The page offers Telegram as well. Managers' questionnaires come by Telegram.
    """
    if space.web_url is None or (person is not None and not person.is_customer):
        return deep_link(space.bot_username or "", token)
    return f"{space.web_url}/a/{token}"


def _row(person: Person, link: str, space: Workspace) -> dict[str, str]:
    return {
        "id": person.external_id or "",
        "name": person.name,
        "role": "customer" if person.is_customer else "manager",
        "company": person.account or "",
        "phone": person.phone or "",
        "email": person.email or "",
        "link": link,
        "text": text_to_forward(person, link, space),
    }


def text_to_forward(person: Person, link: str, space: Workspace) -> str:
    """Return a message to send on with a link, in the person's language."""
    texts = texts_for(person, space)
    company = in_sentence(space.company, texts.language)
    values = {"company": company, "link": link}
    if not person.is_customer:
        said = texts(
            "Your questionnaires at {company} come by Telegram. Please open this link once: {link}",
            **values,
        )
    elif space.web_url is not None:
        said = texts(
            "{company} would like to know your opinion. It takes a few minutes: {link}", **values
        )
    else:
        said = texts(
            "{company} would like to know your opinion. It takes a few minutes, in Telegram: "
            "{link}",
            **values,
        )
    return f"{hello(texts, person.first_name)} {said}"


async def issue_links(
    database: Database,
    now: datetime,
    /,
    role: str | None = None,
    person: str | None = None,
    *,
    again: bool = False,
) -> dict[str, Any]:
    """Operation: a new personal link for everybody who is not in Telegram yet and has none.

    `again` makes one for those too who have: links given out before stay valid. `person` is the
    id of the one who is to get one.
    """
    if role not in _ROLES:
        raise Refused(mark("The role must be customer or manager."))
    async with database.transaction() as tx:
        space = await workspace_with_name(tx)
        if person is not None:
            persons: Sequence[Person] = [await _by_external(tx, person, _ROLES[role])]
        else:
            linked = set() if again else await links.holders(tx)
            here_not = await people.without_chat(tx, _ROLES[role])
            persons = [one for one in here_not if one.id not in linked]
        rows = await issue_for(tx, persons, space, now)
    return {"company": space.company, "language": space.language, "links": rows}


async def _by_external(reader: Reader, external_id: str, role: ListedRole | None) -> Person:
    roles: tuple[ListedRole, ...] = ("customer", "manager") if role is None else (role,)
    for known in roles:
        found = await people.by_external(reader, external_id, known)
        if found is not None and found.left_at is None:
            return found
    raise Refused(mark("There is nobody with the id {external_id}."), external_id=external_id)


async def revoke_links(
    database: Database, now: datetime, /, person: str, role: str | None = None
) -> dict[str, Any]:
    """Operation: make every link of a person invalid."""
    async with database.transaction() as tx:
        found = await _by_external(tx, person, _ROLES.get(role))
        await links.revoke(tx, found.id, now)
    return {"revoked": found.external_id}


async def issue_open_link(
    database: Database, now: datetime, /, label: str, days: int = 90, uses: int | None = None
) -> dict[str, Any]:
    """Operation: a link for anybody, for so many days and newcomers."""
    async with database.transaction() as tx:
        space = await workspace_with_name(tx)
        link = await open_link(tx, space, label, days, uses, now)
    return {"company": space.company, "language": space.language, "label": label, "link": link}


async def open_link(
    tx: Transaction, space: Workspace, label: str, days: int, uses: int | None, now: datetime
) -> str:
    """Make a link for anybody and return its address; raises Refused."""
    check_named(space)
    if not 0 < len(label.strip()) <= _LONGEST_LABEL:
        raise Refused(mark("The label must have 1 to {limit} characters."), limit=_LONGEST_LABEL)
    if not 0 < days <= _LONGEST_DAYS or (uses is not None and uses < 1):
        raise Refused(
            mark("The days must be 1 to {limit}, the uses at least 1."), limit=_LONGEST_DAYS
        )
    token = await links.issue_open(tx, label.strip(), now, now + timedelta(days=days), uses)
    return way_in(space, token)


async def list_open_links(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: the open links and how many newcomers each brought."""
    del now
    async with database.reading() as reader:
        rows = [
            {
                "number": one.id,
                "label": one.label,
                "uses": one.uses,
                "most_uses": one.most_uses,
                "expires_at": one.expires_at.isoformat() if one.expires_at else None,
            }
            for one in await links.open_links(reader)
        ]
    return {"open_links": rows}


async def revoke_open_link(database: Database, now: datetime, /, number: int) -> dict[str, Any]:
    """Operation: make an open link invalid."""
    async with database.transaction() as tx:
        if not await links.revoke_open(tx, number, now):
            raise Refused(mark("There is no open link {number}."), number=str(number))
    return {"revoked": number}


async def list_conflicts(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: the accounts that used another person's link, where nobody has decided yet."""
    del now
    async with database.reading() as reader:
        rows = [
            {
                "number": one.id,
                "kind": one.kind,
                "person": one.person,
                "account_of": one.owner,
                "telegram_id": one.address.address,
                "happened_at": one.happened_at.isoformat(),
            }
            for one in await link_conflicts.pending(reader)
        ]
    return {"conflicts": rows}
