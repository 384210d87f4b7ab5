"""What bringing people in looks like: pure functions to screens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal

from bot.chat.people import reading_screens
from bot.operations.lists import preview as words
from bot.operations.lists.found import ListFound
from bot.operations.lists.headings import FIELDS, ListField
from bot.operations.lists.lacking import PAST_ANSWERS, WHAT_A_NUMBER_IS
from bot.operations.lists.people_file import ListOptions
from bot.operations.lists.words import FIELDS as FIELD_NAMES
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.errors import StorageError
from storage.people.imports import Import, ImportState
from storage.people.people_import import ImportResult
from templates.texts import Texts

READY: tuple[ImportState, ...] = ("ready",)
SHOWN = 5
COLUMNS_A_PAGE = 12
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an admin wants a list read; `turn` counts the readings.

    People who are not on a `complete` list leave. `country` is that of phone numbers without a
    country code; "" means the company's own.
    """

    reading: ListOptions = field(default_factory=ListOptions)
    new_managers: bool = False
    turn: int = 0
    complete: bool = False
    country: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the wishes as `imports` keeps them."""
        return {
            "chosen": dict(self.reading.chosen),
            "role": self.reading.role,
            "identity": self.reading.identity,
            "encoding": self.reading.encoding,
            "skip_lines": self.reading.skip_lines,
            "date_formats": list(self.reading.date_formats),
            "country": self.country,
            "new_managers": self.new_managers,
            "turn": self.turn,
            "complete": self.complete,
        }


def options_of(one: Import) -> Wishes:
    """Return the wishes that an import keeps."""
    kept = one.options
    known = ("chosen", "role", "identity", "encoding", "skip_lines", "date_formats")
    reading = ListOptions(**{name: kept[name] for name in known if name in kept})
    turn, complete = kept.get("turn", 0), kept.get("complete", False)
    country = kept.get("country", "")
    return Wishes(reading, kept.get("new_managers", False), turn, complete, country)


def _tap(place: str, one: Import, *arguments: str) -> str:
    return MenuTap(place, (str(one.id), *arguments)).pack()


def _short(text: str, longest: int = _LONGEST) -> str:
    return escape(text if len(text) <= longest else text[: longest - 1] + "…", quote=False)


def _title(one: Import) -> str:
    return f"<b>{_short(one.file_name, 60)}</b>"


def plain(texts: Texts, one: Import, sentence: str) -> Screen:
    """Return a sentence about a list, with the way back."""
    back = Button(texts("‹ People"), MenuTap("people").pack())
    return Screen(f"{_title(one)}\n\n{escape(sentence, quote=False)}", ((back,),))


def not_fetched(texts: Texts) -> str:
    """Return the sentence about a file that Telegram did not hand over."""
    return texts("The file could not be fetched from Telegram. Please send it again.")


def not_taken(texts: Texts) -> str:
    """Return the sentence about a list that the database refused."""
    return texts("The list could not be taken, and nothing was changed. Please send it again.")


def reading(texts: Texts, one: Import, rows: int) -> Screen:
    """Return how far the reading is."""
    said = texts("Reading the list…")
    if rows:
        said = texts.plural(
            "Reading the list… {n} row so far.", "Reading the list… {n} rows so far.", rows
        )
    return Screen(f"{_title(one)}\n\n{said}")


def stands(texts: Texts, one: Import) -> Screen:
    """Return where an import stands: what it asks, or what it would do."""
    if one.state == "asking":
        found = ListFound.from_json(one.found)
        if not found.headings:
            return reading_screens.encodings(texts, one, found)
        return ask(texts, one, found)
    if one.state == "ready":
        return preview(texts, one, ListFound.from_json(one.found))
    return plain(texts, one, texts("This list is no longer open. Please send it again."))


def preview(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return what taking the list would do."""
    paragraphs = words.preview(texts, found, shown=SHOWN)
    lines = [_title(one), *(escape(paragraph, quote=False) for paragraph in paragraphs)]
    return Screen("\n\n".join(lines), _preview_rows(texts, one, found))


