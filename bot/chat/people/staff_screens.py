"""Who becomes an admin, a team lead, a manager: pure functions to screens."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.chat.admin_screens import pager
from bot.says.fitting import shortened
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.people import Person
from templates.texts import Texts

A_PAGE = 8
LONGEST_NAME = 200


def key_of(team: str) -> str:
    """Return a short key for a team, since its name may be too long for a button's data."""
    return hashlib.sha256(team.encode()).hexdigest()[:16]


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, MenuTap(place, arguments).pack()),)


def _name(name: str) -> str:
    return literal(shortened(name, LONGEST_NAME))


def _cancel(texts: Texts, person: Person | None) -> tuple[Button]:
    if person is None:
        return _button(texts("Cancel"), "staff_add")
    return _button(texts("Cancel"), "colleague", str(person.id))


def _done(texts: Texts, said: str) -> Screen:
    return Screen(said, (_button(texts("‹ All of the staff"), "staff"),))


def add(texts: Texts) -> Screen:
    """Return the ways in which somebody joins the staff."""
    return Screen(
        texts("<b>Whom to add?</b>\nMany managers at once come by a list."),
        (
            _button(texts("A manager"), "manager_new"),
            _button(texts("An admin"), "admin_new"),
            _button(texts("‹ All of the staff"), "staff"),
        ),
    )


def ask_for_name(texts: Texts) -> Screen:
    """Ask for the name of a new manager."""
    said = texts("Write the name of the new manager; after a comma the team, if there are teams.")
    return Screen(said, (_cancel(texts, None),))


def new_manager(texts: Texts, name: str, team: str | None) -> Screen:
    """Ask whether somebody is to be a manager."""
    if team is None:
        said = texts("<b>Add the manager {name}?</b>", name=_name(name))
    else:
        said = texts(
            "<b>Add the manager {name}, team «{team}»?</b>", name=_name(name), team=_name(team)
        )
    text = said + "\n" + texts("You get their personal link; the other admins are told.")
    return Screen(text, (_button(texts("Yes, add"), "manager_do"), _cancel(texts, None)))


def manager_added(texts: Texts, person: Person) -> Screen:
    """Return that somebody is a manager now."""
    name = _name(person.name)
    return _done(texts, texts("{name} is one of the managers now. Send them the link.", name=name))


def new_admin(texts: Texts) -> Screen:
    """Return what a link for an admin is, and the button that makes it."""
    text = texts(
        "<b>A link for a new admin?</b>\nWhoever opens it first is an admin and may do "
        "everything. It lasts one day; earlier ones no longer work. The other admins are told when "
        "somebody comes by it."
    )
    yes = _button(texts("Yes, make the link"), "admin_new_do")
    return Screen(text, (yes, _cancel(texts, None)))


def admin_invited(texts: Texts) -> Screen:
    """Return that the link is made."""
    return _done(texts, texts("Here is the link. Give it to that person alone."))


def make_admin(texts: Texts, person: Person) -> Screen:
    """Ask whether one of the staff is to be an admin."""
    text = texts(
        "<b>Make {name} an admin?</b>\nAdmins may do everything. The other admins are told.",
        name=_name(person.name),
    )
    yes = _button(texts("Yes, make an admin"), "admin_on_do", str(person.id))
    return Screen(text, (yes, _cancel(texts, person)))


def admin_made(texts: Texts, person: Person) -> Screen:
    """Return that somebody is an admin now."""
    return _done(texts, texts("{name} is an admin now.", name=_name(person.name)))


def teams(texts: Texts, person: Person, known: Sequence[str], page: int) -> Screen:
    """Return the choice of a team to lead; `known` are all teams that have anybody."""
    number = str(person.id)
    back = _button(texts("Cancel"), "colleague", number)
    if not known:
        said = texts("Nobody has a team yet: lists bring teams in the column «team».")
        return Screen(said, (back,))
    shown = known[page * A_PAGE : (page + 1) * A_PAGE]
    marks = {team: "✓ " if team in person.leads else "" for team in shown}
    rows = [
        _button(marks[team] + shortened(team, 60), "lead_one", number, key_of(team))
        for team in shown
    ]
    moves = pager(page, "lead", number, more=len(known) > (page + 1) * A_PAGE)
    text = texts("<b>Which team does {name} lead?</b>", name=_name(person.name))
    return Screen(text, (*rows, moves, back))


def lead(texts: Texts, person: Person, team: str) -> Screen:
    """Ask whether somebody is to lead a team, or to stop where they lead it already."""
    values = {"name": _name(person.name), "team": _name(team)}
    if team in person.leads:
        text = texts("<b>{name} no longer leads «{team}»?</b>", **values)
        text += _leaves(texts, person, person.leads == (team,))
    else:
        text = texts(
            "<b>{name} leads «{team}»?</b>\nA team lead sees the customers of the team and is told "
            "of low scores that are about its managers.",
            **values,
        )
    text += "\n" + texts("The other admins are told.")
    yes = _button(texts("Yes"), "lead_do", str(person.id), key_of(team))
    return Screen(text, (yes, _cancel(texts, person)))


def _leaves(texts: Texts, person: Person, is_last: bool) -> str:
    if not is_last or replace(person, leads=()).is_staff:
        return ""
    return "\n" + texts("They have no other role here, so they leave.")


def no_lead(texts: Texts, person: Person) -> Screen:
    """Ask whether somebody is to lead no team any more."""
    text = texts("<b>{name} is no longer a team lead?</b>", name=_name(person.name))
    text += _leaves(texts, person, is_last=True) + "\n" + texts("The other admins are told.")
    yes = _button(texts("Yes"), "lead_off_do", str(person.id))
    return Screen(text, (yes, _cancel(texts, person)))


def led(texts: Texts, person: Person) -> Screen:
    """Return which teams somebody leads now."""
    named = ", ".join(f"«{_name(team)}»" for team in person.leads)
    if not named:
        return _done(texts, texts("{name} is no longer a team lead.", name=_name(person.name)))
    return _done(texts, texts("{name} leads: {teams}.", name=_name(person.name), teams=named))
