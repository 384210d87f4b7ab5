"""The texts of consent that hold: shown, replaced, and who agreed to which version."""

from collections.abc import Mapping
from dataclasses import replace as replace_in
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.privacy.consenting import shown
from storage.database import Database, Transaction
from storage.people import workspace
from storage.privacy import consents
from surveys.consents.texts import AUDIENCES, ConsentAudience, problem_of, usual
from surveys.messages import LANGUAGES, Language
from surveys.survey.cleaning import clean_text
from templates.texts import Texts


def held(own: Mapping[tuple[str, str], str], language: Language, audience: ConsentAudience) -> str:
    """Return the template that holds: the company's own, else the usual one."""
    return own.get((language, audience)) or usual(language, audience)


def checked(text: str) -> str:
    """Return a company's own text as it is kept; raises Refused."""
    text = clean_text(text)
    problem = problem_of(text)
    if problem is not None:
        raise Refused(problem.template, **problem.values)
    return text


async def replace(
    tx: Transaction, language: Language, audience: ConsentAudience, text: str | None, now: datetime
) -> None:
    """Take a company's own text, or (None) the usual one again; raises Refused.

    People who agreed to an earlier text keep that version.
    """
    content = None if text is None else checked(text)
    await consents.set_own(tx, language, audience, content, now)


async def ask_anew(tx: Transaction, audience: ConsentAudience, now: datetime) -> int:
    """Have everybody who agreed until now agree again before their next survey; return how many."""
    asked = await consents.agreed_before(tx, audience, now)
    space = await workspace.get(tx)
    if audience == "staff":
        space = replace_in(space, staff_agree_anew_since=now)
    else:
        space = replace_in(space, customers_agree_anew_since=now)
    await workspace.save(tx, space)
    return asked


async def consent(
    database: Database,
    now: datetime,
    /,
    *,
    language: Language = "ru",
    audience: ConsentAudience = "customers",
    source: str | None = None,
    usual_again: bool = False,
    anew: bool = False,
) -> dict[str, Any]:
    """Operation: take a text for one language and audience; return what holds, and the versions.

    `anew`: everybody of the audience who agreed before is asked again; `asked_anew` counts them.
    """
    asked_anew = None
    if source is not None or usual_again:
        async with database.transaction() as tx:
            await replace(tx, language, audience, None if usual_again else source, now)
    if anew:
        async with database.transaction() as tx:
            asked_anew = await ask_anew(tx, audience, now)
    async with database.reading() as reader:
        space, own = await workspace.get(reader), await consents.own(reader)
        known = await consents.versions(reader)
        texts = [
            {
                "language": one,
                "audience": whose,
                "own": (one, whose) in own,
                "template": held(own, one, whose),
                "shown": await shown(reader, held(own, one, whose), space, Texts(one)),
            }
            for one in LANGUAGES
            for whose in AUDIENCES
        ]
    return {
        "asked_anew": asked_anew,
        "texts": texts,
        "versions": [
            {
                "version": one.text.version,
                "audience": one.text.audience,
                "since": one.text.first_at.isoformat(),
                "agreed": one.agreed,
                "text": one.text.content,
            }
            for one in known
        ],
    }