def complete(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return what taking a complete list would do: who would leave."""
    left = found.left + found.missing
    text = texts.plural(
        "If the list is complete, {n} person who is not on it, or is marked so, leaves: their "
        "surveys close and nothing is sent to them. Whoever is on a later list is back.",
        "If the list is complete, {n} people who are not on it, or are marked so, leave: their "
        "surveys close and nothing is sent to them. Whoever is on a later list is back.",
        left,
    )
    label = texts.plural("It is complete: {n} leaves", "It is complete: {n} leave", left)
    yes = Button(label, _tap("list_take", one, "complete"))
    return Screen(f"{_title(one)}\n\n{text}", ((yes,), (_to_preview(texts, one),)))


def _preview_rows(texts: Texts, one: Import, found: ListFound) -> Rows:
    rows: list[tuple[Button, ...]] = []
    taken = found.added + found.changed + found.left
    if taken:
        label = texts.plural("Import {n} person", "Import {n} people", taken)
        if found.refused:
            label = texts.plural("Import the other {n}", "Import the other {n}", taken)
        rows.append((Button(label, _tap("list_take", one)),))
    if found.missing and not found.refused:
        label = texts.plural("{n} is not on it …", "{n} are not on it …", found.missing)
        rows.append((Button(label, _tap("list_complete", one)),))
    if found.strangers:
        label = texts.plural(
            "Add {n} unknown manager too", "Add {n} unknown managers too", len(found.strangers)
        )
        rows.append((Button(label, _tap("list_managers", one)),))
    if "role" not in found.columns:
        are_managers = options_of(one).reading.role == "manager"
        label = texts("These are customers") if are_managers else texts("These are managers")
        role = "customer" if are_managers else "manager"
        rows.append((Button(label, _tap("list_role", one, role)),))
    rows += reading_screens.dates(texts, one, found)
    if found.assumed:
        rows.append((reading_screens.other_country(texts, one),))
    if found.is_guess:
        rows.append((reading_screens.other_encoding(texts, one),))
    columns = Button(texts("Columns"), _tap("list_columns", one, "0"))
    return (*rows, (columns, Button(texts("Cancel"), _tap("list_drop", one))))


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
        (Button(_label(found, place), _tap("list_field", one, str(place), lacking)),)
        for place in range(min(len(found.headings), 40))
        if found.headings[place]
    ]
    if lacking == "external_id":
        rows += _identities(texts, one, found)
    rows += reading_screens.headings_lower(texts, one, found)
    if found.is_guess:
        rows.append((reading_screens.other_encoding(texts, one),))
    cancel = (Button(texts("Cancel"), _tap("list_drop", one)),)
    return Screen(f"{_title(one)}\n\n{text}", (*rows, cancel))


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
        (Button(label, _tap("list_identity", one, name)),)
        for name, label in known
        if name in found.columns
    ]


def _field(name: str) -> ListField:
    return next(known for known in FIELDS if known == name)


def _label(found: ListFound, place: int) -> str:
    heading = found.headings[place]
    samples = [cells[place] for cells in found.samples if place < len(cells) and cells[place]]
    label = f"{heading}: {samples[0]}" if samples else heading
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"


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
                _tap("list_column", one, str(place)),
            ),
        )
        for place in shown
    ]
    text = texts("What the columns are. Tap one to change it; — is left out.")
    return Screen(
        f"{_title(one)}\n\n{text}",
        (
            *rows,
            _pages(one, page, len(places)),
            *reading_screens.headings_lower(texts, one, found),
            (_to_preview(texts, one),),
        ),
    )


def _pages(one: Import, page: int, columns_in_all: int) -> tuple[Button, ...]:
    row = []
    if page > 0:
        row.append(Button("‹", _tap("list_columns", one, str(page - 1))))
    if (page + 1) * COLUMNS_A_PAGE < columns_in_all:
        row.append(Button("›", _tap("list_columns", one, str(page + 1))))
    return tuple(row)


def _to_preview(texts: Texts, one: Import) -> Button:
    return Button(texts("‹ Back to the list"), _tap("list", one))


def column(texts: Texts, one: Import, found: ListFound, place: int) -> Screen:
    """Return what a column may be."""
    samples = [cells[place] for cells in found.samples if place < len(cells) and cells[place]]
    shown = "\n".join(f"• {_short(sample)}" for sample in samples)
    buttons = [
        Button(texts(FIELD_NAMES[name]), _tap("list_field", one, str(place), name))
        for name in FIELDS
    ]
    none = Button(texts("Leave it out"), _tap("list_field", one, str(place), "-"))
    text = texts("What is the column «{heading}»?", heading=_short(found.headings[place]))
    return Screen(f"{text}\n{shown}", (*_in_rows(buttons, 2), (none,), (_to_preview(texts, one),)))


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def not_copied(texts: Texts, error: StorageError) -> str:
    """Say that a list was not taken, because the database could not be copied first."""
    return texts(
        "Nothing was changed: before a list is taken the database is copied, and that failed. "
        "{reason}",
        reason=told(texts, error),
    )


def taken(texts: Texts, one: Import, result: ImportResult, copy: Path | None) -> Screen:
    """Return what became of a confirmed list; `copy` is the database from before it."""
    links = Button(texts("Links for those not in Telegram"), MenuTap("links").pack())
    back = Button(texts("‹ People"), MenuTap("people").pack())
    done = words.done(texts, result)
    if copy is not None:
        kept = texts("The database as it was before is kept on the server: {name}", name=copy.name)
        done = f"{done}\n\n{escape(kept, quote=False)}"
    return Screen(f"{_title(one)}\n\n{done}", ((links,), (back,)))
