"""How the first admin gets in."""

from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from storage.database import Database
from storage.people import links, people, workspace
from storage.people.addresses import of_telegram
from surveys.messages import mark

CLAIM_DAYS = 7


def deep_link(username: str, token: str) -> str:
    """Return the address that opens the bot with a token."""
    return f"https://t.me/{username}?start={token}"


async def claim_link(database: Database, now: datetime) -> str | None:
    """Return a new one-time link for the first admin, or None where there is an admin."""
    async with database.transaction() as tx:
        if await people.admins(tx):
            return None
        space = await workspace.get(tx)
        await links.revoke_admin_claims(tx, now)
        token = await links.issue(
            tx, "admin", None, now, expires_at=now + timedelta(days=CLAIM_DAYS)
        )
    return deep_link(space.bot_username or "", token)


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
        person = await people.add_admin(
            tx, of_telegram(telegram_id), name or "Admin", language, now
        )
    return {"person": person.id, "telegram_id": telegram_id}
