"""The record of staff's deeds in the chat: what each button is noted as, and how admins read it."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.chat.admin_screens import pager
from bot.chat.visit import Visit
from bot.operations.auditing import DeedKind, sentence
from bot.says.heard import Command, Heard, Tap
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.answering import remarks
from storage.cases import cases
from storage.people import audit, people

DONE: Final[Mapping[str, DeedKind]] = {
    "cards": "saw_customers",
    "card_link": "made_link",
    "remark": "saw_file",
    "links_file": "made_links",
    "open_new": "made_links",
    "open_end": "changed_customers",
    "conflict": "changed_customers",
    "left_do": "changed_staff",
    "left_back": "changed_staff",
    "admin_off_do": "changed_staff",
    "manager_do": "changed_staff",
    "admin_new_do": "changed_staff",
    "admin_on_do": "changed_staff",
    "lead_do": "changed_staff",
    "lead_off_do": "changed_staff",
    "erase_do": "erased",
    "cases": "saw_cases",
    "case": "saw_case",
    "case_file": "saw_file",
    "theme_word": "changed_company",
    "themes_usual": "changed_company",
    "consent_use": "changed_company",
    "consent_usual": "changed_company",
}
"""What a button or a command does, by its name, wherever it replies by more than a toast.

What takes typed words, and what may be refused by a screen, notes its deeds itself.
"""
_OF_CUSTOMER: Final = "card_link"
_OF_REMARK: Final = "remark"
_OF_CASE: Final = ("case", "case_file")
_PAGE = 20
_LAST_PAGE = 10_000


async def note(visit: Visit, what: DeedKind, about: int | None = None, details: str = "") -> None:
    """Note what the sender does, in its own transaction."""
    if visit.person is not None and not visit.person.is_customer:
        await audit.note(
            visit.tx, what, visit.person.id, visit.now, about=about, details=details or None
        )


async def note_by_name(name: str | None, heard: Heard, visit: Visit, reply: Reply) -> None:
    """Note a button or a command by its name, unless it was refused."""
    if visit.person is None or visit.person.is_customer or _is_refused(reply):
        return
    what = DONE.get(name or "")
    if what is None or not isinstance(heard, Tap | Command):
        return
    first = heard.button.number(0) if isinstance(heard, Tap) and heard.button else None
    about, details = None, "" if first is None else str(first)
    if name == _OF_CUSTOMER:
        about, details = first, ""
    elif name == _OF_REMARK:
        remark = await remarks.get(visit.tx, first or 0)
        about, details = (None if remark is None else remark.person_id), ""
    elif name in _OF_CASE:
        about = await _customer_of(visit, first)
    await note(visit, what, about, details)


async def _customer_of(visit: Visit, case_id: int | None) -> int | None:
    found = None if case_id is None else await cases.get(visit.tx, case_id)
    return None if found is None else found.person_id


def _is_refused(reply: Reply) -> bool:
    said = reply if isinstance(reply, Sequence) else [reply]
    return all(isinstance(one, Toast) for one in said)


async def show(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a page of the record, the latest first; of one customer where the button names one."""
    page, about = min(tap.button.number(0) or 0, _LAST_PAGE), tap.button.number(1)
    return Change(await _screen(visit, page, about))


async def asked(_: Command, visit: Visit) -> Reply:
    """Show the latest of the record."""
    return Show(await _screen(visit, 0, None))


async def _screen(visit: Visit, page: int, about: int | None) -> Screen:
    texts, zone = visit.texts, visit.workspace.tzinfo
    found = await audit.latest(visit.tx, _PAGE + 1, page * _PAGE, about)
    head = texts("<b>What staff did</b>")
    if about is not None:
        person = await people.by_id(visit.tx, about)
        head = f"{head}: {literal(person.name if person else '')}"
    lines = [
        f"• {texts.moment(one.happened_at, zone)} · {literal(sentence(texts, one))}"
        for one in found[:_PAGE]
    ]
    named = () if about is None else (str(about),)
    moves = _pages(page, named, more=len(found) > _PAGE)
    rows = ((moves,) if moves else ()) + ((Button(texts("‹ People"), MenuTap("people").pack()),),)
    return Screen("\n".join([head, *(lines or [texts("Nothing yet.")])]), rows)


def _pages(page: int, named: tuple[str, ...], *, more: bool) -> tuple[Button, ...]:
    """Return the buttons to the other pages; the page stands before the customer."""
    if not named:
        return pager(page, "audit", more=more)
    found = []
    if page:
        found.append(Button("‹", MenuTap("audit", (str(page - 1), *named)).pack()))
    if more:
        found.append(Button("›", MenuTap("audit", (str(page + 1), *named)).pack()))
    return tuple(found)
