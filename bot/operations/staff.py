"""Admins, team leads and managers come to be, and team leads cease to be: every admin is told."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.operations.campaigns import low_score_alerts
from bot.operations.leaving import actor, tell_admins_but
from bot.operations.ways_in.admins import deep_link
from bot.operations.ways_in.links import issue_for, workspace_with_name
from storage.database import Database, Reader, Transaction
from storage.people import leaving, links, people, workspace
from storage.people.addresses import of_telegram
from storage.people.people import Person
from surveys.messages import mark
from templates.texts import Texts

INVITED = timedelta(days=1)
"""How long a link lasts that makes whoever opens it first an admin."""


async def make_admin(tx: Transaction, person: Person, by: Person | None, now: datetime) -> None:
    """Make one of the staff an admin and tell the other admins."""
    await people.change(tx, person.id, is_admin=True)
    await people.show_commands(tx, person.id, now)
    await tell_of_admin(tx, person, by, now)


async def tell_of_admin(tx: Transaction, person: Person, by: Person | None, now: datetime) -> None:
    """Tell the other admins of a new one; `by` is who came by a link, where they did it."""

    def sentence(texts: Texts) -> str:
        if by is not None and by.id == person.id:
            return texts("{name} is an admin now, by a link for admins.", name=person.name)
        return texts(
            "{name} is an admin now. Done by: {by}.", name=person.name, by=actor(texts, by)
        )

    await tell_admins_but((person, by), tx, f"admin:{person.id}", sentence, now)


async def invite_admin(tx: Transaction, now: datetime) -> str:
    """Return a link that makes the first who opens it an admin; earlier ones no longer work."""
    space = await workspace_with_name(tx)
    await links.revoke_admin_claims(tx, now)
    token = await links.issue(tx, "admin", None, now, expires_at=now + INVITED)
    return deep_link(space.bot_username or "", token)


async def lead(
    tx: Transaction, person: Person, teams: Collection[str], by: Person | None, now: datetime
) -> None:
    """Make one of the staff the lead of these teams and tell the other admins.

    Without a team, somebody is no longer a team lead, and has left if they are nothing else. What
    waits for them then goes to the next in line.
    """
    waiting = await low_score_alerts.waiting_for(tx, [person.id])
    await people.set_leads(tx, person.id, teams)
    if not (await people.get(tx, person.id)).is_staff:
        await leaving.leave(tx, [person.id], now)
    await low_score_alerts.pass_on(tx, waiting, now)
    named = ", ".join(f"«{team}»" for team in sorted(teams))

    def sentence(texts: Texts) -> str:
        doer = actor(texts, by)
        if not teams:
            return texts(
                "{name} is no longer a team lead. Done by: {by}.", name=person.name, by=doer
            )
        return texts(
            "{name} leads the teams now: {teams}. Done by: {by}.",
            name=person.name,
            teams=named,
            by=doer,
        )

    await tell_admins_but((person, by), tx, f"leads:{person.id}", sentence, now)


async def add_staff(
    tx: Transaction, name: str, by: Person | None, now: datetime, **known: Any
) -> tuple[Person, str]:
    """Add somebody to the staff; return them and their personal link. The other admins are told."""
    person = await people.add(tx, now, name=name, **known)
    (row,) = await issue_for(tx, [person], await workspace_with_name(tx), now)

    def sentence(texts: Texts) -> str:
        return texts(
            "{name} is one of the managers now. Done by: {by}.", name=name, by=actor(texts, by)
        )

    await tell_admins_but((by,), tx, f"manager:{person.id}", sentence, now)
    return person, row["link"]


async def add_admin(
    database: Database, now: datetime, /, telegram_id: int, name: str = ""
) -> dict[str, Any]:
    """Operation: make a Telegram account an admin."""
    if not 0 < telegram_id < 1 << 52:
        raise Refused(
            mark("{telegram_id} is no Telegram id: a positive number such as @userinfobot shows."),
            telegram_id=str(telegram_id),
        )
    async with database.transaction() as tx:
        language = (await workspace.get(tx)).language
        known = await people.by_address(tx, of_telegram(telegram_id))
        person = await people.add_admin(
            tx, of_telegram(telegram_id), name or "Admin", language, now
        )
        if known is None or not known.is_admin:
            await tell_of_admin(tx, person, None, now)
    return {"person": person.id, "telegram_id": telegram_id}


async def add_manager(
    database: Database, now: datetime, /, name: str, person: str, team: str | None = None
) -> dict[str, Any]:
    """Operation: add a manager with this id in the CRM."""
    async with database.transaction() as tx:
        if await people.by_external(tx, person, "manager") is not None:
            raise Refused(mark("Somebody of the staff has the id {id} already."), id=person)
        made = {"external_id": person, "team": team, "is_manager": True}
        _, link = await add_staff(tx, name, None, now, **made)
    return {"person": name, "link": link}


async def add_lead(
    database: Database, now: datetime, /, person: str, teams: list[str], name: str | None = None
) -> dict[str, Any]:
    """Operation: let one of the staff lead these teams too; `name`: of somebody new."""
    link = None
    async with database.transaction() as tx:
        found = await people.by_external(tx, person, "manager")
        if found is None and name is not None:
            found = await people.add(tx, now, name=name, external_id=person)
            (row,) = await issue_for(tx, [found], await workspace_with_name(tx), now)
            link = row["link"]
        found = _known(found, person)
        unknown = sorted(set(teams) - set(await people.teams(tx)))
        if unknown:
            raise Refused(
                mark("No manager or customer is of the team {team}. Known: {known}."),
                team=unknown[0],
                known=", ".join(await people.teams(tx)),
            )
        await lead(tx, found, {*found.leads, *teams}, None, now)
    return {"person": found.name, "teams": sorted({*found.leads, *teams}), "link": link}


async def remove_lead(
    database: Database, now: datetime, /, person: str, teams: list[str]
) -> dict[str, Any]:
    """Operation: somebody leads these teams no longer; without teams, none."""
    async with database.transaction() as tx:
        found = _known(await people.by_external(tx, person, "manager"), person)
        left = set(found.leads) - set(teams) if teams else set[str]()
        if not found.leads or left == set(found.leads):
            raise Refused(mark("{name} does not lead this team."), name=found.name)
        await lead(tx, found, left, None, now)
    return {"person": found.name, "teams": sorted(left)}


def _known(found: Person | None, external_id: str) -> Person:
    if found is None or found.left_at is not None:
        raise Refused(mark("There is nobody with the id {external_id}."), external_id=external_id)
    return found


async def list_leads(database: Database, now: datetime, /) -> dict[str, Any]:
    """Operation: the team leads with their teams."""
    del now
    async with database.reading() as reader:
        return {"leads": await _leads(reader)}


async def _leads(reader: Reader) -> list[dict[str, Any]]:
    return [
        {"id": one.external_id, "name": one.name, "teams": list(one.leads)}
        for one in await people.leads(reader)
    ]
