"""Links opened on a page: looked at without a trace, and used only by somebody's own tap.

A page binds no account: whoever has a personal link answers as the person it was made for.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.engine.columns import is_one_of, kept_or
from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief
from storage.people import people
from storage.people.link_errors import LinkExpired, LinkUnknown, LinkUsedUp
from storage.people.links import LinkKind, hash_of
from storage.people.people import Person
from storage.tables.people import links as table
from surveys.messages import Language


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link that a page may be opened by; without a `person_id` it is for anybody."""

    id: int
    kind: LinkKind
    person_id: int | None
    uses: int
    most_uses: int | None


_LOOK = brief(
    select(*(table.c[name] for name in PageLink.__dataclass_fields__), table.c.expires_at).where(
        table.c.token_hash == bindparam("hash"),
        is_one_of(table.c.kind, ("personal", "open")),
        table.c.revoked_at.is_(None),
    )
)


async def look(reader: Reader, token: str, now: datetime) -> PageLink:
    """Return the link of a token, changing nothing. Raises LinkUnknown, LinkExpired.

    Links that give rights are unknown here.
    """
    row = await reader.first(_LOOK, {"hash": hash_of(token)})
    if row is None:
        raise LinkUnknown
    if row["expires_at"] is not None and row["expires_at"] <= now:
        raise LinkExpired
    return PageLink(**{name: row[name] for name in PageLink.__dataclass_fields__})


async def used(tx: Transaction, link: PageLink, now: datetime) -> None:
    """Note that somebody came in by a link."""
    values = {"uses": table.c.uses + 1, "redeemed_at": kept_or(table.c.redeemed_at, now)}
    await tx.run(update(table).where(table.c.id == link.id).values(values))


async def newcomer(
    tx: Transaction, link: PageLink, token: str, name: str, language: Language, now: datetime
) -> Person:
    """Make a customer of somebody who came by an open link, with a personal link of that token.

    With the same token again it is the same person. Raises LinkUsedUp.
    """
    held = select(table.c.person_id).where(table.c.token_hash == hash_of(token))
    known = await tx.scalar(held)
    if known is not None:
        return await people.get(tx, known)
    if link.most_uses is not None and link.uses >= link.most_uses:
        raise LinkUsedUp(link.most_uses)
    await used(tx, link, now)
    person = await people.add(tx, now, name=name, language=language, is_customer=True)
    own = {"token_hash": hash_of(token), "kind": "personal", "person_id": person.id}
    await tx.run(tx.insert(table).values(**own, created_at=now, redeemed_at=now))
    return person
