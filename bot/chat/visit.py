"""Who was heard, and everything that an answer needs."""

from dataclasses import dataclass
from datetime import datetime

from bot.chat.surveys.sheets import Handles
from bot.rights import Action, may
from bot.roles import roles_of
from bot.says.heard import Sender
from storage.database import Transaction
from storage.people import people, workspace
from storage.people.addresses import Address
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.messages import Language, known_language
from templates.texts import Texts


@dataclass(frozen=True, slots=True)
class Visit:
    """The sender of what was heard, and the surroundings; `person` is None for a stranger."""

    tx: Transaction
    now: datetime
    who: Sender
    person: Person | None
    workspace: Workspace
    texts: Texts
    handles: Handles

    @property
    def address(self) -> Address:
        """Where the sender is."""
        return Address(*self.who.at)

    def may(self, action: Action) -> bool:
        """Tell whether the sender may do something."""
        return may(action, *roles_of(self.person))

    @property
    def known(self) -> Person:
        """The sender as a person; raises LookupError for a stranger."""
        if self.person is None:
            raise LookupError(self.who.channel)
        return self.person


def language_of(person: Person | None, who: Sender, workspace: Workspace) -> Language:
    """Return the language chosen by the person, else the channel's, else the company's."""
    chosen = person.language if person is not None else None
    wanted = known_language(chosen) or known_language(who.language[:2])
    return wanted or workspace.language


async def visit_of(
    tx: Transaction, who: Sender, person: Person | None, now: datetime, handles: Handles
) -> Visit:
    """Return the visit of whoever is at the sender's address: rights follow from that alone."""
    space = await workspace.get(tx)
    if person is not None and person.unreachable_at is not None:
        await people.reachable(tx, Address(*who.at))
    return Visit(tx, now, who, person, space, Texts(language_of(person, who, space)), handles)
