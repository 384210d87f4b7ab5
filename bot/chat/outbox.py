"""/outbox: messages that perhaps did not arrive; the admin decides about them."""

from collections.abc import Sequence

from bot.chat.auditing import note
from bot.chat.visit import Visit
from bot.operations.compose import hours_of
from bot.says.heard import Command, Tap
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.people import people
from storage.sending import uncertain
from storage.sending.uncertain import Uncertain
from surveys.campaign.timing import send_at
from surveys.messages import mark
from templates.texts import Texts

SHOWN = 8


async def asked_for_outbox(_: Command, visit: Visit) -> Reply:
    """List the uncertain messages."""
    return Show(await _listed(visit))


async def decided(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Send once more or leave: one message, or all that are listed as uncertain."""
    chosen = tap.button.number(1)
    match tap.button.arguments[:2]:
        case ("again", "all"):
            await _resend(visit)
        case ("leave", "all"):
            await uncertain.leave_all(visit.tx, visit.now)
        case ("again", _) if chosen is not None:
            await _resend(visit, chosen)
        case ("leave", _) if chosen is not None:
            await uncertain.leave(visit.tx, chosen, visit.now)
        case _:
            return Change(await _listed(visit))
    await note(visit, "settled_outbox")
    return Change(await _listed(visit))


async def _resend(visit: Visit, only: int | None = None) -> None:
    """Send all, or one, once more, at an hour when people of that zone may be written to."""
    space = visit.workspace
    due_in = {
        zone: send_at(visit.now, zone or space.zone, hours_of(space))
        for zone in await uncertain.zones(visit.tx)
    }
    await uncertain.resend(visit.tx, due_in, visit.now, only=only)


async def _listed(visit: Visit) -> Screen:
    shown = await uncertain.listed(visit.tx, SHOWN)
    named = [(message, await _name(visit, message)) for message in shown]
    total = await uncertain.count(visit.tx)
    return screen(visit.texts, named, total, visit.workspace.zone)


async def _name(visit: Visit, message: Uncertain) -> str:
    person = None
    if message.person_id is not None:
        person = await people.by_id(visit.tx, message.person_id)
    return person.name if person is not None else message.address.address


def screen(
    texts: Texts, messages: Sequence[tuple[Uncertain, str]], total: int, zone: str
) -> Screen:
    """Return the list with its buttons; `total` counts those not shown too."""
    menu = (Button(texts("‹ Menu"), MenuTap("menu").pack()),)
    if not messages:
        return Screen(texts("Every message has arrived or has been decided about."), (menu,))
    lines = [
        texts.plural(
            "Nobody knows whether {n} message arrived: the connection broke at the moment of "
            "sending, or the database was restored from a copy. Sent again, it may come twice; "
            "left, perhaps never.",
            "Nobody knows whether {n} messages arrived: the connection broke at the moment "
            "of sending, or the database was restored from a copy. Sent again, they may come "
            "twice; left, perhaps never.",
            total,
        )
    ]
    if any(message.kind in _KINDS for message, _ in messages):
        lines.append(texts("Where a survey's one reminder is still due, it comes in any case."))
    lines += [
        f"{number}. {_named(texts, message, name, zone)}"
        for number, (message, name) in enumerate(messages, 1)
    ]
    return Screen("\n".join(lines), (*_buttons(texts, messages), menu))


_KINDS = {"invitation": mark("invitation"), "reminder": mark("reminder")}


def _named(texts: Texts, message: Uncertain, name: str, zone: str) -> str:
    """Return to whom a message was to go, what it was and when."""
    kind = _KINDS.get(message.kind)
    what = [] if kind is None else [texts(kind)]
    return ", ".join((literal(name), *what, texts.moment(message.settled_at, zone)))


def _buttons(texts: Texts, messages: Sequence[tuple[Uncertain, str]]) -> Rows:
    one_by_one = tuple(
        (
            Button(texts("{n}: send again", n=number), _tap("again", message.id)),
            Button(texts("{n}: leave", n=number), _tap("leave", message.id)),
        )
        for number, (message, _) in enumerate(messages, 1)
    )
    everything = (
        Button(texts("Send all again"), _tap("again", "all")),
        Button(texts("Leave all"), _tap("leave", "all")),
    )
    return (*one_by_one, everything)


def _tap(decision: str, chosen: int | str) -> str:
    return MenuTap("outbox", (decision, str(chosen))).pack()
