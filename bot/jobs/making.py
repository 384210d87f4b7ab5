"""What the job of an errand is given, and what it returns."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.content import Unasked, without_buttons
from bot.settings import Settings
from storage.database import Database, Transaction
from storage.people.addresses import Address
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending.errands import Errand, ErrandResult
from storage.sending.outbox import NewMessage
from surveys.messages import Language, known_language
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
        """Return the texts in the language wanted, else in that of whoever asked."""
        space = self.space
        if wanted := known_language(self.errand.parameters.get("language")):
            return Texts(wanted)
        return texts_for(self.person, space) if self.person else Texts(space.language)

    def folder(self, name: str) -> Path:
        """Return where this errand's files lie beside the database."""
        return self.settings.data_directory / name / str(self.errand.id)

    def answers(self, end: "End") -> Sequence[NewMessage]:
        """Return the messages to whoever asked; their keys keep them from being sent twice."""
        if self.person is None:
            return ()
        person, key = self.person, f"{self.errand.kind}:{self.errand.id}"
        keys = (key if place == 1 else f"{key}:{place}" for place in count(1))
        own = [
            to_staff(key, person, said, self.now, end.action)
            for key, said in zip(keys, end.all_said, strict=False)
        ]
        return [*own, *(_elsewhere(one, at) for at in end.also_to for one in own)]


def _elsewhere(message: NewMessage, at: Address) -> NewMessage:
    """Return a message as it goes to a group as well, as long as its admin may get it."""
    kind, number, *rest = message.key.split(":")
    key = ":".join((kind, number, f"to {at.address}", *rest))
    return replace(message, key=key, address=at, content=without_buttons(message.content))


Note = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class End:
    """What became of an errand, and what is said and written together with it.

    `note` writes whatever else is to be true at the same moment;
    `again_at`: it is not finished, but tried once more from then on.
    """

    result: ErrandResult = "done"
    said: Unasked | Sequence[Unasked] | None = None
    note: Note | None = None
    details: Mapping[str, Any] | None = None
    again_at: datetime | None = None
    action: Action = Action.GET_REPORTS
    """What the reader must still be allowed when it is sent."""
    also_to: Sequence[Address] = ()
    """Groups of the person's that get the same."""

    @property
    def all_said(self) -> Sequence[Unasked]:
        """What is said, in its order."""
        if self.said is None:
            return ()
        return self.said if isinstance(self.said, Sequence) else (self.said,)


Make = Callable[[Work], Awaitable[End]]
"""A job. It runs outside any transaction, since it may take long; an error has it tried again."""
