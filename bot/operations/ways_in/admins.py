"""How the first admin gets in."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.people import links, people, workspace

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
