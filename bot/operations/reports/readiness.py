"""Whether it is time for a CRM, from the managers' answers in the database to finished words."""

from datetime import datetime, timedelta
from typing import Final

from storage.counting import sheets
from storage.database import Reader, open_reading
from storage.people import workspace
from surveys.counts.readiness import SURVEY, Readiness, readiness
from surveys.messages import Language
from surveys.survey.catalog import catalog
from surveys.survey.definition import localized
from templates.readiness import lines
from templates.texts import Texts

LOOKED_BACK: Final = timedelta(days=365)


async def found(reader: Reader, now: datetime) -> Readiness:
    """Return what the latest answers of the last twelve months come to."""
    answered = await sheets.of_managers(reader, SURVEY, now - LOOKED_BACK)
    return readiness([sheet.answers for sheet in answered])


async def make(
    database_url: str, language: Language | None, now: datetime
) -> tuple[Readiness, str]:
    """Return the conclusion and its words, from a database that is only read."""
    async with open_reading(database_url) as database, database.reading() as reader:
        chosen = language or (await workspace.get(reader)).language
        conclusion = await found(reader, now)
        return conclusion, "\n".join(said(Texts(chosen), conclusion)) + "\n"


def said(texts: Texts, conclusion: Readiness) -> list[str]:
    """Return the lines of a conclusion."""
    return list(lines(texts, conclusion, localized(catalog()[SURVEY].title, texts.language)))
