"""Personal links for the company's own letters and messages."""

from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.admins import deep_link
from storage import links, people, workspace
from storage.database import Database
from storage.people import Role

_ROLES: dict[str | None, Role | None] = {None: None, "customer": "customer", "manager": "manager"}


async def issue_links(
    database: Database, now: datetime, /, role: str | None = None, *, again: bool = False
) -> dict[str, Any]:
    """Operation: a new personal link for everybody who is not in Telegram yet and has none.

    `again` makes one for those too who have: links given out before stay valid.
    """
    if role not in _ROLES:
        message = "The role must be customer or manager."
        raise Refused(message)
    rows = []
    async with database.transaction() as tx:
        username = (await workspace.get(tx)).bot_username
        if not username:
            message = "The bot's name is not known yet: start it once with otklik run."
            raise Refused(message)
        linked = set() if again else await links.holders(tx)
        for person in await people.without_chat(tx, _ROLES[role]):
            if person.id in linked:
                continue
            token = await links.issue(tx, "personal", person.id, now)
            kind = "manager" if person.is_manager else "customer"
            rows.append(
                {
                    "id": person.external_id or "",
                    "name": person.name,
                    "role": kind,
                    "link": deep_link(username, token),
                }
            )
    return {"links": rows}
