"""Who leaves, and who takes over: pure functions to screens."""

from collections.abc import Sequence

from bot.chat.admin_screens import pager
from bot.operations.leaving import LetGo
from bot.says.fitting import shortened
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.people import Person
from templates.texts import Texts

A_PAGE = 8
NOBODY = "0"


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, MenuTap(place, arguments).pack()),)


def _label(person: Person) -> str:
    return shortened(person.name, 60)


def _name(person: Person) -> str:
    return literal(shortened(person.name, 200))


def staff(texts: Texts, found: Sequence[Person], page: int) -> Screen:
    """Return a page of the staff; `found` is all of them."""
    shown = found[page * A_PAGE : (page + 1) * A_PAGE]
    rows = [_button(_label(one), "colleague", str(one.id)) for one in shown]
    moves = pager(page, "staff", more=len(found) > (page + 1) * A_PAGE)
    text = texts(
        "<b>Managers, team leads and admins</b>\nWhose rights are to change, or who has left?"
    )
    add = _button(texts("Add somebody"), "staff_add")
    return Screen(text, (*rows, moves, add, _button(texts("‹ People"), "people")))


def colleague(texts: Texts, person: Person, customers: int) -> Screen:
    """Return what one of the staff is, and what can be begun and ended."""
    roles = [texts("manager")] if person.is_manager else []
    if person.leads:
        named = ", ".join(f"«{literal(team)}»" for team in person.leads)
        roles.append(texts("team lead of {teams}", teams=named))
    roles += [texts("admin")] if person.is_admin else []
    lines = [f"<b>{_name(person)}</b>", ", ".join(roles)]
    if person.is_manager:
        lines.append(texts.plural("{n} customer", "{n} customers", customers))
    number = str(person.id)
    rows = [_button(texts("Leads a team …"), "lead", number)]
    if person.leads:
        rows.append(_button(texts("No longer a team lead"), "lead_off", number))
    if not person.is_admin and person.address is not None:
        rows.append(_button(texts("Make an admin"), "admin_on", number))
    if person.is_manager or person.leads:
        rows.append(_button(texts("Has left the company"), "left", str(person.id)))
    if person.is_admin:
        rows.append(_button(texts("No longer an admin"), "admin_off", str(person.id)))
    return Screen("\n".join(lines), (*rows, _button(texts("‹ All of the staff"), "staff")))


def successor(
    texts: Texts, leaver: Person, customers: int, managers: Sequence[Person], page: int
) -> Screen:
    """Return the choice of who takes a manager's customers over; `managers` are all others."""
    text = texts.plural(
        "{n} customer of {name} needs a manager. Who takes over?",
        "{n} customers of {name} need a manager. Who takes over?",
        customers,
        name=_name(leaver),
    )
    number = str(leaver.id)
    shown = managers[page * A_PAGE : (page + 1) * A_PAGE]
    rows = [_button(_label(one), "left_to", number, str(one.id)) for one in shown]
    moves = pager(page, "left", number, more=len(managers) > (page + 1) * A_PAGE)
    nobody = _button(texts("Nobody for now"), "left_to", number, NOBODY)
    return Screen(text, (*rows, moves, nobody, _cancel(texts, leaver)))


def _cancel(texts: Texts, person: Person) -> tuple[Button]:
    place = "card" if person.is_customer else "colleague"
    return _button(texts("Cancel"), place, str(person.id))


def confirm(texts: Texts, leaver: Person, to: Person | None, customers: int) -> Screen:
    """Return what a leaving means, and the button that does it."""
    lines = [
        texts(
            "<b>{name} leaves?</b>\nOpen surveys close, links no longer work, nothing more is "
            "sent. Answers and figures stay. Whoever is on a later list is back.",
            name=_name(leaver),
        )
    ]
    if customers:
        to_whom = texts("nobody for now") if to is None else _name(to)
        lines.append(
            texts.plural(
                "{n} customer goes to: {to}.", "{n} customers go to: {to}.", customers, to=to_whom
            )
        )
    number = NOBODY if to is None else str(to.id)
    yes = _button(texts("Yes, has left"), "left_do", str(leaver.id), number)
    return Screen("\n".join(lines), (yes, _cancel(texts, leaver)))


def done(texts: Texts, leaver: Person, what: LetGo) -> Screen:
    """Return what a leaving did."""
    lines = [texts("{name} has left.", name=_name(leaver))]
    if what.surveys:
        lines.append(texts.plural("{n} survey closed.", "{n} surveys closed.", what.surveys))
    if what.messages:
        said = texts.plural("{n} message is not sent.", "{n} messages are not sent.", what.messages)
        lines.append(said)
    if what.handed_over:
        said = texts.plural(
            "{n} customer handed over.", "{n} customers handed over.", what.handed_over
        )
        lines.append(said)
    if what.unattended:
        said = texts.plural(
            "{n} customer has no manager now.",
            "{n} customers have no manager now.",
            what.unattended,
        )
        lines.append(said)
    back = _button(texts("A mistake: is back"), "left_back", str(leaver.id))
    erase = _button(texts("Erase all data"), "erase", str(leaver.id))
    return Screen("\n".join(lines), (back, erase, _button(texts("‹ People"), "people")))


def returned(texts: Texts, person: Person) -> Screen:
    """Say that somebody is with the company again."""
    text = texts("{name} is back; a personal link has to be made anew.", name=_name(person))
    return Screen(text, (_button(texts("‹ People"), "people"),))


def no_admin(texts: Texts, admin: Person) -> Screen:
    """Return what losing an admin's rights means, and the button that does it."""
    text = texts(
        "<b>{name} is no longer an admin?</b>\nNothing that only admins see is sent any more, and "
        "the digests on schedule end. The other admins are told.",
        name=_name(admin),
    )
    yes = _button(texts("Yes, take the rights back"), "admin_off_do", str(admin.id))
    return Screen(text, (yes, _cancel(texts, admin)))


def admin_off(texts: Texts, admin: Person) -> Screen:
    """Say that the rights are taken back."""
    text = texts("{name} is no longer an admin.", name=_name(admin))
    return Screen(text, (_button(texts("‹ People"), "people"),))
