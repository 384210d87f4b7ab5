"""Personal links for the company's own letters and messages."""

from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.admins import deep_link
from storage import links, people, workspace
from storage.database import Database


async def issue_links(
    database: Database, now: datetime, /, role: str | None = None, *, again: bool = False
) -> dict[str, Any]:
    """Operation: a new personal link for everybody who has none and is not in Telegram yet."""
    if role not in {None, "customer", "manager"}:
        message = "The role must be customer or manager."
        raise Refused(message)
    rows = []
    async with database.transaction() as tx:
        username = (await workspace.get(tx)).bot_username
        if not username:
            message = "The bot's name is not known yet: start it once with otklik run."
            raise Refused(message)
        for person in await people.without_link(tx, role, include_linked=again):
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
