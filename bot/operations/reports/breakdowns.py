"""By which of the customers' own attributes the digest breaks its score down."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.errors import Refused
from storage.database import Transaction
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.messages import mark
from surveys.survey.cleaning import clean_text

MOST = 3
"""Attributes at a time: of every twenty groups one strays from the rest by chance alone."""
_MOST_NAMED = 30


async def choose(tx: Transaction, names: Iterable[str], known: Collection[str]) -> Workspace:
    """Keep the choice, in its order; `known`: what customers have. Raises Refused."""
    space = await workspace.get(tx)
    space = replace(space, break_down_by=_checked(names, {*known, *space.break_down_by}))
    await workspace.save(tx, space)
    return space


def _checked(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    wanted = [text for name in names if (text := clean_text(name))]
    found = tuple(dict.fromkeys(_found(name, known) for name in wanted))
    if len(found) > MOST:
        raise Refused(mark("The digest is broken down by {most} attributes at most."), most=MOST)
    return found


def _found(name: str, known: Collection[str]) -> str:
    """Return the known attribute of this name, whatever the case of its letters."""
    if name in known:
        return name
    folded = (one for one in sorted(known) if one.casefold() == name.casefold())
    if found := next(folded, None):
        return found
    listed = sorted(known)[:_MOST_NAMED]
    if not listed:
        raise Refused(
            mark(
                "Customers have no attributes yet. Bring them in: "
                "otklik import people FILE --column 'HEADING=attribute'"
            )
        )
    raise Refused(
        mark("No customer has an attribute «{name}». Known: {known}."), name=name, known=listed
    )
