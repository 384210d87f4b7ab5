"""How cases look in the chat: pure functions to screens."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from bot.chat.admin_screens import pager
from bot.operations.cases import casework
from bot.operations.cases.casework import OUTCOME_NAMES, take_tap
from bot.operations.cases.correspondence import file_button
from bot.says.fitting import LONGEST_MESSAGE, shortened, units, within
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.spoken import KINDS as FILE_NAMES
from bot.says.taps import MenuTap
from storage.cases.cases import Case, CaseEvent, CaseFilter
from surveys.cases import OUTCOMES, EventKind
from surveys.messages import mark
from templates.texts import Texts

A_PAGE: Final = 8
_NAME, _NOTE, _LETTER, _FILES = 40, 300, 700, 3
KINDS: Mapping[CaseFilter, str] = {
    "open": mark("open"),
    "overdue": mark("overdue"),
    "done": mark("resolved"),
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
    "said": mark("the customer wrote: {details}"),
    "replied": mark("{name} replied: {details}"),
    "recovered": mark("was it put right? The customer says: {details}"),
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
    more: Rows = (),
) -> Screen:
    """Return one list of cases, with the way to the other lists; `found` may be one too many.

    `more` are further ways on, above that to the menu.
    """
    choice = tuple(
        Button(f"{texts(word)} · {counts[kind]}", MenuTap("cases", (kind,)).pack())
        for kind, word in KINDS.items()
    )
    lines = [texts("<b>Cases</b>: {which}", which=texts(KINDS[which]))]
    if not found:
        lines.append(texts("There are none."))
    elif which != "done":
        lines.append(texts("What is due first comes first."))
    rows = [_button(_label(texts, one, zone), "case", str(one.id)) for one in found[:A_PAGE]]
    moves = pager(page, "cases", which, more=len(found) > A_PAGE)
    pages: Rows = (moves,) if moves else ()
    return Screen(
        "\n".join(lines), (choice, *rows, *pages, *more, _button(texts("‹ Menu"), "menu"))
    )


def for_admins(texts: Texts) -> Rows:
    """Return what admins do from the lists besides."""
    return (_button(texts("Working days"), "days"),)


def trial(texts: Texts) -> Rows:
    """Return the way to a trial alert."""
    return (_button(texts("Send me a trial alert"), "case_trial"),)


def _label(texts: Texts, one: Case, zone: tzinfo) -> str:
    moment = one.resolved_at or one.due_at
    day = texts.date(moment.astimezone(zone).date())
    return f"{shortened(one.customer, _NAME)} · {day}"


def case(
    texts: Texts, told: str, one: Case, history: Sequence[CaseEvent], now: datetime, *, mine: bool
) -> Screen:
    """Return a case with buttons to act on it, below what is `told` of its low score.

    Moments are shown in the zone of `now`; `mine`: the reader has it.
    """
    zone = now.tzinfo or UTC
    lines = [told, "", f"<b>{casework.state(texts, one)}</b>"]
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
    files = [one.id for one in history if one.file_id is not None][-_FILES:]
    rows = tuple((file_button(texts, one),) for one in reversed(files))
    return Screen("\n".join([head, "", *shown]), (*_actions(texts, one, mine=mine), *rows))


def _event(texts: Texts, event: CaseEvent, zone: tzinfo) -> str:
    details = event.details or ""
    match event.kind:
        case "call_at":
            details = texts.moment(datetime.fromisoformat(details), zone)
        case "resolved":
            details = next(
                (texts(OUTCOME_NAMES[one]) for one in OUTCOMES if one == details), details
            )
        case "recovered":
            details = {"yes": texts("Yes"), "no": texts("No")}.get(details, texts("no answer"))
        case "opened" if not details:
            return f"{texts.moment(event.happened_at, zone)}: {_by_words(texts)}"
        case "answer_changed" if not details:
            details = texts("no answer")
        case "said" | "replied" if event.file_kind is not None:
            kinds = (texts(name) for kind, name in FILE_NAMES.items() if kind == event.file_kind)
            file = next(kinds, "")
            details = " ".join(filter(None, (f"[{file}]", plain(shortened(details, _LETTER)))))
        case "said" | "replied":
            details = plain(shortened(details, _LETTER))
        case _:
            details = plain(shortened(details, _NOTE))
    name = plain(event.by) if event.by else texts("the team lead or the admins")
    said = texts(_EVENTS[event.kind], details=details, name=name)
    return f"{texts.moment(event.happened_at, zone)}: {said}"


def _by_words(texts: Texts) -> str:
    return texts("opened by what the customer wrote")


def plain(text: str) -> str:
    """Return words as they stand in our markup."""
    return literal(text)


def _actions(texts: Texts, one: Case, *, mine: bool) -> Rows:
    number = str(one.id)
    note = _button(texts("Note"), "case_note", number)
    last = (
        _button(texts("The customer's card"), "card", str(one.person_id)),
        _button(texts("‹ Cases"), "cases"),
    )
    if one.state == "resolved":
        return (_button(texts("Open again"), "case_again", number), note, *last)
    label = texts("Take the case") if one.state == "open" else texts("Take it over")
    has_it = mine and one.state == "taken"
    return (
        *(() if has_it else ((Button(label, take_tap(one)),),)),
        (*note, *_button(texts("Call back at…"), "case_call", number)),
        _button(texts("Write to the customer"), "case_write", number),
        _button(texts("Resolved"), "case_end", number),
        *last,
    )


def outcomes(texts: Texts, one: Case) -> Screen:
    """Return the choice of how a case ended."""
    rows = [
        _button(texts(word), "case_done", str(one.id), key) for key, word in OUTCOME_NAMES.items()
    ]
    back = _button(texts("‹ The case"), "case", str(one.id))
    said = texts("How did it end for {name}?", name=plain(one.customer))
    return Screen(said, (*rows, back))


def asked(texts: Texts, one: Case, said: str) -> Screen:
    """Return a request to type something about a case, or say what was wrong with it."""
    return Screen(said, (_button(texts("‹ The case"), "case", str(one.id)),))
