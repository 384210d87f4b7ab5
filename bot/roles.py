"""Which roles somebody has, and whose customers that lets them see."""

from bot.rights import Action, Reach, Role, may, reach
from storage.database import Reader
from storage.people import circles, people
from storage.people.circles import Circle
from storage.people.people import Person


def roles_of(person: Person | None) -> frozenset[Role]:
    """Return the roles of whoever speaks from an address; None is a stranger."""
    if person is None:
        return frozenset({Role.STRANGER})
    if person.left_at is not None:
        return frozenset({Role.GONE})
    held = {
        Role.ADMIN: person.is_admin,
        Role.LEAD: bool(person.leads),
        Role.MANAGER: person.is_manager,
        Role.EXPERT: person.is_expert,
    }
    return frozenset(role for role, has in held.items() if has) or frozenset({Role.CUSTOMER})


def roles_on_page(person: Person | None) -> frozenset[Role]:
    """Return the roles of a link's holder: never staff's, since it may be in the wrong hands."""
    gone = person is not None and person.left_at is not None
    return frozenset({Role.GONE if gone else Role.VISITOR})


def circle(action: Action, person: Person | None) -> Circle:
    """Return which customers somebody may do this with."""
    found = reach(action, roles_of(person))
    if person is None or found is None:
        return circles.NOBODY
    if found is Reach.ALL:
        return circles.EVERYBODY
    own = person.id if person.is_manager else None
    return Circle(manager_id=own, teams=person.leads if found is Reach.TEAM else ())


async def may_get(reader: Reader, action: str, person_id: int, about: int | None) -> bool:
    """Tell whether a queued message may still go to somebody: `about` is the customer it names."""
    person = await people.by_id(reader, person_id)
    known = Action.__members__.get(action)
    if known is None or not may(known, *roles_of(person)):
        return False
    return about is None or await circles.holds(reader, circle(known, person), about)
