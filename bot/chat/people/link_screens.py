"""People and the ways in, as an admin sees them: pure functions to screens."""

from collections.abc import Sequence

from bot.operations.ways_in.links import CONFLICTS
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.link_conflicts import Conflict
from storage.people.links import OpenLink
from storage.people.people import Presence
from storage.people.workspace import Workspace
from templates.texts import Texts

DAYS = (30, 90, 365)
SHOWN = 8


def _button(label: str, place: str, *arguments: str) -> Button:
    return Button(label, MenuTap(place, arguments).pack())


def _back(texts: Texts) -> tuple[Button, ...]:
    return (_button(texts("‹ People"), "people"),)


def home(texts: Texts, present: Presence, conflicts: int) -> Screen:
    """Return who is known, and what can be done about it."""
    text = texts(
        "<b>People</b>\nCustomers: {customers}, in Telegram {customers_here}.\n"
        "Managers: {managers}, in Telegram {managers_here}.\n\n"
        "To bring people in, send me a CSV or XLSX file, for instance an export of your CRM.",
        customers=texts.number(present.customers),
        customers_here=texts.number(present.customers_here),
        managers=texts.number(present.managers),
        managers_here=texts.number(present.managers_here),
    )
    rows: list[tuple[Button, ...]] = [
        (_button(texts("Customers"), "cards"), _button(texts("Links"), "links")),
        (_button(texts("Open links"), "open_links"), _button(texts("Managers, admins"), "staff")),
    ]
    rows.append((_button(texts("What staff did"), "audit", "0"),))
    if conflicts:
        label = texts("Whose account is it? ({n})", n=texts.number(conflicts))
        rows.append((_button(label, "conflicts"),))
    return Screen(text, (*rows, (_button(texts("‹ Menu"), "menu"),)))


def formats(texts: Texts) -> Screen:
    """Return the choice of a file with everybody's links."""
    text = texts(
        "A personal link for everybody who is not in Telegram yet. Links given out before stay "
        "valid. One person's link stands on their card."
    )
    table = _button(texts("A table (XLSX) for letters"), "links_file", "xlsx")
    cards = _button(texts("Cards with QR codes to print"), "links_file", "html")
    return Screen(text, ((table,), (cards,), _back(texts)))


def being_made(texts: Texts) -> Screen:
    """Return the confirmation that a file is being made."""
    return Screen(texts("The file is being made; it comes here shortly."), (_back(texts),))


def open_links(texts: Texts, known: Sequence[OpenLink], space: Workspace) -> Screen:
    """Return the open links with what they brought."""
    lines = [texts("<b>Open links</b>: anybody may come by them, at a counter or from a page.")]
    rows: list[tuple[Button, ...]] = []
    for one in known[:SHOWN]:
        label = one.label or "—"
        lines.append(f"• {literal(label)}: {_uses(texts, one)}{_ends(texts, one, space)}")
        rows.append((_button(texts("Revoke: {label}", label=label[:24]), "open_end", str(one.id)),))
    new = tuple(
        _button(texts.plural("New, {n} day", "New, {n} days", days), "open_new", str(days))
        for days in DAYS
    )
    return Screen("\n".join(lines), (*rows, new, _back(texts)))


def _uses(texts: Texts, one: OpenLink) -> str:
    came = texts.plural("{n} came", "{n} came", one.uses)
    if one.most_uses is None:
        return came
    return texts("{came} of {most}", came=came, most=texts.number(one.most_uses))


def _ends(texts: Texts, one: OpenLink, space: Workspace) -> str:
    if one.expires_at is None:
        return ""
    day = texts.date(one.expires_at.astimezone(space.tzinfo).date())
    return ", " + texts("until {day}", day=day)


def open_caption(texts: Texts, link: str) -> str:
    """Return what stands below an open link's picture."""
    return texts(
        "Anybody can come by this link: put it on the counter or on your page.\n{link}", link=link
    )


def conflicts(texts: Texts, found: Sequence[Conflict], space: Workspace) -> Screen:
    """Return the accounts an admin has to decide about."""
    if not found:
        return Screen(texts("Nothing to decide."), (_back(texts),))
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(found[:SHOWN], start=1):
        said = texts(
            CONFLICTS[one.kind],
            person=literal(one.person or "—"),
            owner=literal(one.owner or "—"),
        )
        lines.append(f"{number}. {texts.moment(one.happened_at, space.tzinfo)}: {said}")
        row = [_button(texts("{n}: leave as it is", n=number), "conflict", str(one.id), "leave")]
        if one.kind == "taken":
            label = texts("{n}: this is the new account", n=number)
            row.append(_button(label, "conflict", str(one.id), "move"))
        rows.append(tuple(row))
    return Screen("\n\n".join(lines), (*rows, _back(texts)))
