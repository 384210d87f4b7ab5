"""What the job of an errand is given, and what it returns."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.operations.compose import texts_for, to_staff
from bot.says.content import Unasked
from bot.settings import Settings
from storage.database import Database, Transaction
from storage.people.addresses import Address
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending.errands import Errand, ErrandResult
from storage.sending.outbox import NewMessage
from surveys.messages import Language
from templates.texts import Texts

Menus = Callable[[Address, Language | None], Awaitable[None]]
"""Shows at an address the commands of an admin in a language; None: those of everybody."""


@dataclass(frozen=True, slots=True)
class Work:
    """An errand to make now; `person` asked for it, None: a schedule of the company's."""

    settings: Settings
    database: Database
    menus: Menus
    errand: Errand
    person: Person | None
    space: Workspace
    now: datetime

    @property
    def texts(self) -> Texts:
        """Return the texts in the language of whoever asked, else the company's."""
        space = self.space
        return texts_for(self.person, space) if self.person else Texts(space.language)

    def folder(self, name: str) -> Path:
        """Return where this errand's files lie beside the database."""
        return self.settings.data_directory / name / str(self.errand.id)

    def answer(self, end: "End") -> NewMessage | None:
        """Return the message to whoever asked; its key keeps it from being sent twice."""
        if self.person is None or end.said is None:
            return None
        key = f"{self.errand.kind}:{self.errand.id}"
        return to_staff(key, self.person, end.said, self.now)


Note = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class End:
    """What became of an errand, and what is said and written together with it.

    `note` writes whatever else is to be true at the same moment;
    `again_at`: it is not finished, but tried once more from then on.
    """

    result: ErrandResult = "done"
    said: Unasked | None = None
    note: Note | None = None
    details: Mapping[str, Any] | None = None
    again_at: datetime | None = None


Make = Callable[[Work], Awaitable[End]]
"""A job. It runs outside any transaction, since it may take long; an error has it tried again."""
