"""Ways into the bot: deep links, of whose token only the SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import RowMapping, func, select, update

from storage.engine.columns import kept_or
from storage.engine.reading import Reader, Transaction
from storage.people import addresses, people
from storage.people.addresses import Address
from storage.people.link_errors import AccountTaken, LinkExpired, LinkTaken, LinkUnknown, LinkUsedUp
from storage.people.names import keyed
from storage.people.people import Person
from storage.tables.people import link_failures, links
from storage.tables.people import people as persons
from surveys.messages import Language

LinkKind = Literal["personal", "admin", "open"]

MAX_FAILURES = 10
"""After so many wrong tokens within `FAILURE_WINDOW`, an address is ignored."""
FAILURE_WINDOW = timedelta(hours=24)
_TOKEN_BYTES = 24
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Who came in by a link, and the survey that it was made for, if any."""

    kind: LinkKind
    person: Person
    survey_key: str | None = None


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link for everybody: how many newcomers came by it, and how many may."""

    id: int
    label: str | None
    uses: int
    most_uses: int | None
    created_at: datetime
    expires_at: datetime | None


async def issue(
    tx: Transaction,
    kind: LinkKind,
    person_id: int | None,
    now: datetime,
    expires_at: datetime | None = None,
    survey_key: str | None = None,
) -> str:
    """Make a link and return its token (32 characters, 192 bits), which is not kept.

    Links issued before stay valid until they expire or are revoked.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await tx.run(
        tx.insert(links).values(
            token_hash=hash_of(token),
            kind=kind,
            person_id=person_id,
            survey_key=survey_key,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


async def issue_many(
    tx: Transaction,
    person_ids: Sequence[int],
    now: datetime,
    touchpoint: str | None = None,
    survey_key: str | None = None,
) -> list[str]:
    """Make a personal link for each of these people and return the tokens in their order.

    `touchpoint` sets apart the invitations of those who come by it; `survey_key` names what it is
    made for.
    """
    tokens = [secrets.token_urlsafe(_TOKEN_BYTES) for _ in person_ids]
    for start in range(0, len(tokens), _CHUNK):
        rows = [
            {
                "token_hash": hash_of(token),
                "kind": "personal",
                "person_id": person_id,
                "created_at": now,
                "touchpoint": touchpoint,
                "survey_key": survey_key,
            }
            for token, person_id in zip(
                tokens[start : start + _CHUNK], person_ids[start : start + _CHUNK], strict=True
            )
        ]
        await tx.run(tx.insert(links), rows)
    return tokens


async def issue_open(
    tx: Transaction,
    label: str,
    now: datetime,
    expires_at: datetime | None,
    most_uses: int | None = None,
) -> str:
    """Make a link for everybody, for at most so many newcomers, and return its token."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    values = {"label": label, "expires_at": expires_at, "most_uses": most_uses}
    statement = tx.insert(links).values(
        token_hash=hash_of(token), kind="open", created_at=now, **values
    )
    await tx.run(statement)
    return token


async def open_links(reader: Reader) -> Sequence[OpenLink]:
    """Return the open links that are not revoked, the newest first."""
    columns = [links.c[name] for name in OpenLink.__dataclass_fields__]
    valid = (links.c.kind == "open") & links.c.revoked_at.is_(None)
    rows = await reader.all(select(*columns).where(valid).order_by(links.c.id.desc()))
    return [OpenLink(**row) for row in rows]


async def revoke_open(tx: Transaction, link_id: int, now: datetime) -> bool:
    """Make an open link invalid; False where there is none."""
    valid = (links.c.id == link_id) & (links.c.kind == "open") & links.c.revoked_at.is_(None)
    return bool(await tx.run(update(links).where(valid).values(revoked_at=now)))


async def holders(reader: Reader) -> set[int]:
    """Return who has a personal link that was not revoked."""
    valid = (links.c.kind == "personal") & links.c.revoked_at.is_(None)
    return set(await reader.scalars(select(links.c.person_id).where(valid).distinct()))


async def came_by(reader: Reader, person_id: int) -> str | None:
    """Return the touchpoint of the personal link that brought a person here first, or None."""
    used = links.c.redeemed_at.is_not(None) & (links.c.kind == "personal")
    mine = select(links.c.touchpoint).where(links.c.person_id == person_id, used)
    first = mine.order_by(links.c.redeemed_at, links.c.id).limit(1)
    touchpoint: str | None = await reader.scalar(first)
    return touchpoint


async def revoke(tx: Transaction, person_id: int, now: datetime) -> None:
    """Make every link of a person invalid."""
    await tx.run(update(links).where(links.c.person_id == person_id).values(revoked_at=now))


async def revoke_admin_claims(tx: Transaction, now: datetime) -> None:
    """Make every unused admin link invalid, so that only the next one issued works."""
    unused = (links.c.kind == "admin") & links.c.redeemed_at.is_(None)
    await tx.run(update(links).where(unused).values(revoked_at=now))


async def redeem(
    tx: Transaction, token: str, address: Address, name: str, language: Language, now: datetime
) -> Redeemed:
    """Let somebody in; whoever came from the same address may come again by the same link.

    A personal link binds its person to the first address from which it is used; an admin link makes
    the first one an admin; an open link makes a customer of anybody, and counts newcomers. Raises
    LinkUnknown, LinkExpired, LinkUsedUp, LinkTaken (used from another address), AccountTaken (this
    address is another person's).
    """
    link = await tx.first(select(links).where(links.c.token_hash == hash_of(token)))
    if link is None or link["revoked_at"] is not None:
        raise LinkUnknown
    if link["expires_at"] is not None and link["expires_at"] <= now:
        raise LinkExpired
    kind: LinkKind = link["kind"]
    if kind == "personal":
        person = await bind(tx, link["person_id"], address, name, language)
    elif kind == "admin":
        person = await _claim(tx, link, address, name, language, now)
    else:
        return Redeemed(
            kind, await _welcome(tx, link, address, name, language, now), link["survey_key"]
        )
    await _count_use(tx, link["id"], person.id if kind == "admin" else link["person_id"], now)
    return Redeemed(kind, person, link["survey_key"])


async def bind(
    tx: Transaction, person_id: int, address: Address, name: str, language: Language
) -> Person:
    """Tie a person to an address, once in each channel; raises LinkTaken, AccountTaken."""
    if await addresses.bind(tx, person_id, address):
        keep = {"language": kept_or(persons.c.language, language)} | {
            column: func.coalesce(func.nullif(persons.c[column], ""), value)
            for column, value in keyed({"name": name}).items()
        }
        await tx.run(update(persons).where(persons.c.id == person_id).values(keep))
    known = await people.by_address(tx, address)
    if known is None:
        raise LinkTaken(person_id)
    if known.id != person_id:
        raise AccountTaken(known.id)
    return known


async def _claim(
    tx: Transaction,
    link: RowMapping,
    address: Address,
    name: str,
    language: Language,
    now: datetime,
) -> Person:
    unused = (links.c.id == link["id"]) & links.c.redeemed_at.is_(None)
    if await tx.run(update(links).where(unused).values(redeemed_at=now)):
        return await people.add_admin(tx, address, name, language, now)
    known = await people.by_address(tx, address)
    if known is None or known.id != link["person_id"]:
        raise LinkTaken(link["person_id"])
    return known


async def _welcome(
    tx: Transaction,
    link: RowMapping,
    address: Address,
    name: str,
    language: Language,
    now: datetime,
) -> Person:
    known = await people.by_address(tx, address)
    if known is None:
        if link["most_uses"] is not None and link["uses"] >= link["most_uses"]:
            raise LinkUsedUp(link["most_uses"])
        await _count_use(tx, link["id"], None, now)
        return await people.add(tx, now, address, name=name, language=language, is_customer=True)
    if not known.is_customer:
        raise AccountTaken(known.id)
    return known


async def _count_use(tx: Transaction, link_id: int, person_id: int | None, now: datetime) -> None:
    first = kept_or(links.c.redeemed_at, now)
    used = {"uses": links.c.uses + 1, "redeemed_at": first, "person_id": person_id}
    await tx.run(update(links).where(links.c.id == link_id).values(used))


async def note_failure(tx: Transaction, address: Address, now: datetime) -> None:
    """Count a wrong token that came from this address."""
    await tx.run(tx.insert(link_failures).values(**address._asdict(), failed_at=now))


async def too_many_failures(reader: Reader, address: Address, now: datetime) -> bool:
    """Tell whether too many wrong tokens came from this address lately."""
    lately = link_failures.c.failed_at > now - FAILURE_WINDOW
    mine = link_failures.c.channel == address.channel, link_failures.c.address == address.address
    count: int = await reader.scalar(select(func.count()).where(*mine, lately))
    return count >= MAX_FAILURES


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
