"""Which column of a list is what, as an admin sees and changes it: pure functions to screens."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bot.chat.people import reading_screens
from bot.chat.people.list_buttons import cut, tap, titled, to_preview
from bot.operations.lists.found import ListFound
from bot.operations.lists.headings import FIELDS, ListField
from bot.operations.lists.lacking import PAST_ANSWERS, WHAT_A_NUMBER_IS
from bot.operations.lists.words import FIELDS as FIELD_NAMES
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from storage.people.lists.imports import Import
from templates.texts import Texts

COLUMNS_A_PAGE = 12


def ask(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return the question which column holds a field that every list must fill."""
    lacking = found.lacks[0]
    name = texts(FIELD_NAMES[_field(lacking)])
    text = texts("Which column holds this: {field}?", field=name)
    if lacking == "external_id":
        text = "\n\n".join(_about_numbers(texts, found, text))
    if found.is_past:
        text = f"{texts(PAST_ANSWERS)}\n\n{text}"
    rows: list[tuple[Button, ...]] = [
        (Button(_label(found, place), tap("list_field", one, str(place), lacking)),)
        for place in range(min(len(found.headings), 40))
        if found.headings[place]
    ]
    if lacking == "external_id":
        rows += _identities(texts, one, found)
    rows += reading_screens.headings_lower(texts, one, found)
    if found.is_guess:
        rows.append((reading_screens.other_encoding(texts, one),))
    cancel = (Button(texts("Cancel"), tap("list_drop", one)),)
    return Screen(titled(one, text), (*rows, cancel))


def _about_numbers(texts: Texts, found: ListFound, question: str) -> Iterator[str]:
    yield question
    yield texts(WHAT_A_NUMBER_IS)
    if not {"phone", "email"} & found.columns.keys():
        yield texts(
            "If there is none, add a column headed id with a number that stays with the person "
            "(1, 2, 3 …), and send the list again."
        )


def _identities(texts: Texts, one: Import, found: ListFound) -> list[tuple[Button, ...]]:
    """Return the ways to recognise people where the list has no number of theirs."""
    known: tuple[tuple[Literal["phone", "email"], str], ...] = (
        ("phone", texts("There is none: recognise people by phone")),
        ("email", texts("There is none: recognise people by e-mail")),
    )
    return [
        (Button(label, tap("list_identity", one, name)),)
        for name, label in known
        if name in found.columns
    ]


def _field(name: str) -> ListField:
    return next(known for known in FIELDS if known == name)


def _label(found: ListFound, place: int) -> str:
    heading = found.headings[place]
    samples = [cells[place] for cells in found.samples if place < len(cells) and cells[place]]
    label = f"{heading}: {samples[0]}" if samples else heading
    return cut(label)


def columns(texts: Texts, one: Import, found: ListFound, page: int) -> Screen:
    """Return what each column fills, to be changed by a tap."""
    filled = {
        place: texts(FIELD_NAMES[_field(name)])
        for name, places in found.columns.items()
        for place in places
    }
    places = [place for place, heading in enumerate(found.headings) if heading]
    shown = places[page * COLUMNS_A_PAGE : (page + 1) * COLUMNS_A_PAGE]
    rows = [
        (
            Button(
                f"{found.headings[place][:24]} → {filled.get(place, '—')}",
                tap("list_column", one, str(place)),
            ),
        )
        for place in shown
    ]
    text = texts("What the columns are. Tap one to change it; — is left out.")
    return Screen(
        titled(one, text),
        (
            *rows,
            _pages(one, page, len(places)),
            *reading_screens.headings_lower(texts, one, found),
            (to_preview(texts, one),),
        ),
    )


def _pages(one: Import, page: int, columns_in_all: int) -> tuple[Button, ...]:
    row = []
    if page > 0:
        row.append(Button("‹", tap("list_columns", one, str(page - 1))))
    if (page + 1) * COLUMNS_A_PAGE < columns_in_all:
        row.append(Button("›", tap("list_columns", one, str(page + 1))))
    return tuple(row)


def column(texts: Texts, one: Import, found: ListFound, place: int) -> Screen:
    """Return what a column may be."""
    samples = [cells[place] for cells in found.samples if place < len(cells) and cells[place]]
    shown = "\n".join(f"• {literal(cut(sample))}" for sample in samples)
    buttons = [
        Button(texts(FIELD_NAMES[name]), tap("list_field", one, str(place), name))
        for name in FIELDS
    ]
    none = Button(texts("Leave it out"), tap("list_field", one, str(place), "-"))
    heading = literal(cut(found.headings[place]))
    text = texts("What is the column «{heading}»?", heading=heading)
    return Screen(f"{text}\n{shown}", (*_in_rows(buttons, 2), (none,), (to_preview(texts, one),)))


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
