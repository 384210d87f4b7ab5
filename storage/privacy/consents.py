"""What people are asked to agree to, and what each of them said to it.

A text is kept word for word when somebody first answers it, so that what they agreed to can be
shown for as long as their agreement stands. Its number is the version.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import RowMapping, delete, func, select

from storage.engine.reading import Reader, Transaction
from storage.people import people
from storage.tables.people import people as persons
from storage.tables.privacy import consent_texts, consents, own_consents
from surveys.consents.texts import ConsentAudience
from surveys.messages import Language

ConsentKind = Literal["given", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text as it was shown; `version` is noted with everybody who agreed to it."""

    language: Language
    audience: ConsentAudience
    content: str
    first_at: datetime
    version: str = ""


@dataclass(frozen=True, slots=True)
class ConsentVersion:
    """A text with how many people's agreement rests on it now."""

    text: ConsentText
    agreed: int


async def own(reader: Reader) -> Mapping[tuple[str, str], str]:
    """Return the company's own texts by language and audience."""
    rows = await reader.all(select(own_consents))
    return {(row["language"], row["audience"]): row["content"] for row in rows}


async def set_own(
    tx: Transaction,
    language: Language,
    audience: ConsentAudience,
    content: str | None,
    now: datetime,
) -> None:
    """Keep the company's own text; None: the usual one holds again."""
    same = (own_consents.c.language == language) & (own_consents.c.audience == audience)
    await tx.run(delete(own_consents).where(same))
    if content is not None:
        values = {"language": language, "audience": audience, "content": content}
        await tx.run(tx.insert(own_consents).values(**values, changed_at=now))


async def say(
    tx: Transaction,
    person_id: int,
    kind: ConsentKind,
    text: ConsentText,
    channel: str,
    now: datetime,
) -> None:
    """Note what somebody said to a text, and what holds for them from now on."""
    text_id = await _kept(tx, text)
    values = {"person_id": person_id, "kind": kind, "text_id": text_id, "channel": channel}
    await tx.run(tx.insert(consents).values(**values, said_at=now))
    if kind == "given":
        await people.consent(tx, person_id, version(text.language, text_id), now)
    else:
        await people.decline(tx, person_id, now)


async def last_said(reader: Reader) -> int:
    """Return the number of the last word that anybody said; each later one has a higher number."""
    return await reader.scalar(select(func.max(consents.c.id))) or 0


def version(language: str, text_id: int) -> str:
    """Return a text's version as people read it."""
    return f"{language}-{text_id}"


async def _kept(tx: Transaction, text: ConsentText) -> int:
    """Return the number of a text; one that is new is kept."""
    words = f"{text.language}\n{text.audience}\n{text.content}"
    digest = hashlib.sha256(words.encode()).hexdigest()
    values = {"language": text.language, "audience": text.audience, "content": text.content}
    statement = tx.insert(consent_texts).values(**values, digest=digest, first_at=text.first_at)
    await tx.run(statement.on_conflict_do_nothing())
    known: int = await tx.scalar(select(consent_texts.c.id).where(consent_texts.c.digest == digest))
    return known


async def text_of(reader: Reader, label: str) -> ConsentText | None:
    """Return the text of a version, None for one from before texts were kept."""
    language, _, number = label.partition("-")
    if not number.isdecimal():
        return None
    same = (consent_texts.c.id == int(number)) & (consent_texts.c.language == language)
    row = await reader.first(select(consent_texts).where(same))
    return None if row is None else ConsentText(**_text(row))


async def versions(reader: Reader) -> Sequence[ConsentVersion]:
    """Return every text that anybody was asked to agree to, the latest first."""
    held = select(persons.c.consent_version, func.count().label("agreed"))
    held = held.where(persons.c.consented_at.is_not(None)).group_by(persons.c.consent_version)
    agreed = {row["consent_version"]: row["agreed"] for row in await reader.all(held)}
    rows = await reader.all(select(consent_texts).order_by(consent_texts.c.id.desc()))
    found = [ConsentText(**_text(row)) for row in rows]
    return [ConsentVersion(text, agreed.get(text.version, 0)) for text in found]


async def agreed_before(reader: Reader, audience: ConsentAudience, moment: datetime) -> int:
    """Count the people here who agreed before then and would have to agree anew."""
    of_audience = persons.c.is_customer.is_(audience == "customers") & persons.c.is_admin.is_(False)
    here = persons.c.left_at.is_(None) & (persons.c.consented_at < moment)
    count: int = await reader.scalar(select(func.count()).where(of_audience, here))
    return count


def _text(row: RowMapping) -> dict[str, Any]:
    names = ("language", "audience", "content", "first_at")
    found = {name: row[name] for name in names}
    return {**found, "version": f"{row['language']}-{row['id']}"}
