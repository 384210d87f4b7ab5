"""What a customer writes unasked, and what staff replies: passed on by the bot, kept in a case.

Nobody learns anybody's address: the customer writes to the bot, and so does the manager.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.operations.cases import casework, crm, overdue
from bot.operations.cases.calendar import due_in
from bot.operations.cases.people_told import people_told
from bot.operations.compose import AHEAD, hours_of, texts_for, to_staff, zone_of
from bot.rights import Action
from bot.says.content import Unasked, kept
from bot.says.fitting import LONGEST_MESSAGE, units
from bot.says.markup import literal
from bot.says.said import Again, Show
from bot.says.screens import Button, Screen
from bot.says.spoken import KINDS
from bot.says.taps import MenuTap
from storage.answering.remarks import Spoken
from storage.cases import cases, changing, conversations
from storage.cases.cases import Case, New
from storage.database import Transaction
from storage.people import people
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from storage.sending.outbox import NewMessage
from surveys.campaign.timing import send_at
from templates.texts import Texts

AWAKE: Final = timedelta(hours=1)
"""A customer who wrote this recently is answered at night, too."""
_ROOM: Final = LONGEST_MESSAGE - 300
"""How many characters a message has for somebody's words, besides its headline."""


def headline(texts: Texts, customer: Person) -> str:
    """Return who wrote, and how to reach them, in our markup."""
    who = ", ".join(filter(None, (customer.name, customer.account)))
    lines = [texts("<b>{who}</b> wrote to the bot", who=literal(who))]
    if customer.phone:
        lines.append(texts("Phone: {phone}", phone=literal(customer.phone)))
    return "\n".join(lines)


async def pass_on(
    tx: Transaction, customer: Person, said: Sequence[Spoken], space: Workspace, now: datetime
) -> Case | None:
    """Put what a customer wrote into their open case, or a new one, and tell its holder."""
    case = await conversations.open_of(tx, customer.id)
    if case is None:
        readers = await people_told(tx, customer.id)
        assignee = next((one.id for one in readers if not one.is_admin), None)
        due = due_in(space, now)
        new = New(None, customer.id, assignee, None, None, None, due)
        number = await cases.open_one(tx, new, now)
        if number is None:
            return None
        await casework.remind_of(tx, number, due, now)
        case = await cases.get(tx, number)
        await crm.tell(tx, case, "case.opened", space, now)
        if case is None:
            return None
    who = await overdue.responsible(tx, case, space)
    for one in said:
        file = None if one.file_id is None else (one.kind, one.file_id)
        event = await cases.record(tx, case.id, "said", None, now, one.text, file)
        await crm.tell(tx, case, "case.message", space, now, [one.text])
        for reader in who:
            await _tell(tx, case, event, one, reader, texts_for(reader, space), now)
    return case


async def _tell(
    tx: Transaction,
    case: Case,
    event: int,
    said: Spoken,
    reader: Person,
    texts: Texts,
    now: datetime,
) -> None:
    customer = await people.get(tx, case.person_id)
    head = headline(texts, customer)
    if said.forwarded:
        head = f"{head} {texts('(forwarded)')}"
    if said.file_id is not None:
        head = f"{head}\n[{texts(KINDS[said.kind])}]"
    screens = list(_screens(head, said.text, _buttons(texts, case, event, said)))
    for number, screen in enumerate(screens):
        key = f"letter:{event}:{reader.id}" + (f":{number}" if number else "")
        draft = to_staff(key, reader, Show(screen), now, Action.WORK_CASES, customer.id)
        await outbox.put(tx, draft, now)


def _buttons(texts: Texts, case: Case, event: int, said: Spoken) -> list[Button]:
    reply = Button(texts("Reply"), MenuTap("case_write", (str(case.id),)).pack())
    shown = Button(texts("The case"), MenuTap("case", (str(case.id),)).pack())
    if said.file_id is None:
        return [reply, shown]
    return [reply, file_button(texts, event), shown]


def file_button(texts: Texts, event: int) -> Button:
    """Return the button that shows a file that was sent in a case."""
    return Button(texts("Show the file"), MenuTap("case_file", (str(event),)).pack())


def _screens(head: str, words: str, buttons: Sequence[Button]) -> Iterator[Screen]:
    """Yield messages that hold all the words, the buttons below the last."""
    parts = list(pieces(words)) or [""]
    for number, part in enumerate(parts, start=1):
        said = literal(part)
        text = "\n\n".join(filter(None, (head if number == 1 else "", said)))
        rows = tuple((one,) for one in buttons) if number == len(parts) else ()
        yield Screen(text, rows)


def pieces(words: str) -> Iterator[str]:
    """Yield words in parts that each fit in a message beside a headline, cut between words."""
    rest = words.strip()
    while units(literal(rest)) > _ROOM:
        part = rest[:_ROOM]
        while units(literal(part)) > _ROOM:
            part = part[:-16]
        cut = max(part.rfind("\n"), part.rfind(" "))
        part = part[: cut if cut > _ROOM // 2 else len(part)]
        yield part.rstrip()
        rest = rest[len(part) :].lstrip()
    if rest:
        yield rest


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of a reply: when it goes out, None where the customer cannot be written to."""

    at: datetime | None


def can_be_written_to(customer: Person) -> bool:
    """Tell whether a message would reach a customer: they came, and have not blocked the bot."""
    return customer.address is not None and customer.unreachable_at is None


async def reply(
    tx: Transaction,
    case: Case,
    by: Person,
    words: str,
    space: Workspace,
    now: datetime,
    file: Again | None = None,
) -> Replied:
    """Send a customer what staff wrote, and keep it in the case.

    It waits for the morning, unless the customer wrote within `AWAKE`. A `file` follows the words,
    by the name that the channel has for it. Like everything to customers, a message that may not
    have arrived is not sent again.
    """
    customer = await people.get(tx, case.person_id)
    if customer.address is None or not can_be_written_to(customer):
        return Replied(None)
    wrote = await conversations.last_said(tx, case.id)
    awake = wrote is not None and wrote > now - AWAKE
    due = now if awake else send_at(now, zone_of(customer, space), hours_of(space))
    named = None if file is None else (file.kind, file.file_id)
    event = await changing.reply(tx, case, by.id, words, now, named)
    texts = texts_for(customer, space)
    head = f"<b>{literal(texts('{name} writes:', name=by.name))}</b>"
    parts: list[Unasked] = [Show(screen) for screen in _screens(head, words, ())]
    for number, part in enumerate((*parts, *([] if file is None else [file]))):
        kind, content = kept(part)
        draft = NewMessage(
            key=f"reply:{event}:{number}",
            address=customer.address,
            audience="customer",
            priority=AHEAD,
            due_at=due,
            kind=kind,
            content=content,
            person_id=customer.id,
        )
        await outbox.put(tx, draft, now)
    return Replied(due)
