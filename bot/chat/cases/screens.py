"""How cases look in the chat: pure functions to screens."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Final

from bot.chat.admin_screens import pager
from bot.operations.campaigns.casework import take_tap
from bot.says.fitting import LONGEST_MESSAGE, shortened, units, within
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.cases.cases import Case, CaseEvent, CaseFilter
from surveys.cases import OUTCOMES, CaseOutcome, EventKind
from surveys.messages import mark
from templates.texts import Texts

A_PAGE: Final = 8
_NAME, _NOTE = 40, 300
_KINDS: Mapping[CaseFilter, str] = {
    "open": mark("open"),
    "overdue": mark("overdue"),
    "done": mark("resolved"),
}
_OUTCOMES: Mapping[CaseOutcome, str] = {
    "put_right": mark("put right"),
    "not_put_right": mark("could not be put right"),
    "not_reached": mark("the customer was not reached"),
}
_EVENTS: Mapping[EventKind, str] = {
    "opened": mark("opened by the answer {details}"),
    "answer_changed": mark("the answer is now {details}"),
    "assigned": mark("given to {name}"),
    "taken": mark("taken: {name}"),
    "note": mark("note, {name}: {details}"),
    "call_at": mark("call at {details}: {name}"),
    "resolved": mark("resolved, {details}: {name}"),
    "reopened": mark("opened again: {name}"),
    "nagged": mark("reminder sent"),
    "escalated": mark("passed on to the team lead and the admins"),
}


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, MenuTap(place, arguments).pack()),)


def lists(
    texts: Texts,
    which: CaseFilter,
    found: Sequence[Case],
    counts: Mapping[CaseFilter, int],
    zone: tzinfo,
    page: int,
) -> Screen:
    """Return one list of cases, with buttons to the other lists.

    `found` may hold one case more than a page shows: then there is a next page.
    """
    choice = tuple(
        Button(f"{texts(word)} · {counts[kind]}", MenuTap("cases", (kind,)).pack())
        for kind, word in _KINDS.items()
    )
    lines = [texts("<b>Cases</b>: {which}", which=texts(_KINDS[which]))]
    if not found:
        lines.append(texts("There are none."))
    elif which != "done":
        lines.append(texts("What is due first comes first."))
    rows = [_button(_label(texts, one, zone), "case", str(one.id)) for one in found[:A_PAGE]]
    moves = pager(page, "cases", which, more=len(found) > A_PAGE)
    pages: Rows = (moves,) if moves else ()
    return Screen("\n".join(lines), (choice, *rows, *pages, _button(texts("‹ Menu"), "menu")))


def _label(texts: Texts, one: Case, zone: tzinfo) -> str:
    moment = one.resolved_at or one.due_at
    day = texts.date(moment.astimezone(zone).date())
    return f"{shortened(one.customer, _NAME)} · {day}"


def case(
    texts: Texts, told: str, one: Case, history: Sequence[CaseEvent], now: datetime, zone: tzinfo
) -> Screen:
    """Return a case with the buttons to act on it, below `told`: its low score in words."""
    lines = [told, "", f"<b>{_state(texts, one)}</b>"]
    if one.state != "resolved":
        due = texts("Due: {moment}", moment=texts.moment(one.due_at, zone))
        late = texts("it is overdue") if one.due_at <= now else ""
        lines.append(" — ".join(filter(None, (due, late))))
    head = "\n".join(lines)
    entries = [f"• {_event(texts, event, zone)}" for event in reversed(history)]
    room = LONGEST_MESSAGE - units(head) - 2
    shown = within(
        entries, room, lambda n: texts.plural("{n} earlier entry", "{n} earlier entries", n)
    )
    return Screen("\n".join([head, "", *shown]), _actions(texts, one))


def _state(texts: Texts, one: Case) -> str:
    name = _plain(one.assignee or "")
    if one.state == "resolved" and one.outcome is not None:
        return texts("Resolved: {outcome}", outcome=texts(_OUTCOMES[one.outcome]))
    if one.state == "taken":
        return texts("Taken: {name}", name=name)
    if one.assignee is None:
        return texts("Nobody has taken it yet.")
    return texts("Nobody has taken it yet; it is for {name}", name=name)


def _event(texts: Texts, event: CaseEvent, zone: tzinfo) -> str:
    details = event.details or ""
    match event.kind:
        case "call_at":
            details = texts.moment(datetime.fromisoformat(details), zone)
        case "resolved":
            details = next((texts(_OUTCOMES[one]) for one in OUTCOMES if one == details), details)
        case "answer_changed" if not details:
            details = texts("no answer")
        case _:
            details = _plain(shortened(details, _NOTE))
    name = _plain(event.by) if event.by else texts("the team lead or the admins")
    said = texts(_EVENTS[event.kind], details=details, name=name)
    return f"{texts.moment(event.happened_at, zone)}: {said}"


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _actions(texts: Texts, one: Case) -> Rows:
    number = str(one.id)
    note = _button(texts("Note"), "case_note", number)
    last = (
        _button(texts("The customer's card"), "card", str(one.person_id)),
        _button(texts("‹ Cases"), "cases"),
    )
    if one.state == "resolved":
        return (_button(texts("Open again"), "case_again", number), note, *last)
    label = texts("Take the case") if one.state == "open" else texts("Take it over")
    return (
        (Button(label, take_tap(one)),),
        (*note, *_button(texts("Call back at…"), "case_call", number)),
        _button(texts("Resolved"), "case_end", number),
        *last,
    )


def outcomes(texts: Texts, one: Case) -> Screen:
    """Return the choice of how a case ended."""
    rows = [_button(texts(word), "case_done", str(one.id), key) for key, word in _OUTCOMES.items()]
    back = _button(texts("‹ The case"), "case", str(one.id))
    said = texts("How did it end for {name}?", name=_plain(one.customer))
    return Screen(said, (*rows, back))


def asked(texts: Texts, one: Case, said: str) -> Screen:
    """Return a request to type something about a case, or why what was typed does not do."""
    return Screen(said, (_button(texts("‹ The case"), "case", str(one.id)),))
